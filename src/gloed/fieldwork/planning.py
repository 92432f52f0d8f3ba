"""What a wave would do, before anything is sent: who is asked, who not and why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from gloed.base.models import Organisation
from gloed.fieldwork import candidates, channels
from gloed.fieldwork.candidates import Crowd
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
    exemption_for,
    reason_to_skip,
    schedule,
)

CHUNK = 2000
LOOKED_AT = 10_000  # people at most, where a page waits for it


@dataclass(frozen=True, slots=True)
class Judged:
    """One person of the segment: their lot and own time zone, and what the policy says."""

    lot: Lot
    zone: str
    reason: Skip | None


@dataclass(frozen=True)
class DryRun:
    """Who is asked when, and who is not and why; every person that was looked at once.

    `chosen` are the people in the order in which they are asked, `due` their moments. Of a very
    large segment only `looked_at` people of `segment` were looked at, drawn at random: what is
    counted then stands for all of them, and `at_most` is the limit that holds for all.
    """

    reasons: dict[int, Skip | None]
    chosen: tuple[int, ...]
    due: dict[int, datetime]
    segment: int
    at_most: int | None = None

    @property
    def looked_at(self) -> int:
        """How many people were looked at."""
        return len(self.reasons)

    @property
    def is_sampled(self) -> bool:
        """Whether only a part of the segment was looked at."""
        return self.looked_at < self.segment

    @property
    def invited(self) -> int:
        """How many are asked; about so many where only a part was looked at."""
        if not self.is_sampled:
            return len(self.chosen)
        about = round(len(self.chosen) * self.segment / self.looked_at)
        return about if self.at_most is None else min(about, self.at_most)

    @cached_property
    def totals(self) -> dict[Skip, int]:
        """How many are not asked, by reason, the most frequent first."""
        counted = Counter(reason for reason in self.reasons.values() if reason is not None)
        factor = self.segment / self.looked_at if self.is_sampled else 1
        return {reason: round(n * factor) for reason, n in counted.most_common()}


def plan_wave(wave: Wave, *, now: datetime, most: int | None = None) -> DryRun:
    """Look at everybody in the segment as they are now, or at `most` of them. Writes nothing.

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
    people = candidates.people_in(wave.organisation_id, wave.segment)
    crowd = candidates.crowd(people, size=CHUNK, most=most, seed=str(wave.public_id))
    judged = judge(wave, policy, crowd, at=at, now=now)
    in_ledger = [one for one in judged if one.lot.person in written]
    fresh = [one for one in judged if one.lot.person not in written]
    kept = [one.lot for one in in_ledger if written[one.lot.person] is None]
    free = [one.lot for one in fresh if one.reason is None]
    sampling = sampling_of(wave, policy)
    verdict = choose([*kept, *free], _part_of(sampling, crowd.factor))
    reasons = {
        one.lot.person: verdict.get(one.lot.person) if one.reason is None else one.reason
        for one in fresh
    }
    reasons |= {one.lot.person: written[one.lot.person] for one in in_ledger}
    places = sorted(judged, key=lambda one: (one.lot.draw, one.lot.person))
    chosen = [one for one in places if reasons[one.lot.person] is None]
    due = _moments(wave, [one.zone for one in chosen], at, policy)
    asked = tuple(one.lot.person for one in chosen)
    limits = [limit for limit in (sampling.size, sampling.quota) if limit is not None]
    return DryRun(
        reasons, asked, dict(zip(asked, due, strict=True)), crowd.people, min(limits, default=None)
    )


def _part_of(sampling: Sampling, factor: float) -> Sampling:
    """The same limits for a part of the people, each of whom stands for `factor`."""
    if factor == 1:
        return sampling

    def part(limit: int | None) -> int | None:
        return None if limit is None else round(limit / factor)

    return replace(
        sampling,
        size=part(sampling.size),
        group_size=part(sampling.group_size),
        quota=part(sampling.quota),
    )


def judge(wave: Wave, policy: Policy, crowd: Crowd, *, at: datetime, now: datetime) -> list[Judged]:
    """Everybody who is looked at with what the policy says, by rising key."""
    contact = channels.find(wave.channel).contact
    ask = Ask(wave.survey_id, Kind(wave.survey.kind), contact, at, wave.channel)
    found = []
    for chunk in crowd.chunks:
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
    """How many people could be asked this minute, of how many; `is_sampled`: about so many."""

    possible: int
    people: int
    is_sampled: bool


def count_today(
    organisation_id: int, policy: Policy, *, survey: int, kind: Kind, now: datetime
) -> Today:
    """Whom a policy would let us ask today by mail, of everybody we know."""
    possible = 0
    crowd = _everybody(organisation_id)
    for chunk in crowd.chunks:
        known: dict[int, History] = candidates.histories(
            organisation_id, chunk, policy=policy, now=now
        )
        ask = Ask(survey, kind, Contact.EMAIL, now, "email")
        possible += sum(reason_to_skip(policy, known[one.id], ask) is None for one in chunk)
    return Today(round(possible * crowd.factor), crowd.people, crowd.looked_at < crowd.people)


@dataclass(frozen=True, slots=True)
class Exempted:
    """How many people each exemption touches, by its id; about so many where `is_sampled`."""

    by_exemption: dict[str, int]
    people: int
    is_sampled: bool


def count_exempted(organisation_id: int, policy: Policy) -> Exempted:
    """Whom each exemption of a policy touches: those it fits first, for the survey it names."""
    crowd = _everybody(organisation_id)
    counted = Counter[str]()
    # an exemption for one survey never stands in the way of one for another
    surveys = {one.survey for one in policy.exemptions}
    for chunk in crowd.chunks:
        for person in chunk:
            traits = person.traits
            fitting = (exemption_for(policy, traits, survey=one or 0) for one in surveys)
            counted.update({one.id for one in fitting if one is not None})
    found = {name: round(n * crowd.factor) for name, n in counted.items()}
    return Exempted(found, crowd.people, crowd.looked_at < crowd.people)


def _everybody(organisation_id: int) -> Crowd:
    people = candidates.people_in(organisation_id, {})
    return candidates.crowd(people, size=CHUNK, most=LOOKED_AT)
