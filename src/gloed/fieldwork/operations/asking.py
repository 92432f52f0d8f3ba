"""Asking one person: decided while nobody else may decide about them, and written down."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, Value, When

from gloed.base.turns import a_turn
from gloed.fieldwork import candidates, channels
from gloed.fieldwork.candidates import Candidate
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.rules import Ask, Kind, Policy, Skip, reason_to_skip
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
) -> Asked:
    """Ask one person because something happened, or write down why not.

    However many ask at the same instant, one invitation is open at most. `event` names what
    happened: the same event again gives the same line back. `open_for` is how long it can be
    answered once due, by default as the policy has it.
    """
    try:
        with a_turn(), transaction.atomic():
            return _ask(survey, person, channel, now, delay, open_for, attributes or {}, event)
    except IntegrityError:
        if not event:
            raise
        return _line_of(Invitation.objects.get(survey=survey, event=event))


def _ask(
    survey: Survey,
    person: Person,
    channel: str,
    now: datetime,
    delay: timedelta,
    open_for: timedelta | None,
    attributes: Mapping[str, Any],
    event: str,
) -> Asked:
    locked = candidates.lock([person.pk])
    if event and (line := Invitation.objects.filter(survey=survey, event=event).first()):
        return _line_of(line)
    policy = candidates.policy_of(survey.organisation_id)
    due_at = now + delay
    skip = _reason(survey, locked, policy, channel, due_at=due_at, now=now)
    if skip is None and not is_drawn(
        f"survey {survey.pk}",
        event or f"{person.pk} {now.date()}",
        percent=policy.sampling_share,
    ):
        skip = Skip.NOT_SAMPLED
    line = Invitation(
        organisation_id=survey.organisation_id,
        survey=survey,
        person_id=person.pk if locked else None,
        channel=channel,
        event=event or None,
        domain=locked[0].domain if locked else "",
        attributes=dict(attributes),
        created_at=now,
        due_at=due_at,
    )
    decide(line, skip, expires_at=due_at + (open_for or timedelta(days=policy.open_days)))
    line.save(force_insert=True)
    return _line_of(line)


def _line_of(line: Invitation) -> Asked:
    return Asked(line.pk, line.token, Skip(line.skip) if line.skip else None)


def _reason(
    survey: Survey,
    locked: list[Candidate],
    policy: Policy,
    channel: str,
    *,
    due_at: datetime,
    now: datetime,
) -> Skip | None:
    if survey.state != Survey.State.OPEN:
        return Skip.SURVEY_CLOSED
    if not locked:
        return Skip.ERASED
    close_overdue([locked[0].id], now=now)
    known = candidates.histories(survey.organisation_id, locked, policy=policy, now=now)
    ask = Ask(survey.pk, Kind(survey.kind), channels.find(channel).contact, due_at)
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


def note_answer(invitation_id: int, *, is_complete: bool, now: datetime) -> None:
    """Write down that an invitation was answered; what is complete never becomes partial again."""
    disposition = Invitation.Disposition
    partial = Q(pk=invitation_id) & ~Q(disposition=disposition.COMPLETE)
    Invitation.objects.filter(partial).update(
        disposition=disposition.COMPLETE if is_complete else disposition.PARTIAL,
        answered_at=now,
        is_open=False,
    )


def forget_person(person: Person) -> None:
    """Take the person and their attributes out of every invitation; the ask itself still counts.

    What was not sent yet is never sent.
    """
    own = Invitation.objects.filter(person=person)
    own.filter(is_open=True, sent_at=None).update(
        disposition=Disposition.WITHDRAWN, skip=Skip.ERASED
    )
    own.update(
        person=None,
        attributes={},
        domain="",
        event=None,
        is_open=False,
        leased_until=None,
    )
