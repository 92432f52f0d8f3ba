"""Retention, survival and revenue at risk from customers with their answers: plain decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gloed.analysis.customers.value.held import Held, first_answer_day
from gloed.stats import (
    ChiSquareTest,
    ClassRevenue,
    Estimate,
    Refusal,
    RevenueAtRisk,
    RevenueLedger,
    SurvivalCurve,
    churn_rate,
    earned_growth,
    gross_revenue_retention,
    log_rank,
    net_revenue_retention,
    retention_rate,
    revenue_at_risk,
    survival_curve,
)
from gloed.surveys.rules import Band

WAIT = timedelta(days=30)
"""Who has not answered so long after being asked is silent from then on."""


class Group(StrEnum):
    """What a customer answered; the silent are a group of their own."""

    PROMOTER = "promoters"
    PASSIVE = "passives"
    DETRACTOR = "detractors"
    SILENT = "silent"


GROUP_OF = {
    Band.PROMOTER: Group.PROMOTER,
    Band.PASSIVE: Group.PASSIVE,
    Band.DETRACTOR: Group.DETRACTOR,
    None: Group.SILENT,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """Customers of a year ago, and how many of them are still there."""

    start: int
    end: int
    new: int
    retention: Estimate
    churn: Estimate


@dataclass(frozen=True, slots=True)
class Growth:
    """What the same customers pay a year later, and what recommendation brought."""

    ledger: RevenueLedger
    net: Estimate
    gross: Estimate
    earned: Estimate | None
    new: Mapping[str, float]  # revenue of new customers by how they came
    without_amount: int  # active customers whose revenue is not known


def kept_in_year(customers: Sequence[Held], *, start: date, end: date) -> Kept | None:
    """Retention of the customers of `start` until `end`; None where there were none."""
    there = [one for one in customers if one.is_active(start)]
    stayed = sum(one.is_active(end) for one in there)
    new = sum(one.started_on > start and one.is_active(end) for one in customers)
    at_start, at_end = len(there), stayed + new
    try:
        return Kept(
            at_start,
            at_end,
            new,
            retention=retention_rate(start=at_start, end=at_end, new=new),
            churn=churn_rate(start=at_start, end=at_end, new=new),
        )
    except Refusal:
        return None


def growth_in_year(customers: Sequence[Held], *, start: date, end: date) -> Growth | None:
    """NRR, GRR and earned growth; None where the file lacks one of the two amounts."""
    if not any(one.before for one in customers) or all(one.revenue is None for one in customers):
        return None
    missing = [one for one in customers if one.revenue is None and one.is_active(end)]
    known = [one for one in customers if one.revenue is not None or not one.is_active(end)]
    old = [one for one in known if one.before]
    try:
        ledger = RevenueLedger.from_customers(
            [float(one.before or 0) for one in old], [float(one.revenue or 0) for one in old]
        )
        new = dict.fromkeys(("earned", "bought", ""), 0.0)
        for one in known:
            if not one.before and one.started_on > start and one.revenue:
                new[one.origin] += float(one.revenue)
        earned = earned_growth(
            ledger, earned_new=new["earned"], bought_new=new["bought"], unknown_new=new[""]
        )
        return Growth(
            ledger=ledger,
            net=net_revenue_retention(ledger),
            gross=gross_revenue_retention(ledger),
            earned=earned if any(one.origin for one in customers) else None,
            new=new,
            without_amount=len(missing),
        )
    except Refusal:
        return None


@dataclass(frozen=True)
class Staying:
    """A curve for each group from the answer on, and whether they differ."""

    curves: Mapping[Group, SurvivalCurve]
    test: ChiSquareTest | None

    @property
    def is_clear(self) -> bool:
        """Whether the groups differ by more than chance."""
        return self.test is not None and self.test.p_value < 0.05


def staying(customers: Sequence[Held], *, until: date, minimum: int) -> Staying:
    """How long customers stay from their first answer on, by what it was.

    The group is fixed at the answer, where the clock starts (landmark; methods.md 9.1). The
    silent start thirty days after they were first asked (where that is not known, on the first day
    anybody answered) and are followed until they leave or do answer. Groups of fewer than
    `minimum` are left out.
    """
    first_day = first_answer_day(customers)
    followed: dict[Group, tuple[list[float], list[bool]]] = {group: ([], []) for group in Group}
    for one in customers:
        for group, begin, end, is_lost in _followed(one, until, first_day):
            followed[group][0].append(float((end - begin).days))
            followed[group][1].append(is_lost)
    shown = {group: held for group, held in followed.items() if len(held[0]) >= minimum}
    test = None
    if len(shown) > 1:
        try:
            test = log_rank({group.value: held for group, held in shown.items()})
        except Refusal:
            test = None
    return Staying({group: survival_curve(*held) for group, held in shown.items()}, test)


def _followed(
    one: Held, until: date, first_day: date | None
) -> list[tuple[Group, date, date, bool]]:
    gone = one.ended_on is not None and one.ended_on <= until
    end = one.ended_on if gone and one.ended_on is not None else until
    given = [pair for pair in one.answers if one.started_on <= pair[0] <= end]
    found = []
    if given:
        day, band = given[0]
        found.append((GROUP_OF[band], day, end, gone))
    begin = one.asked_on + WAIT if one.asked_on is not None else first_day
    if begin is not None:
        begin = max(begin, one.started_on)
        stop = given[0][0] if given else end
        if begin < stop or (begin == stop and not given):
            found.append((Group.SILENT, begin, stop, gone and not given))
    return found


@dataclass(frozen=True)
class AtRisk:
    """Revenue at risk, the classes it was reckoned from, and what had to be left out."""

    risk: RevenueAtRisk
    classes: Mapping[Group, ClassRevenue]
    left_out: tuple[Group, ...]  # too few customers a year ago


def at_risk(customers: Sequence[Held], *, start: date, end: date, minimum: int) -> AtRisk | None:
    """What leaves if each group leaves as it did in the past year.

    A group's churn is that of those who were in it a year ago; its revenue is that of those in it
    now. None without promoters a year ago to compare with, or without revenue.
    """
    counted = {group: [0.0, 0, 0] for group in Group}
    for one in customers:
        if one.is_active(start):
            cell = counted[GROUP_OF[one.band_on(start)]]
            cell[1] += 1
            cell[2] += not one.is_active(end)
        if one.is_active(end) and one.revenue:
            counted[GROUP_OF[one.band_on(end)]][0] += float(one.revenue)
    classes = {
        group: ClassRevenue(revenue, int(n), int(lost))
        for group, (revenue, n, lost) in counted.items()
        if n >= max(minimum, 1)
    }
    if not any(one.revenue for one in classes.values()):
        return None
    try:
        risk = revenue_at_risk(
            {group.value: one for group, one in classes.items()}, reference=Group.PROMOTER.value
        )
    except Refusal:
        return None
    left_out = tuple(
        group for group, cell in counted.items() if group not in classes and (cell[0] or cell[1])
    )
    return AtRisk(risk, classes, left_out)


def happy_who_left(customers: Sequence[Held], *, until: date) -> list[Held]:
    """Who said they would recommend, and left all the same; the latest first."""
    gone = [
        one
        for one in customers
        if one.ended_on is not None
        and one.ended_on <= until
        and one.band_on(one.ended_on) is Band.PROMOTER
    ]
    return sorted(gone, key=lambda one: (one.ended_on or until, one.key), reverse=True)


def unhappy_who_stayed(customers: Sequence[Held], *, until: date) -> list[Held]:
    """Who would not recommend, and is still a customer; the highest revenue first."""
    there = [
        one for one in customers if one.is_active(until) and one.band_on(until) is Band.DETRACTOR
    ]
    return sorted(there, key=lambda one: (-(one.revenue or 0), one.key))
