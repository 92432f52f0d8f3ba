"""Where passives went when they answered again, beside everybody else and beside the drift alone.

A second answer drifts to what is usual, with no action at all: part of any answer is the day it was
given. How far is told by everybody who answered twice (see docs/methods, regression to the mean).
"""

from dataclasses import dataclass
from typing import Final

from gloed.analysis.customers.moves.pairs import Pairing, count_pairs
from gloed.analysis.customers.moves.report import ORDER, transitions_of
from gloed.analysis.measures import Measure
from gloed.analysis.queries import ALL_TIME, Selection, Window
from gloed.analysis.store import Source
from gloed.coding.queries import share_of
from gloed.stats import Estimate, NetCounts, Refusal, Transitions, nps, regression_to_mean
from gloed.surveys.rules import Band

LEAST_FOR_DRIFT = 30
"""With fewer people who answered twice, nobody knows what a second answer is like by itself."""
MIDDLE: Final = ORDER.index(Band.PASSIVE)


@dataclass(frozen=True, slots=True)
class Went:
    """Where a group of people went: the share in each group now, and how many people they are."""

    n: int
    shares: tuple[Estimate, Estimate, Estimate]  # detractor, passive, promoter

    @property
    def to_promoters(self) -> Estimate:
        """Who are promoters now."""
        return self.shares[ORDER.index(Band.PROMOTER)]

    @property
    def to_passives(self) -> Estimate:
        """Who are passives now."""
        return self.shares[MIDDLE]

    @property
    def to_detractors(self) -> Estimate:
        """Who are detractors now."""
        return self.shares[ORDER.index(Band.DETRACTOR)]


@dataclass(frozen=True, slots=True)
class Drift:
    """Where passives stand now, in points, and where the drift alone would have brought them."""

    now: Estimate
    expected: float

    @property
    def verdict(self) -> str:
        """One of more, less, same: how they stand to what comes by itself."""
        if self.now.low is not None and self.now.low > self.expected:
            return "more"
        if self.now.high is not None and self.now.high < self.expected:
            return "less"
        return "same"


@dataclass(frozen=True, slots=True)
class Movement:
    """People who answered twice. None where so few did that somebody could be recognised."""

    passives: Went | None
    others: Went | None
    drift: Drift | None
    n: int


def movement_of(
    source: Source, selection: Selection, measure: Measure, window: Window, *, minimum: int
) -> Movement:
    """The last answer in a window beside the one before it, of everybody who gave both.

    `selection` names surveys and teams; its own window is not looked at.
    """
    pairing = Pairing(_whenever(selection), measure.scale, window)
    table = transitions_of(measure, count_pairs(source, pairing))
    return movement_in(table, minimum=minimum)


def movement_in(table: Transitions, *, minimum: int) -> Movement:
    """The same from flows between the groups."""
    own = table.rows[MIDDLE]
    rest = [row for place, row in enumerate(table.rows) if place != MIDDLE]
    others = (
        sum(row[0] for row in rest),
        sum(row[1] for row in rest),
        sum(row[2] for row in rest),
    )
    return Movement(
        passives=_went(own, minimum),
        others=_went(others, minimum),
        drift=_drift(table) if sum(own) >= max(1, minimum) else None,
        n=int(table.n),
    )


def _whenever(selection: Selection) -> Selection:
    return Selection(
        surveys=selection.surveys,
        metric=selection.metric,
        window=ALL_TIME,
        filters=selection.filters,
    )


def _went(row: tuple[float, float, float], minimum: int) -> Went | None:
    n = int(sum(row))
    if n < max(1, minimum):
        return None
    return Went(n, (share_of(int(row[0]), n), share_of(int(row[1]), n), share_of(int(row[2]), n)))


def _drift(table: Transitions) -> Drift | None:
    """Everybody is -1, 0 or 1 both times; what both times share is what a person is like."""
    n = table.n
    if n < LEAST_FOR_DRIFT:
        return None
    before, after = table.before, table.after
    first, second = (_mean(side) for side in (before, after))
    together = sum(
        (i - MIDDLE) * (j - MIDDLE) * count
        for i, row in enumerate(table.rows)
        for j, count in enumerate(row)
    )
    shared = together / n - first * second
    single = (_variance(before) + _variance(after)) / 2
    low, middle, high = table.rows[MIDDLE]
    try:
        back = regression_to_mean(
            observed=0.0,
            mean=100 * second,
            n=1,  # each person was picked by one answer
            answer_variance=max(single - shared, 0.0),
            spread_variance=1e4 * shared,
        )
        return Drift(nps(NetCounts(high, middle, low)), back.expected)
    except Refusal:
        return None


def _mean(counts: NetCounts) -> float:
    return (counts.promoters - counts.detractors) / counts.n


def _variance(counts: NetCounts) -> float:
    return (counts.promoters + counts.detractors) / counts.n - _mean(counts) ** 2
