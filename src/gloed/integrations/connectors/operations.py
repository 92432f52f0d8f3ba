"""Connections are made, changed, tried; news is put down for them."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from gloed.base import audit, jobs
from gloed.base.models import Organisation, Staff
from gloed.base.sealing import CannotOpen, seal, unseal
from gloed.integrations.connectors import shape
from gloed.integrations.connectors.models import (
    Arrival,
    Connection,
    Counterpart,
    Dispatch,
    new_nonce,
)
from gloed.integrations.webhooks.rules import Told, Wish

DELIVER = "connectors.deliver"
LOOK_UP = "connectors.look_up"
TEST = "test"
BEFORE = "mapping_before"
MOST = 40
"""Connections of one organisation."""


class TooMany(Exception):
    """The organisation has as many connections as it may."""


@transaction.atomic
def connect(
    organisation: Organisation,
    kind: str,
    given: Mapping[str, str],
    *,
    name: str,
    wish: Wish,
    with_words: bool = True,
    with_person: bool = False,
    by: Staff | None,
    now: datetime,
) -> Connection:
    """Connect another system from now on. Raises `shape.Unusable` and TooMany."""
    connector = shape.find(kind)
    hint = connector.check(given)
    living = Connection.objects.filter(organisation=organisation, deleted_at=None)
    if living.count() >= MOST:
        raise TooMany
    plain, secret = _parted(connector, given)
    connection = Connection.objects.create(
        organisation=organisation,
        kind=kind,
        name=name,
        hint=hint[:253],
        settings=plain,
        secrets=seal(json.dumps(secret)),
        news=sorted(wish.news),
        bands=sorted(wish.bands),
        surveys=sorted(wish.surveys),
        with_words=with_words,
        with_person=with_person,
        created_at=now,
    )
    audit.record(by, "connection.made", connection, organisation=organisation, at=now)
    return connection


@transaction.atomic
def change(
    connection: Connection,
    given: Mapping[str, str],
    *,
    name: str,
    wish: Wish,
    with_words: bool,
    with_person: bool,
    by: Staff,
    now: datetime,
) -> None:
    """Change what was typed; a secret left empty stays as it is. Raises `shape.Unusable`."""
    connector = shape.find(connection.kind)
    kept = _opened(connection)
    full = {**kept, **{key: value for key, value in given.items() if value or key not in kept}}
    connection.hint = connector.check(full)[:253]
    plain, secret = _parted(connector, full)
    connection.settings = {**connection.settings, **plain}
    connection.secrets = seal(json.dumps(secret))
    connection.name = name
    connection.news, connection.bands = sorted(wish.news), sorted(wish.bands)
    connection.surveys = sorted(wish.surveys)
    connection.with_words, connection.with_person = with_words, with_person
    connection.save()
    audit.record(by, "connection.changed", connection, organisation=connection.organisation, at=now)


@transaction.atomic
def keep_mapping(
    connection: Connection, mapping: Mapping[str, str], *, by: Staff, now: datetime
) -> None:
    """Keep which of their fields is which of ours."""
    connection.settings = {**connection.settings, BEFORE: connection.mapping}
    connection.mapping = dict(mapping)
    connection.save(update_fields=["mapping", "settings"])
    audit.record(by, "connection.mapped", connection, organisation=connection.organisation, at=now)


@transaction.atomic
def undo_mapping(connection: Connection, *, by: Staff, now: datetime) -> bool:
    """Go back to the mapping of before; whether there was one."""
    before = connection.settings.get(BEFORE)
    if before is None:
        return False
    keep_mapping(connection, before, by=by, now=now)
    return True


@transaction.atomic
def switch(connection: Connection, *, is_active: bool, by: Staff | None, now: datetime) -> None:
    """Stop, or begin again; what waits goes out when it is on again."""
    connection.is_active, connection.ended_because = is_active, ""
    connection.save(update_fields=["is_active", "ended_because"])
    action = "connection.on" if is_active else "connection.off"
    audit.record(by, action, connection, organisation=connection.organisation, at=now)
    if is_active:
        soon(connection, now)


@transaction.atomic
def renew_address(connection: Connection, *, by: Staff, now: datetime) -> None:
    """A new address for what comes in; the old one leads nowhere from this moment."""
    connection.nonce = new_nonce()
    connection.save(update_fields=["nonce"])
    audit.record(by, "connection.renewed", connection, organisation=connection.organisation, at=now)


@transaction.atomic
def remove(connection: Connection, *, by: Staff | None, now: datetime) -> None:
    """Take a connection away; it can come back."""
    if Connection.objects.filter(pk=connection.pk, deleted_at=None).update(deleted_at=now):
        audit.record(
            by, "connection.removed", connection, organisation=connection.organisation, at=now
        )


@transaction.atomic
def restore(connection: Connection, *, by: Staff | None, now: datetime) -> None:
    """Bring a removed connection back."""
    gone = Connection.objects.filter(pk=connection.pk, deleted_at__isnull=False)
    if gone.update(deleted_at=None):
        audit.record(
            by, "connection.restored", connection, organisation=connection.organisation, at=now
        )


def put_down(connection: Connection, told: Told, message_id: str, *, now: datetime) -> bool:
    """Write news down for a connection; the same message again changes nothing."""
    _dispatch, is_new = Dispatch.objects.get_or_create(
        connection=connection,
        message_id=message_id,
        defaults={
            "news": told.news,
            "happened_at": told.at,
            "data": dict(told.data),
            "next_at": now,
            "created_at": now,
        },
    )
    if is_new:
        soon(connection, now)
    return is_new


def send_test(connection: Connection, told: Told, *, now: datetime) -> Dispatch:
    """Put an invented piece of news down, whatever the connection wants to hear."""
    message_id = f"msg_test_{uuid4().hex}"
    put_down(connection, told, message_id, now=now)
    return Dispatch.objects.get(connection=connection, message_id=message_id)


def send_again(dispatch: Dispatch, *, now: datetime) -> None:
    """Tell the same once more."""
    Dispatch.objects.filter(pk=dispatch.pk).update(
        state=Dispatch.State.WAITING, attempts=0, next_at=now
    )
    soon(dispatch.connection, now)


def access_of(connection: Connection) -> shape.Access:
    """The connection with its secrets open. Raises `sealing.CannotOpen`."""
    return shape.Access(
        connection_id=connection.pk,
        public_id=connection.public_id,
        organisation=connection.organisation,
        settings=connection.settings,
        secrets=json.loads(unseal(connection.secrets)) if connection.secrets else {},
        mapping=connection.mapping,
        with_words=connection.with_words,
        with_person=connection.with_person,
    )


def wish_of(connection: Connection) -> Wish:
    """What a connection wants to hear of."""
    return Wish(
        frozenset(connection.news), frozenset(connection.bands), frozenset(connection.surveys)
    )


def address_of(connection: Connection) -> str:
    """Where the other side posts to: whoever knows it may."""
    path = reverse("connectors:arrive", args=[connection.public_id, token_of(connection)])
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def token_of(connection: Connection) -> str:
    """The secret end of that address; it cannot be made from the database alone."""
    value = f"{connection.public_id}:{connection.nonce}"
    return salted_hmac("gloed.connectors.arrivals", value, algorithm="sha256").hexdigest()[:40]


def is_token_of(connection: Connection, token: str) -> bool:
    """Whether this is the secret end."""
    return constant_time_compare(token, token_of(connection))


def ask_later(arrival: Arrival, pointed: shape.Pointed, now: datetime) -> None:
    """Have a worker ask the other side to whom something happened."""
    jobs.enqueue(
        LOOK_UP,
        {
            "arrival": arrival.pk,
            "what": dict(pointed.what),
            "at": pointed.occurred_at.isoformat(),
        },
        now=now,
        organisation=arrival.connection.organisation_id,
    )


def keep_places(
    connection: Connection,
    chosen: Mapping[str, str],
    mapping: Mapping[str, str],
    *,
    by: Staff,
    now: datetime,
) -> None:
    """Keep where tickets go there, and which field of a contact holds what."""
    with transaction.atomic():
        connection.settings = {**connection.settings, **chosen}
        keep_mapping(connection, mapping, by=by, now=now)


class Remembered:
    """What stands for ours on the other side of one connection."""

    def __init__(self, connection_id: int, now: datetime) -> None:
        self._rows = Counterpart.objects.filter(connection_id=connection_id)
        self._connection_id, self._now = connection_id, now

    def find(self, ours: str) -> str:
        """Their id for something of ours; empty where there is none."""
        return self._rows.filter(ours=ours).values_list("theirs", flat=True).first() or ""

    def ours_of(self, theirs: str) -> str:
        """The other way round."""
        found = self._rows.filter(theirs=theirs).order_by("pk")
        return found.values_list("ours", flat=True).first() or ""

    def keep(self, ours: str, theirs: str) -> None:
        """Remember their id from now on."""
        with suppress(IntegrityError), transaction.atomic():
            Counterpart.objects.update_or_create(
                connection_id=self._connection_id,
                ours=ours,
                defaults={"theirs": theirs[:160], "made_at": self._now},
            )


def soon(connection: Connection, now: datetime) -> None:
    """Have a worker tell what is due."""
    jobs.enqueue(
        DELIVER,
        {"connection": connection.pk},
        now=now,
        organisation=connection.organisation_id,
        key=f"{DELIVER}:{connection.pk}",
    )


def _opened(connection: Connection) -> dict[str, str]:
    with suppress(CannotOpen):
        access = access_of(connection)
        return {**access.settings, **access.secrets}
    return dict(connection.settings)


def _parted(
    connector: shape.Connector, given: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What is plain, and what is sealed."""
    plain = {one.name: given.get(one.name, "") for one in connector.settings if not one.is_secret}
    secret = {one.name: given.get(one.name, "") for one in connector.settings if one.is_secret}
    return plain, secret


def living(organisations: Iterable[int]) -> list[Connection]:
    """The connections of these organisations that are told news."""
    found = Connection.objects.filter(
        organisation__in=organisations, is_active=True, deleted_at=None
    )
    return list(found.select_related("organisation"))
