"""Handing deliveries over: claimed one by one, signed at the moment they go, judged after."""

import logging
import random
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from standardwebhooks.webhooks import Webhook

from gloed.base import mails
from gloed.base.models import Membership
from gloed.base.outward import Bounds, NotReached, call
from gloed.base.sealing import CannotOpen, unseal
from gloed.integrations.webhooks import dialects
from gloed.integrations.webhooks.models import Delivery, Endpoint
from gloed.integrations.webhooks.operations import secrets_of
from gloed.integrations.webhooks.rules import GONE, judge

logger = logging.getLogger(__name__)
BOUNDS = Bounds(connect=5.0, read=15.0, total=15.0, reply=10_000)
LEASE = timedelta(minutes=1)
IN_A_ROW = 20


def deliver_due(endpoint: Endpoint, *, now: datetime) -> int:
    """Hand over what is due for one endpoint, the oldest first; how many tries there were."""
    tries = 0
    while tries < IN_A_ROW and endpoint.is_active and endpoint.deleted_at is None:
        delivery = _claim(endpoint, now)
        if delivery is None:
            break
        tries += 1
        if not _try(endpoint, delivery, now):
            break
    return tries


def next_due(endpoint: Endpoint) -> datetime | None:
    """When the next try is; None when nothing waits."""
    waiting = endpoint.deliveries.filter(state=Delivery.State.WAITING, next_at__isnull=False)
    return waiting.order_by("next_at").values_list("next_at", flat=True).first()


def _claim(endpoint: Endpoint, now: datetime) -> Delivery | None:
    """Take one, so that no second worker sends it at the same time."""
    due = endpoint.deliveries.filter(state=Delivery.State.WAITING, next_at__lte=now)
    for delivery in due.order_by("next_at", "pk")[:3]:
        mine = Delivery.objects.filter(
            pk=delivery.pk, state=Delivery.State.WAITING, next_at=delivery.next_at
        )
        if mine.update(next_at=now + LEASE, attempts=F("attempts") + 1, tried_at=now):
            delivery.refresh_from_db()
            return delivery
    return None


def _try(endpoint: Endpoint, delivery: Delivery, now: datetime) -> bool:
    """One try; whether the endpoint takes more."""
    status, reply, retry_after = _post(endpoint, delivery, now)
    verdict = judge(
        status,
        attempts=delivery.attempts,
        retry_after=retry_after,
        now=now,
        draw=random.random(),  # noqa: S311 - spreads the load, guards nothing
    )
    state = Delivery.State.WAITING
    if verdict.is_delivered:
        state = Delivery.State.DELIVERED
    elif verdict.next_at is None:
        state = Delivery.State.GIVEN_UP
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, next_at=verdict.next_at, status=status, reply=reply[:500]
    )
    if verdict.ends_endpoint:
        _end(endpoint, status)
    return verdict.is_delivered


def _post(endpoint: Endpoint, delivery: Delivery, now: datetime) -> tuple[int | None, str, str]:
    """Status, what was replied, and when it wants to be asked again."""
    body = delivery.body.encode()
    try:
        headers = {
            "Content-Type": "application/json",
            "webhook-id": delivery.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(
                Webhook(secret).sign(delivery.message_id, now, delivery.body)
                for secret in secrets_of(endpoint, now=now)
            ),
            **dialects.further_headers(endpoint, delivery),
        }
        reply = call("POST", unseal(endpoint.url), headers=headers, body=body, bounds=BOUNDS)
    except NotReached as trouble:
        return None, trouble.trouble.value, ""
    except CannotOpen:
        logger.warning("webhook %s was sealed with another secret key", endpoint.public_id)
        return None, "sealed with another secret key", ""
    told = reply.body[:500].decode("utf-8", "replace").replace("\x00", "")
    return reply.status, told, reply.headers.get("Retry-After", "")


def _end(endpoint: Endpoint, status: int | None) -> None:
    """Switch an endpoint off that is gone or never answered, and tell the owners."""
    reason = "gone" if status == GONE else "silent"
    ended = Endpoint.objects.filter(pk=endpoint.pk, is_active=True)
    if not ended.update(is_active=False, ended_because=reason):
        return
    endpoint.is_active = False
    owners = Membership.objects.filter(
        organisation=endpoint.organisation, role="owner", deactivated_at=None
    ).select_related("staff")
    address = (
        f"{settings.BASE_URL.rstrip('/')}{reverse('webhooks:detail', args=[endpoint.public_id])}"
    )
    context = {"endpoint": str(endpoint), "reason": reason, "address": address}
    for owner in owners:
        staff = owner.staff
        mails.send(
            "webhooks/mail/ended", staff.email, context, language=mails.language_of(staff.email)
        )
