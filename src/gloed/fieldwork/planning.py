"""What a wave would do, before anything is sent: who is asked, who not and why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from gloed.base.models import Organisation
from gloed.fieldwork import candidates, channels
from gloed.fieldwork.models import Invitation, Wave
from gloed.fieldwork.rules import (
    Ask,
    Contact,
    History,
    Kind,
    Lot,
    Policy,
    Sampling,
    Skip,
    Window,
    choose,
    draw,
    reason_to_skip,
    schedule,
)

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Judged:
    """One person of the segment: their lot and own time zone, and what the policy says."""

    lot: Lot
    zone: str
    reason: Skip | None


@dataclass(frozen=True)
class DryRun:
    """Who is asked when, and who is not and why; every person of the segment once.

    `chosen` are the people in the order in which they are asked, `due` their moments.
    """

    reasons: dict[int, Skip | None]
    chosen: tuple[int, ...]
    due: dict[int, datetime]

    @property
    def segment(self) -> int:
        """How many people there are in the segment."""
        return len(self.reasons)

    @property
    def invited(self) -> int:
        """How many are asked."""
        return len(self.chosen)

    @cached_property
    def totals(self) -> dict[Skip, int]:
        """How many are not asked, by reason, the most frequent first."""
        counted = Counter(reason for reason in self.reasons.values() if reason is not None)
        return dict(counted.most_common())


def plan_wave(wave: Wave, *, now: datetime) -> DryRun:
    """Look at everybody in the segment as they are now. Writes nothing.

    What is in the ledger of this wave already stays as it is, so that a wave whose writing was cut
    off goes on as it began.
    """
    at = max(now, wave.starts_at or now)
    policy = candidates.policy_of(wave.organisation_id)
    written = {
        person: Skip(skip) if skip else None
        for person, skip in Invitation.objects.filter(
            wave=wave, person__isnull=False
        ).values_list("person_id", "skip")
        if person is not None
    } if wave.pk else {}  # fmt: skip
    judged = judge(wave, policy, at=at, now=now)
    in_ledger = [one for one in judged if one.lot.person in written]
    fresh = [one for one in judged if one.lot.person not in written]
    kept = [one.lot for one in in_ledger if written[one.lot.person] is None]
    free = [one.lot for one in fresh if one.reason is None]
    verdict = choose([*kept, *free], sampling_of(wave, policy))
    reasons = {
        one.lot.person: verdict.get(one.lot.person) if one.reason is None else one.reason
        for one in fresh
    }
    reasons |= {one.lot.person: written[one.lot.person] for one in in_ledger}
    places = sorted(judged, key=lambda one: (one.lot.draw, one.lot.person))
    chosen = [one for one in places if reasons[one.lot.person] is None]
    due = _moments(wave, [one.zone for one in chosen], at, policy)
    people = tuple(one.lot.person for one in chosen)
    return DryRun(reasons, people, dict(zip(people, due, strict=True)))


def judge(wave: Wave, policy: Policy, *, at: datetime, now: datetime) -> list[Judged]:
    """Everybody in the segment with what the policy says, by rising key."""
    contact = channels.find(wave.channel).contact
    ask = Ask(wave.survey_id, Kind(wave.survey.kind), contact, at, wave.channel)
    found = []
    people = candidates.people_in(wave.organisation_id, wave.segment)
    for chunk in candidates.in_chunks(people, CHUNK):
        known = candidates.histories(wave.organisation_id, chunk, policy=policy, now=now)
        for one in chunk:
            group = str(one.attributes.get(wave.quota_attribute, ""))
            lot = Lot(one.id, draw(str(wave.public_id), one.identity), group)
            found.append(Judged(lot, one.zone, reason_to_skip(policy, known[one.id], ask)))
    return found


def sampling_of(wave: Wave, policy: Policy) -> Sampling:
    """How many of those who may be asked this wave asks."""
    return Sampling(
        share=wave.sample_share,
        size=wave.sample_size,
        group_size=wave.quota_size if wave.quota_attribute else None,
        quota=policy.wave_quota or None,
    )


def window_of(wave: Wave, *, at: datetime, country: str) -> Window:
    """The working hours over which a wave trickles."""
    zone = Organisation.objects.values_list("time_zone", flat=True).get(pk=wave.organisation_id)
    return Window(at, wave.days, wave.opens, wave.closes, zone, country)


def _moments(wave: Wave, zones: Sequence[str], at: datetime, policy: Policy) -> list[datetime]:
    if wave.pace == Wave.Pace.ONCE:
        return [at] * len(zones)
    return schedule(zones, window_of(wave, at=at, country=policy.country))


@dataclass(frozen=True, slots=True)
class Today:
    """How many people could be asked this minute, of how many."""

    possible: int
    people: int


def count_today(
    organisation_id: int, policy: Policy, *, survey: int, kind: Kind, now: datetime
) -> Today:
    """Whom a policy would let us ask today by mail, of everybody we know."""
    possible = people = 0
    contact = Contact.EMAIL
    everybody = candidates.people_in(organisation_id, {})
    for chunk in candidates.in_chunks(everybody, CHUNK):
        known: dict[int, History] = candidates.histories(
            organisation_id, chunk, policy=policy, now=now
        )
        ask = Ask(survey, kind, contact, now)
        people += len(chunk)
        possible += sum(reason_to_skip(policy, known[one.id], ask) is None for one in chunk)
    return Today(possible, people)
