"""Endpoints are made, changed, tried; deliveries are put down, sent again, counted."""

import base64
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import uuid4

from django.db import transaction

from gloed.base import audit, jobs
from gloed.base.models import ApiKey, Organisation, Staff
from gloed.base.outward import BadAddress, read_address
from gloed.base.outward.addresses import check_addresses
from gloed.base.outward.client import configured
from gloed.base.sealing import seal, unseal
from gloed.integrations.webhooks import dialects
from gloed.integrations.webhooks.models import Delivery, Endpoint
from gloed.integrations.webhooks.rules import News, Told, Wish

DELIVER = "webhooks.deliver"
OVERLAP = timedelta(days=1)
MOST = 50
"""Endpoints of one organisation; more is a loop or a mistake."""


class CannotCall(Exception):
    """An address that is not called; `reason` is one of `base.outward.Refusal`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooMany(Exception):
    """The organisation has as many endpoints as it may."""


@transaction.atomic
def make_endpoint(
    organisation: Organisation,
    url: str,
    *,
    name: str = "",
    wish: Wish | None = None,
    shape: str = Endpoint.Shape.FULL,
    with_person: bool = False,
    dialect: str = dialects.STANDARD,
    reference: str = "",
    by: Staff | None = None,
    key: ApiKey | None = None,
    now: datetime,
) -> Endpoint:
    """Tell news to this address from now on. Raises CannotCall and TooMany."""
    check_url(url)
    living = Endpoint.objects.filter(organisation=organisation, deleted_at=None)
    if living.count() >= MOST:
        raise TooMany
    wish = wish or Wish()
    endpoint = Endpoint.objects.create(
        organisation=organisation,
        url=seal(url),
        host=urlsplit(url).hostname or "",
        name=name,
        news=sorted(wish.news),
        bands=sorted(wish.bands),
        surveys=sorted(wish.surveys),
        shape=shape,
        with_person=with_person,
        dialect=dialect,
        reference=reference,
        secret=seal(new_secret()),
        made_by_key=key,
        created_at=now,
    )
    audit.record(by, "webhook.made", endpoint, organisation=organisation, at=now)
    return endpoint


def check_url(url: str) -> None:
    """Raise CannotCall for an address that we would not call as it stands.

    A name is looked up at each call; numbers are judged here too, for an answer at once.
    """
    allowed = configured()
    try:
        destination = read_address(url, allowed)
        with suppress(ValueError):
            check_addresses(destination, [ip_address(destination.host)], allowed)
    except BadAddress as refusal:
        raise CannotCall(refusal.reason.value) from None


@transaction.atomic
def rotate_secret(endpoint: Endpoint, *, by: Staff | None, now: datetime) -> str:
    """A new secret; the old one signs too for a day, so that nothing is lost meanwhile."""
    secret = new_secret()
    endpoint.old_secret, endpoint.old_until = endpoint.secret, now + OVERLAP
    endpoint.secret = seal(secret)
    endpoint.save(update_fields=["secret", "old_secret", "old_until"])
    audit.record(by, "webhook.rotated", endpoint, organisation=endpoint.organisation, at=now)
    return secret


@transaction.atomic
def switch(endpoint: Endpoint, *, is_active: bool, by: Staff | None, now: datetime) -> None:
    """Stop telling, or begin again; what waits goes out when it is on again."""
    endpoint.is_active, endpoint.ended_because = is_active, ""
    endpoint.save(update_fields=["is_active", "ended_because"])
    action = "webhook.on" if is_active else "webhook.off"
    audit.record(by, action, endpoint, organisation=endpoint.organisation, at=now)
    if is_active:
        _soon(endpoint, now)


@transaction.atomic
def remove_endpoint(endpoint: Endpoint, *, by: Staff | None, now: datetime) -> None:
    """Take an endpoint away; it can come back."""
    if Endpoint.objects.filter(pk=endpoint.pk, deleted_at=None).update(deleted_at=now):
        audit.record(by, "webhook.removed", endpoint, organisation=endpoint.organisation, at=now)


@transaction.atomic
def restore_endpoint(endpoint: Endpoint, *, by: Staff | None, now: datetime) -> None:
    """Bring a removed endpoint back."""
    if Endpoint.objects.filter(pk=endpoint.pk, deleted_at__isnull=False).update(deleted_at=None):
        audit.record(by, "webhook.restored", endpoint, organisation=endpoint.organisation, at=now)


def put_down(endpoints: Iterable[Endpoint], told: Told, message_id: str, *, now: datetime) -> int:
    """Write news down for these endpoints; the same message again changes nothing."""
    made = 0
    for endpoint in endpoints:
        body = dialects.write(endpoint, told, message_id)
        if body is None:
            continue
        _delivery, is_new = Delivery.objects.get_or_create(
            endpoint=endpoint,
            message_id=message_id,
            defaults={"news": told.news, "body": body, "next_at": now, "created_at": now},
        )
        if is_new:
            made += 1
            _soon(endpoint, now)
    return made


def send_test(endpoint: Endpoint, told: Told, *, now: datetime) -> Delivery:
    """Put an invented piece of news down for one endpoint, whatever it wants to hear."""
    message_id = f"msg_test_{uuid4().hex}"
    put_down([endpoint], told, message_id, now=now)
    return Delivery.objects.get(endpoint=endpoint, message_id=message_id)


def replay(delivery: Delivery, *, now: datetime) -> None:
    """Send the same message once more, with its old id: receivers know it again."""
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.WAITING, attempts=0, next_at=now
    )
    _soon(delivery.endpoint, now)


def new_secret() -> str:
    """A secret as the standard has it: 32 random bytes."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def secrets_of(endpoint: Endpoint, *, now: datetime) -> list[str]:
    """The secrets that sign now, the newest first."""
    found = [unseal(endpoint.secret)]
    if endpoint.old_secret and endpoint.old_until and now < endpoint.old_until:
        found.append(unseal(endpoint.old_secret))
    return found


def wish_of(endpoint: Endpoint) -> Wish:
    """What an endpoint wants to hear of."""
    return Wish(frozenset(endpoint.news), frozenset(endpoint.bands), frozenset(endpoint.surveys))


def every_news() -> list[str]:
    """What can be told, as text."""
    return [news.value for news in News]


def _soon(endpoint: Endpoint, now: datetime) -> None:
    jobs.enqueue(
        DELIVER,
        {"endpoint": endpoint.pk},
        now=now,
        organisation=endpoint.organisation_id,
        key=f"{DELIVER}:{endpoint.pk}",
    )
