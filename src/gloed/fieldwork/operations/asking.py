"""Asking one person: decided while nobody else may decide about them, and written down."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, F, TextField, Value, When
from django.db.models.functions import Cast, Concat

from gloed.base import bulk
from gloed.base.prepared import prepared_cursor
from gloed.fieldwork import candidates, channels
from gloed.fieldwork.candidates import Candidate
from gloed.fieldwork.models import Invitation, ReceivedEvent
from gloed.fieldwork.rules import (
    NO_WORDS,
    Ask,
    Kind,
    OwnWords,
    Policy,
    Skip,
    exemption_for,
    policy_for,
    reason_to_skip,
    stored_words,
)
from gloed.fieldwork.rules.drawing import is_drawn
from gloed.fieldwork.rules.policy import Disposition, before
from gloed.people.models import Person
from gloed.surveys.models import Survey


@dataclass(frozen=True, slots=True)
class Asked:
    """The line of the ledger that an event led to; `skip` says why nobody was asked."""

    invitation_id: int
    token: str
    skip: Skip | None


def invite(
    survey: Survey,
    person: Person | None,
    *,
    channel: str,
    attributes: Mapping[str, Any] | None = None,
    expires_at: datetime | None = None,
    now: datetime,
) -> Invitation:
    """One personal link, made by hand whatever the policy says; it counts as an ask from now on."""
    return Invitation.objects.create(
        organisation_id=survey.organisation_id,
        survey=survey,
        person=person,
        channel=channel,
        attributes=dict(attributes or {}),
        expires_at=expires_at,
        created_at=now,
    )


@dataclass(frozen=True, slots=True)
class Cause:
    """Which trigger asks, from when on it is too late, and what it decided already."""

    trigger: int | None = None
    share: int = 100  # percent of what happens that leads to an ask
    send_before: datetime | None = None
    skip: Skip | None = None


def ask_one(
    survey: Survey,
    person: Person,
    *,
    channel: str,
    now: datetime,
    delay: timedelta = timedelta(),
    open_for: timedelta | None = None,
    attributes: Mapping[str, Any] | None = None,
    event: str = "",
    own_words: OwnWords = NO_WORDS,
) -> Asked:
    """Ask one person because something happened, or write down why not.

    However many ask at the same instant, one invitation is open at most. `event` names what
    happened: the same event again gives the same line back. `open_for` is how long it can be
    answered once due, by default as the policy has it. `own_words` are said to them alone.
    """
    due = now + delay
    asking = _Asking(survey, channel, due, open_for, attributes or {}, event, Cause(), own_words)
    try:
        with transaction.atomic():
            return _line_of(write_line(asking, candidates.lock([person.pk]), now=now))
    except IntegrityError:
        if not event:
            raise
        return _line_of(Invitation.objects.get(survey=survey, event=event))


@dataclass(frozen=True, slots=True)
class _Asking:
    """One ask that is wanted; `due_at` is when, `open_for` how long it can be answered then."""

    survey: Survey
    channel: str
    due_at: datetime
    open_for: timedelta | None
    attributes: Mapping[str, Any]
    event: str
    cause: Cause
    own_words: OwnWords = NO_WORDS


def ask_because(
    survey: Survey,
    locked: list[Candidate],
    *,
    channel: str,
    due_at: datetime,
    attributes: Mapping[str, Any],
    event: str,
    cause: Cause,
    now: datetime,
) -> Invitation:
    """The same for a trigger, within its transaction and with its person locked already."""
    asking = _Asking(survey, channel, due_at, None, attributes, event, cause)
    return write_line(asking, locked, now=now)


def write_line(asking: _Asking, locked: list[Candidate], *, now: datetime) -> Invitation:
    """One line of the ledger about a person that is locked (none: nobody is known)."""
    survey, event, cause = asking.survey, asking.event, asking.cause
    if event and (line := Invitation.objects.filter(survey=survey, event=event).first()):
        return line
    policy = candidates.policy_of(survey.organisation_id)
    skip = cause.skip or _reason(asking, locked, policy, now=now)
    if skip is None and not _is_sampled(asking, locked[0], policy, now=now):
        skip = Skip.NOT_SAMPLED
    line = Invitation(
        organisation_id=survey.organisation_id,
        survey=survey,
        person_id=locked[0].id if locked else None,
        trigger_id=cause.trigger,
        channel=asking.channel,
        event=event or None,
        domain=locked[0].domain if locked else "",
        attributes=dict(asking.attributes),
        own_words=stored_words(asking.own_words),
        created_at=now,
        due_at=asking.due_at,
        send_before=cause.send_before,
    )
    open_for = asking.open_for or timedelta(days=policy.open_days)
    decide(line, skip, expires_at=asking.due_at + open_for)
    line.save(force_insert=True)
    return line


def _is_sampled(asking: _Asking, one: Candidate, policy: Policy, *, now: datetime) -> bool:
    survey, cause = asking.survey, asking.cause
    identity = asking.event or f"{one.id} {now.date()}"
    own = policy_for(policy, exemption_for(policy, one.traits, survey=survey.pk))
    return is_drawn(f"survey {survey.pk}", identity, percent=own.sampling_share) and is_drawn(
        f"trigger {cause.trigger}", identity, percent=cause.share
    )


def _line_of(line: Invitation) -> Asked:
    return Asked(line.pk, line.token, Skip(line.skip) if line.skip else None)


def _reason(
    asking: _Asking, locked: list[Candidate], policy: Policy, *, now: datetime
) -> Skip | None:
    survey = asking.survey
    if survey.state != Survey.State.OPEN or survey.deleted_at is not None:
        return Skip.SURVEY_CLOSED
    if not locked:
        return Skip.ERASED
    close_overdue([locked[0].id], now=now)
    known = candidates.histories(survey.organisation_id, locked, policy=policy, now=now)
    contact = channels.find(asking.channel).contact
    ask = Ask(survey.pk, Kind(survey.kind), contact, asking.due_at, asking.channel)
    return reason_to_skip(policy, known[locked[0].id], ask)


def decide(line: Invitation, skip: Skip | None, *, expires_at: datetime) -> None:
    """Make a new line an open invitation, or one that says why there is none.

    What we do not send ourselves counts as sent at once.
    """
    if skip is not None:
        line.disposition, line.skip, line.due_at = Disposition.SKIPPED, skip, None
        return
    line.is_open, line.expires_at = True, expires_at
    if not channels.find(line.channel).is_sent_by_us:
        line.disposition, line.sent_at = Disposition.SENT, line.created_at


def close_overdue(people: Collection[int] | None = None, *, now: datetime) -> int:
    """End the open invitations whose time is over; of these people, or of everybody."""
    over = Invitation.objects.filter(is_open=True, expires_at__lte=now)
    if people is not None:
        over = over.filter(person_id__in=people)
    return over.update(
        is_open=False,
        leased_until=None,
        disposition=Case(
            When(disposition__in=before(Disposition.PARTIAL), then=Value(Disposition.EXPIRED)),
            default=F("disposition"),
        ),
    )


# plain SQL for the same reason as `queries.find_invitation`
_ANSWERED = """
    UPDATE fieldwork_invitation SET disposition = %s, answered_at = %s, is_open = %s
     WHERE id = %s AND disposition <> %s
"""


def note_answer(invitation_id: int, *, is_complete: bool, now: datetime) -> None:
    """Write down that an invitation was answered; what is complete never becomes partial again."""
    complete = Disposition.COMPLETE.value
    becomes = complete if is_complete else Disposition.PARTIAL.value
    with prepared_cursor() as cursor:
        cursor.execute(_ANSWERED, [becomes, bulk.moment(now), False, invitation_id, complete])


def forget_person(person: Person) -> None:
    """Take the person and what is told of them out of every invitation and event; the asks count.

    What was not sent yet is never sent.
    """
    own = Invitation.objects.filter(person=person)
    own.filter(is_open=True, sent_at=None).update(
        disposition=Disposition.WITHDRAWN, skip=Skip.ERASED
    )
    told = ReceivedEvent.objects.filter(person=person)
    told.update(person=None, properties={}, key=Concat(Value("erased "), Cast("pk", TextField())))
    own.update(
        person=None,
        attributes={},
        own_words=None,
        domain="",
        event=None,
        is_open=False,
        leased_until=None,
    )
