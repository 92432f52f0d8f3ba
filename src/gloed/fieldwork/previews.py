"""What a trigger or the contact policy would do, without doing it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from gloed.fieldwork import candidates, channels
from gloed.fieldwork.candidates import Candidate
from gloed.fieldwork.models import Invitation, ReceivedEvent, Trigger
from gloed.fieldwork.operations.events import delay_of
from gloed.fieldwork.rules import (
    Ask,
    Condition,
    History,
    Kind,
    PastAsk,
    Policy,
    Skip,
    due_moment,
    exemption_for,
    first_possible,
    first_that_fails,
    is_drawn,
    latest_moment,
    policy_for,
    read_conditions,
    reason_to_skip,
)
from gloed.people.models import Person
from gloed.surveys.models import Survey

PAST = timedelta(days=30)
MOST_EVENTS = 5000
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody would be asked: the condition that fails, or the reason, or the moment.

    `possible_at` is the first moment at which nothing would stand against it, None where no such
    moment is known.
    """

    failed: Condition | None = None
    skip: Skip | None = None
    due_at: datetime | None = None
    possible_at: datetime | None = None


def try_trigger(
    trigger: Trigger, person: Person | None, properties: Mapping[str, Any], *, now: datetime
) -> Verdict:
    """What a trigger would make of an event of this very moment; chance is left out."""
    found = candidates.read_these([person.pk]) if person else []
    traits = found[0].traits if found else {}
    failed = first_that_fails(read_conditions(trigger.conditions), person=traits, event=properties)
    if failed is not None:
        return Verdict(failed=failed)
    policy = candidates.policy_of(trigger.organisation_id)
    due_at = _due(trigger, found[0] if found else None, policy, occurred_at=now)
    if not found:
        return Verdict(skip=Skip.NO_ADDRESS)
    latest = latest_moment(delay_of(trigger), occurred_at=now)
    if latest is not None and due_at >= latest:
        return Verdict(skip=Skip.TOO_OLD, due_at=due_at)
    return may_ask(found[0], trigger.survey, trigger.channel, policy, at=due_at, now=now)


def may_ask(
    one: Candidate, survey: Survey, channel: str, policy: Policy, *, at: datetime, now: datetime
) -> Verdict:
    """Whether we may ask somebody a survey at a moment, and from when on if not."""
    if survey.state != Survey.State.OPEN:
        return Verdict(skip=Skip.SURVEY_CLOSED)
    known = candidates.histories(survey.organisation_id, [one], policy=policy, now=now)[one.id]
    contact = channels.find(channel).contact
    ask = Ask(survey.pk, Kind(survey.kind), contact, at, channel)
    skip = reason_to_skip(policy, known, ask)
    possible = first_possible(policy, known, ask)
    return Verdict(skip=skip, due_at=None if skip else at, possible_at=possible)


def _due(
    trigger: Trigger, one: Candidate | None, policy: Policy, *, occurred_at: datetime
) -> datetime:
    return due_moment(
        delay_of(trigger),
        occurred_at=occurred_at,
        now=occurred_at,
        zone=(one.zone if one else "") or trigger.organisation.time_zone,
        country=policy.country,
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """What a trigger would have done: events looked at, how many fit, how many were asked.

    `reasons` tells why the others that fit were not, `a_week` how many asks a week that is.
    `is_cut` when only the newest events were looked at.
    """

    events: int
    fitting: int
    asked: int
    reasons: dict[Skip, int]
    a_week: float
    is_cut: bool


def preview_trigger(trigger: Trigger, *, now: datetime) -> Preview:
    """Play the events of the last 30 days again, with the contact policy and wishes of today.

    What this trigger asked in earnest is looked past; what it would have asked counts instead.
    """
    told = ReceivedEvent.objects.filter(
        organisation_id=trigger.organisation_id,
        kind=trigger.kind,
        occurred_at__gt=now - PAST,
        occurred_at__lte=now,
    )
    events = list(told.order_by("-occurred_at", "-pk")[: MOST_EVENTS + 1])
    is_cut, events = len(events) > MOST_EVENTS, events[:MOST_EVENTS][::-1]
    replay = _Replay(trigger, events, now=now)
    outcomes = [replay.verdict(event) for event in events]
    reasons = Counter(one.skip for one in outcomes if one.skip is not None)
    fitting = sum(one.failed is None for one in outcomes)
    asked = fitting - reasons.total()
    days = max((now - events[0].occurred_at).days, 7) if events else PAST.days
    return Preview(
        events=len(events),
        fitting=fitting,
        asked=asked,
        reasons=dict(reasons.most_common()),
        a_week=asked * 7 / min(days, PAST.days),
        is_cut=is_cut,
    )


class _Replay:
    """The asks that would have gone out, one event after the other."""

    def __init__(self, trigger: Trigger, events: Sequence[ReceivedEvent], *, now: datetime) -> None:
        self.trigger = trigger
        self.conditions = read_conditions(trigger.conditions)
        self.policy = candidates.policy_of(trigger.organisation_id)
        ids = sorted({event.person_id for event in events if event.person_id})
        self.people: dict[int, Candidate] = {}
        self.known: dict[int, History] = {}
        own: list[int] = []
        if trigger.pk:
            lines = Invitation.objects.filter(trigger=trigger, created_at__gt=now - PAST)
            own = list(lines.values_list("pk", flat=True)[:MOST_EVENTS])
        for first in range(0, len(ids), CHUNK):
            chunk = candidates.read_these(ids[first : first + CHUNK])
            self.people |= {one.id: one for one in chunk}
            self.known |= candidates.histories(
                trigger.organisation_id, chunk, policy=self.policy, now=now - PAST, without=own
            )

    def verdict(self, event: ReceivedEvent) -> Verdict:
        one = self.people.get(event.person_id or 0)
        traits = one.traits if one else {}
        failed = first_that_fails(self.conditions, person=traits, event=event.properties)
        if failed is not None:
            return Verdict(failed=failed)
        if one is None:
            return Verdict(skip=Skip.NO_ADDRESS)
        due_at = _due(self.trigger, one, self.policy, occurred_at=event.occurred_at)
        latest = latest_moment(delay_of(self.trigger), occurred_at=event.occurred_at)
        skip = Skip.TOO_OLD if latest is not None and due_at >= latest else None
        skip = skip or self._reason(one, due_at, event)
        if skip is None:
            past = PastAsk(due_at, Kind(self.trigger.survey.kind), self.trigger.survey_id)
            history = self.known[one.id]
            self.known[one.id] = replace(history, asks=(*history.asks, past))
        return Verdict(skip=skip, due_at=None if skip else due_at)

    def _reason(self, one: Candidate, due_at: datetime, event: ReceivedEvent) -> Skip | None:
        survey = self.trigger.survey
        contact = channels.find(self.trigger.channel).contact
        ask = Ask(survey.pk, Kind(survey.kind), contact, due_at, self.trigger.channel)
        history = replace(self.known[one.id], has_open_invitation=False)
        if skip := reason_to_skip(self.policy, history, ask):
            return skip
        own = policy_for(self.policy, exemption_for(self.policy, one.traits, survey=survey.pk))
        identity = event.public_id.hex
        shares = (
            (f"survey {survey.pk}", own.sampling_share),
            ("trigger", self.trigger.sampling_share),
        )
        is_in = all(is_drawn(seed, identity, percent=share) for seed, share in shares)
        return None if is_in else Skip.NOT_SAMPLED
