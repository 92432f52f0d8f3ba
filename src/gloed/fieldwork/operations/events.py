"""The one door for events: something happened to somebody, and triggers ask or take back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from gloed.base import bulk, journal
from gloed.base.models import Organisation
from gloed.fieldwork import candidates
from gloed.fieldwork.candidates import Candidate
from gloed.fieldwork.models import Invitation, Reaction, ReceivedEvent, Trigger
from gloed.fieldwork.operations.asking import Cause, ask_because
from gloed.fieldwork.rules import (
    Delay,
    Policy,
    Skip,
    due_moment,
    first_that_fails,
    kind_of,
    latest_moment,
    plain_conditions,
    read_conditions,
)
from gloed.fieldwork.rules.policy import Disposition, before
from gloed.people.operations import ERASED, match_people
from gloed.people.rules import PersonData

RACES = 10
LONGEST_KEY = 120
MOST_BYTES = 20_000  # of properties as JSON
AHEAD = timedelta(days=1)  # clocks differ; what is further ahead has not happened


class EventRefused(Exception):
    """An event that cannot be taken in.

    `reason` is no_kind, no_key, no_time_zone, in_the_future or not_plain (properties are too
    large, or hold what JSON does not know).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Reacted:
    """What one trigger made of an event; `due_at` while its ask waits or after it went out."""

    trigger: UUID | None
    trigger_name: str
    became: str
    skip: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class EventReceipt:
    """An event is on disk. `is_new` is False for one that was told before."""

    event_id: UUID
    is_new: bool
    reactions: tuple[Reacted, ...]


def receive_event(
    organisation: Organisation,
    *,
    kind: str,
    person: PersonData,
    key: str,
    occurred_at: datetime,
    properties: Mapping[str, Any] | None = None,
    source: str = "",
    now: datetime,
) -> EventReceipt:
    """Take in that something happened to a person, and let every trigger have its say.

    The person is found or made and brought up to date. The same key again changes nothing and
    gives the same receipt. Raises EventRefused before anything is written.
    """
    told = ReceivedEvent(
        organisation=organisation,
        kind=kind_of(kind),
        key=_key(key),
        properties=_plain(properties or {}),
        source=source[:32],
        occurred_at=occurred_at,
        received_at=now,
    )
    _check(told, now=now)
    for attempt in range(RACES):
        try:
            with transaction.atomic():
                return _receive(told, person, now=now)
        except IntegrityError:  # somebody else told it, or made the person, this very moment
            told.pk = None
            if attempt == RACES - 1:
                raise
    raise AssertionError("a race is lost or won")


def _key(key: str) -> str:
    text = bulk.clean(key.strip())
    digest = sha256(text.encode()).hexdigest
    return text if len(text) <= LONGEST_KEY else f"sha256:{digest()}"


def _plain(properties: Mapping[str, Any]) -> dict[str, Any]:
    given = {str(name)[:120]: value for name, value in properties.items()}
    try:
        json.dumps(given, ensure_ascii=False, default=str).encode()  # no halves of characters
        text = bulk.as_json(given)
    except (TypeError, ValueError, RecursionError):
        raise EventRefused("not_plain") from None
    if len(text) > MOST_BYTES:
        raise EventRefused("not_plain")
    plain: dict[str, Any] = bulk.from_json(text)
    return plain


def _check(told: ReceivedEvent, *, now: datetime) -> None:
    if not told.kind:
        raise EventRefused("no_kind")
    if not told.key:
        raise EventRefused("no_key")
    if told.occurred_at.tzinfo is None:
        raise EventRefused("no_time_zone")
    if told.occurred_at > now + AHEAD:
        raise EventRefused("in_the_future")


def _receive(told: ReceivedEvent, person: PersonData, *, now: datetime) -> EventReceipt:
    known = ReceivedEvent.objects.filter(organisation=told.organisation, key=told.key).first()
    if known is not None:
        return EventReceipt(known.public_id, False, _reactions_of(known))
    (found,) = match_people(told.organisation_id, [person], batch=None, now=now)
    told.person_id = None if found == ERASED else found
    told.save(force_insert=True)
    locked = candidates.lock([told.person_id]) if told.person_id else []
    policy = candidates.policy_of(told.organisation_id)
    triggers = Trigger.objects.filter(organisation=told.organisation)
    triggers = triggers.select_related("survey", "organisation").order_by("pk")
    reactions = []
    for trigger in triggers:
        if told.kind in trigger.cancelled_by and locked:
            reactions += _take_back(trigger, told, now=now)
        elif told.kind == trigger.kind and trigger.is_on:
            nobody = Skip.ERASED if found == ERASED else Skip.NO_ADDRESS
            reactions.append(_react(trigger, told, locked, policy, nobody=nobody, now=now))
    Reaction.objects.bulk_create(reactions)
    journal.append(
        "event.received",
        organisation=told.organisation_id,
        subject=told.public_id,
        at=now,
        payload={"kind": told.kind},
    )
    return EventReceipt(told.public_id, True, _as_reacted(reactions))


