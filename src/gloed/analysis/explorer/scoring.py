"""Scores, differences and p-values of tallies, however they were counted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gloed.analysis.explorer.counting import Tally
from gloed.analysis.measures import Kind, Measure, bands_of, p_value_of
from gloed.stats import Caveat, Estimate, Histogram, difference, mover_p_values, score_interval
from gloed.stats.counts import FloatArray
from gloed.stats.estimate import critical_z, two_sided_p
from gloed.stats.intervals import score_statistic
from gloed.stats.scored import Scored, scored
from gloed.surveys.rules import Band

NET = (-1.0, 0.0, 1.0)
"""The three classes weighted answers are counted in (see `Measure.net_counts`)."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """How tallies of a measure are scored. All tallies of one call were counted in one way."""

    measure: Measure

    def estimate(self, tally: Tally) -> Estimate:
        """One score with its interval; nobody may be empty."""
        if tally.loads is not None:
            return self.estimates([tally])[0]
        return replace(self.measure.estimate(self._plain(tally)), n=tally.n)

    def estimates(self, tallies: Sequence[Tally]) -> list[Estimate]:
        """The same for many at once."""
        if _is_weighted(tallies):
            return self._weighted_estimates(tallies)
        found = self.measure.estimates([self._plain(one) for one in tallies])
        return [replace(own, n=tally.n) for own, tally in zip(found, tallies, strict=True)]

    def difference(self, before: Tally, after: Tally) -> Estimate:
        """After minus before, in the unit of the score."""
        if before.loads is None or after.loads is None:
            return self.measure.difference(self._plain(before), self._plain(after))
        found, unit = difference(before.loads, after.loads), self.measure.net_unit
        low, high = (None if end is None else unit * end for end in (found.low, found.high))
        return replace(found, value=unit * found.value, low=low, high=high, standard_error=None)

    def p_values(self, pairs: Sequence[tuple[Tally, Tally]]) -> list[float]:
        """The p-value of each difference."""
        if not pairs or not _is_weighted([pairs[0][0]]):
            return self.measure.p_values([(self._plain(a), self._plain(b)) for a, b in pairs])
        first, second = (_table([pair[side] for pair in pairs]) for side in (0, 1))
        return [float(p) for p in mover_p_values(first, second, NET)]

    def p_value(self, change: Estimate) -> float:
        """The p-value of one difference."""
        return p_value_of(change)

    def p_values_against(self, tallies: Sequence[Tally], value: float) -> list[float]:
        """The p-value of "the true score is `value`" for each."""
        if not _is_weighted(tallies):
            return self.measure.p_values_against([self._plain(one) for one in tallies], value)
        mean = min(max(self.measure.points_of(value) / 100, -1.0), 1.0)
        statistic = score_statistic(_table(tallies), NET, mean)
        return [two_sided_p(float(one)) for one in statistic]

    def mean(self, tally: Tally) -> float:
        """A score without its interval, to compare many quickly; not in the unit of the score."""
        if tally.loads is None:
            return self.measure.mean(self._plain(tally))
        loads = tally.loads
        total = sum(value * load for value, load in zip(loads.values, loads.weights, strict=True))
        return total / loads.total_weight

    def _weighted_estimates(self, tallies: Sequence[Tally]) -> list[Estimate]:
        ready = _ready(tallies)
        low, high = score_interval(_table(tallies), NET, critical_z(0.95))
        return [
            self.measure.from_points(
                Estimate(
                    value=own.value,
                    low=min(own.value, 100 * float(low[place])),
                    high=max(own.value, 100 * float(high[place])),
                    n=own.n,
                    method="score",
                    caveats=tuple(dict.fromkeys((*own.caveats, Caveat.WEIGHTED))),
                    effective_n=own.effective_n,
                )
            )
            for place, own in enumerate(ready)
        ]

    def _plain(self, tally: Tally) -> Histogram:
        """The ratings, those who gave none among them: worth nothing to the score, but in its base.

        They stand at a rating of the middle band, or for a share at one that does not count.
        """
        if not tally.silent:
            return tally.given
        scale, given = self.measure.scale, tally.given
        if self.measure.kind is Kind.POINTS:
            bands = bands_of(self.measure.metric, scale)
            rating = next(one for one in scale.values if bands[one] is Band.PASSIVE)
        else:
            rating = scale.minimum if scale.high_is_good else scale.maximum
        counts = list(given.counts)
        counts[given.values.index(rating)] += tally.silent
        return Histogram(given.values, tuple(counts))


def against(estimate: Estimate, value: float) -> Estimate:
    """A score minus a level that somebody set: no chance in the level, all of it in the score."""
    low, high = (None if end is None else end - value for end in (estimate.low, estimate.high))
    return replace(estimate, value=estimate.value - value, low=low, high=high)


def _is_weighted(tallies: Sequence[Tally]) -> bool:
    return bool(tallies) and tallies[0].loads is not None


def _ready(tallies: Sequence[Tally]) -> list[Scored]:
    return [scored(one.loads) for one in tallies if one.loads is not None]


def _table(tallies: Sequence[Tally]) -> FloatArray:
    return np.array([one.counts for one in _ready(tallies)], dtype=np.float64)
