"""Did the same people change? Two answers of each, kept together."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Self

import numpy as np

from gloed.stats.counts import NetCounts, Scores, all_finite
from gloed.stats.estimate import SMALL_BASE, Caveat, Estimate, Reason, Refusal, two_sided_p
from gloed.stats.intervals import interval, score_statistic
from gloed.stats.scored import Metric, class_values

CHANGES = (-2, -1, 0, 1, 2)


@dataclass(frozen=True, slots=True)
class Transitions:
    """How many went from which class to which: rows before, columns after, each
    (detractor, passive, promoter). Not derivable from the two histograms; mergeable.

    >>> Transitions.from_scores([3, 9, None], [9, 9, 10]).rows
    ((0, 0, 1), (0, 0, 0), (0, 0, 1))
    """

    rows: tuple[tuple[float, float, float], ...]

    def __post_init__(self) -> None:
        if len(self.rows) != 3 or any(len(row) != 3 for row in self.rows):
            raise Refusal(
                Reason.DIFFERENT_LENGTHS, "Three classes before and three after make nine counts."
            )
        if not all_finite(count for row in self.rows for count in row):
            raise Refusal(Reason.NOT_A_NUMBER, "A count is missing or infinite.")
        if min(count for row in self.rows for count in row) < 0:
            raise Refusal(Reason.NEGATIVE_COUNT, "A count is 0 or more.")

    @classmethod
    def from_scores(cls, before: Scores, after: Scores) -> Self:
        """One 0-10 answer before and one after per person; who lacks either is left out."""
        first, second = (class_values(side, Metric.NPS) for side in (before, after))
        if len(first) != len(second):
            raise Refusal(Reason.DIFFERENT_LENGTHS, "Every person needs both answers.")
        both = ~(np.isnan(first) | np.isnan(second))
        places = ((first[both] + 1) * 3 + second[both] + 1).astype(np.int64)
        table = np.bincount(places, minlength=9).reshape(3, 3).tolist()
        return cls(tuple((row[0], row[1], row[2]) for row in table))

    @property
    def n(self) -> float:
        """People who answered both times."""
        return sum(sum(row) for row in self.rows)

    @property
    def before(self) -> NetCounts:
        """Their classes the first time."""
        low, middle, high = (sum(row) for row in self.rows)
        return NetCounts(high, middle, low)

    @property
    def after(self) -> NetCounts:
        """Their classes the second time."""
        low, middle, high = (sum(row[place] for row in self.rows) for place in range(3))
        return NetCounts(high, middle, low)

    def __add__(self, other: Self) -> Self:
        if not isinstance(other, Transitions):
            return NotImplemented
        return type(self)(_added(self.rows, other.rows))


def paired_change(transitions: Transitions, *, confidence: float = 0.95) -> Estimate:
    """Change in NPS points among people who answered twice, with the score interval.

    Each person's change is -2 to 2 classes. People who answer twice are not the customer base:
    print their share beside it. `standard_error` is the t one (n - 1). Refuses no pairs.

    >>> table = Transitions(((10, 5, 5), (4, 30, 6), (2, 8, 80)))
    >>> change = paired_change(table)
    >>> round(change.value, 6), round(change.low, 6), round(change.high, 6)
    (3.333333, -6.22627, 13.692248)
    """
    counts = [
        sum(transitions.rows[i][i + step] for i in range(3) if 0 <= i + step < 3)
        for step in CHANGES
    ]
    n = transitions.n
    if n == 0:
        raise Refusal(Reason.NO_ANSWERS, "Nobody answered both times.")
    mean = sum(s * c for s, c in zip(CHANGES, counts, strict=True)) / n
    squares = sum(c * (s - mean) ** 2 for s, c in zip(CHANGES, counts, strict=True))
    low, high = interval(counts, CHANGES, confidence=confidence)
    small = (Caveat.SMALL_BASE,) if n < SMALL_BASE else ()
    value = 100 * mean + 0.0
    return Estimate(
        value=value,
        low=min(value, 100 * float(low)),
        high=max(value, 100 * float(high)),
        n=n,
        method="paired_score",
        confidence=confidence,
        caveats=(Caveat.PAIRED_ONLY, *small),
        p_value=two_sided_p(float(score_statistic(counts, CHANGES, 0.0)[0])),
        standard_error=100 * sqrt(squares / (n - 1) / n) if n > 1 else None,
    )


def _added(
    first: Sequence[tuple[float, float, float]], second: Sequence[tuple[float, float, float]]
) -> tuple[tuple[float, float, float], ...]:
    return tuple(
        (a[0] + b[0], a[1] + b[1], a[2] + b[2]) for a, b in zip(first, second, strict=True)
    )