def _react(
    trigger: Trigger,
    told: ReceivedEvent,
    locked: list[Candidate],
    policy: Policy,
    *,
    nobody: Skip,
    now: datetime,
) -> Reaction:
    """What a trigger makes of an event that it listens to."""
    traits = locked[0].traits if locked else {}
    conditions = read_conditions(trigger.conditions)
    failed = first_that_fails(conditions, person=traits, event=told.properties)
    if failed is not None:
        (plain,) = plain_conditions([failed])
        unfit = Reaction.Became.UNFIT
        return Reaction(event=told, trigger=trigger, became=unfit, failed=plain)
    delay = delay_of(trigger)
    zone = (locked[0].zone if locked else "") or trigger.organisation.time_zone
    due_at = due_moment(
        delay, occurred_at=told.occurred_at, now=now, zone=zone, country=policy.country
    )
    latest = latest_moment(delay, occurred_at=told.occurred_at)
    skip = None
    if not locked:
        skip = nobody
    elif latest is not None and due_at >= latest:
        skip = Skip.TOO_OLD
    elif _was_cancelled(trigger, told):
        skip = Skip.WITHDRAWN
    line = ask_because(
        trigger.survey,
        locked,
        channel=trigger.channel,
        due_at=due_at,
        attributes=simple_properties(told.properties),
        event=f"{told.public_id.hex} {trigger.pk}",
        cause=Cause(trigger.pk, trigger.sampling_share, latest, skip),
        now=now,
    )
    became = Reaction.Became.SKIPPED if line.skip else Reaction.Became.ASKED
    return Reaction(event=told, trigger=trigger, became=became, skip=line.skip, invitation=line)


def delay_of(trigger: Trigger) -> Delay:
    """The delay of a trigger as the rules know it."""
    hours = trigger.in_working_hours
    within = trigger.within_minutes
    return Delay(
        after=timedelta(minutes=trigger.delay_minutes),
        within=None if within is None else timedelta(minutes=within),
        opens=trigger.opens if hours else None,
        closes=trigger.closes if hours else None,
    )


def simple_properties(properties: Mapping[str, Any]) -> dict[str, Any]:
    """What of an event goes along with the answer: text, numbers, yes and no."""
    return {
        name: value
        for name, value in properties.items()
        if isinstance(value, str | int | float | bool)
    }


def _take_back(trigger: Trigger, told: ReceivedEvent, *, now: datetime) -> list[Reaction]:
    """Take back what this trigger asked of the person because of an earlier event."""
    taken = []
    asked = Reaction.objects.filter(
        trigger=trigger,
        became=Reaction.Became.ASKED,
        event__person=told.person_id or 0,
        event__occurred_at__lte=told.occurred_at,
        invitation__is_open=True,
    )
    for earlier in asked.select_related("event", "invitation"):
        line = earlier.invitation
        if line is None or not _is_same(trigger, earlier.event.properties, told.properties):
            continue
        take_back(line, now=now)
        withdrew = Reaction.Became.WITHDREW
        taken.append(Reaction(event=told, trigger=trigger, became=withdrew, invitation=line))
    return taken[:1]


def take_back(line: Invitation, *, now: datetime) -> None:
    """Withdraw one open ask, whose person is locked: what was sent already takes no answer more.

    What a channel holds right now keeps its lease, so that it still tells whether it went out.
    """
    waiting = Q(sent_at=None, handed_at=None)
    own = Invitation.objects.filter(pk=line.pk, is_open=True)
    own = own.filter(disposition__in=before(Disposition.PARTIAL))
    news = {"is_open": False, "disposition": Disposition.WITHDRAWN, "skip": Skip.WITHDRAWN}
    if not own.filter(waiting).update(**news, leased_until=None):
        own.update(**news, expires_at=now)


def _is_same(trigger: Trigger, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two events are about the same thing: the property that tells it is equal."""
    name = trigger.match_on
    return not name or (one.get(name) is not None and str(one[name]) == str(other.get(name)))


def _was_cancelled(trigger: Trigger, told: ReceivedEvent) -> bool:
    """Whether what takes it back came in before the event itself did."""
    if not trigger.cancelled_by:
        return False
    later = ReceivedEvent.objects.filter(
        organisation_id=told.organisation_id,
        person=told.person_id or 0,
        kind__in=trigger.cancelled_by,
        occurred_at__gte=told.occurred_at,
    )
    return any(_is_same(trigger, told.properties, one.properties) for one in later[:100])


def _reactions_of(event: ReceivedEvent) -> tuple[Reacted, ...]:
    return _as_reacted(list(event.reactions.select_related("trigger", "invitation").order_by("pk")))


def _as_reacted(reactions: Sequence[Reaction]) -> tuple[Reacted, ...]:
    return tuple(
        Reacted(
            trigger=one.trigger.public_id if one.trigger else None,
            trigger_name=one.trigger.name if one.trigger else "",
            became=one.became,
            skip=one.skip,
            due_at=one.invitation.due_at if one.invitation else None,
        )
        for one in reactions
    )
