"""Is the change real? Two periods or segments of one metric."""

from collections.abc import Sequence
from math import comb, hypot

import numpy as np

from gloed.stats.counts import Answers, FloatArray, Scale, all_finite
from gloed.stats.estimate import Estimate, Reason, Refusal, critical_z, two_sided_p
from gloed.stats.intervals import (
    as_table,
    constrained_variance,
    score_interval,
    score_statistic,
)
from gloed.stats.scored import Metric, Polarity, Scored, scored
from gloed.stats.solving import bracketed_roots

_HAIR = 1e-12
EXACT_UP_TO = 30
"""Up to this many answers a side the exact permutation p-value is given as well."""


def difference(
    before: Answers,
    after: Answers,
    *,
    metric: Metric | str = Metric.NPS,
    scale: Scale | None = None,
    polarity: Polarity | str | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """After minus before, in the unit of the metric, for two independent sets of answers.

    Interval: MOVER on the two score intervals (Newcombe 1998; Zou & Donner 2008). `p_value` is
    its inversion: below 1 - confidence exactly when the interval excludes 0. With at most 30
    answers a side, `exact_p_value` holds the permutation test. `n` is both bases together.
    Compare a segment with the REST, not with a total that contains it; people who answered
    both times need `paired_change`. Refuses an empty side and two scales of different length: the
    top two of 5 points are another measure than the top two of 10.

    >>> from gloed.stats import NetCounts
    >>> change = difference(NetCounts(120, 50, 30), NetCounts(150, 40, 10))
    >>> round(change.value, 6), round(change.low, 4), round(change.high, 4)
    (25.0, 12.0765, 37.8703)
    >>> f"{change.p_value:.6e}"
    '1.949651e-04'
    """
    sides = [scored(side, metric, scale=scale, polarity=polarity) for side in (before, after)]
    return difference_of_scored(sides[0], sides[1], confidence=confidence)


def difference_of_scored(before: Scored, after: Scored, *, confidence: float = 0.95) -> Estimate:
    """The same for answers already brought into the classes of a metric."""
    if (before.values, before.unit, before.points) != (after.values, after.unit, after.points):
        raise Refusal(Reason.DIFFERENT_SCALES, "Scores on different scales cannot be compared.")
    table = np.array([before.counts, after.counts], dtype=np.float64)
    low, high = score_interval(table, before.values, critical_z(confidence))
    mean = np.array([before.mean, after.mean])
    change = after.value - before.value
    reach_down = hypot(mean[1] - low[1], high[0] - mean[0])
    reach_up = hypot(high[1] - mean[1], mean[0] - low[0])
    p_values = mover_p_values(table[:1], table[1:], before.values)
    weighted = before.effective_n is not None or after.effective_n is not None
    return Estimate(
        value=change,
        low=change - before.unit * reach_down,
        high=change + before.unit * reach_up,
        n=before.n + after.n,
        method="mover_score",
        confidence=confidence,
        caveats=tuple(dict.fromkeys((*before.caveats, *after.caveats))),
        p_value=float(p_values[0]),
        standard_error=_error(before, after),
        exact_p_value=None if weighted else _exact_if_small(before, after),
    )


def mover_p_values(
    before: Sequence[Sequence[float]] | FloatArray,
    after: Sequence[Sequence[float]] | FloatArray,
    values: Sequence[float],
) -> FloatArray:
    """The level at which each MOVER interval just touches 0, for many pairs of rows at once.

    `before` and `after` have shape (m, k), `values` (k,), the whole scale. The touching limits lie
    on a circle of radius |change| around the two scores, so one bisection over its angle finds
    where both score statistics are equal; that statistic is the squared critical value. Refuses a
    row without answers.
    """
    (first, points), (second, _) = (as_table(side, values) for side in (before, after))
    if first.shape != second.shape:
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every row before needs one after.")
    lower = first @ points / first.sum(axis=1)
    upper = second @ points / second.sum(axis=1)
    swap = lower > upper
    bottom = np.where(swap[:, None], second, first)
    top = np.where(swap[:, None], first, second)
    lower, upper = np.minimum(lower, upper), np.maximum(lower, upper)
    gap = upper - lower
    top_root, bottom_root = np.sqrt(top.sum(axis=1)), np.sqrt(bottom.sum(axis=1))

    def imbalance(angle: FloatArray) -> FloatArray:
        down = constrained_variance(top, points, upper - gap * np.cos(angle))
        up = constrained_variance(bottom, points, lower + gap * np.sin(angle))
        downward: FloatArray = np.cos(angle) * top_root * np.sqrt(up)
        upward: FloatArray = np.sin(angle) * bottom_root * np.sqrt(down)
        return np.subtract(downward, upward)

    # At the very ends the variances of unanimous sides vanish, so the search stays a hair inside.
    first, second = np.full_like(gap, _HAIR), np.full_like(gap, np.pi / 2 - _HAIR)
    at_first, at_second = imbalance(first) <= 0, imbalance(second) >= 0
    angle = bracketed_roots(
        imbalance,
        np.where(at_second & ~at_first, second, first),
        np.where(at_first, first, second),
    )
    by_top = score_statistic(top, points, upper - gap * np.cos(angle))
    by_bottom = score_statistic(bottom, points, lower + gap * np.sin(angle))
    statistic = np.where(angle < np.pi / 4, by_top, by_bottom)
    return np.array([two_sided_p(s) if g > 0 else 1.0 for s, g in zip(statistic, gap, strict=True)])


def permutation_p_value(
    before: Sequence[float], after: Sequence[float], values: Sequence[float]
) -> float:
    """Exact two-sided p-value of "which side an answer is on does not matter".

    `before` and `after` are whole counts per value. Every way to deal the answers over the two
    sides is counted, in whole numbers; those at least as far from expectation as the data make
    the p-value. Agrees with `coin::oneway_test(..., distribution = "exact")`. Refuses an empty
    side and fractional counts.

    >>> round(permutation_p_value((1, 2, 7), (5, 4, 3), (-1, 0, 1)), 10)
    0.0437673781
    """
    if not len(before) == len(after) == len(values):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every value needs one count on each side.")
    if not all_finite(values):
        raise Refusal(Reason.NOT_A_NUMBER, "A value is missing or infinite.")
    counts = (*before, *after)
    if not all_finite(counts) or not all(c >= 0 and float(c).is_integer() for c in counts):
        raise Refusal(Reason.NOT_A_NUMBER, "Deals are counted for whole answers only.")
    if sum(before) == 0 or sum(after) == 0:
        raise Refusal(Reason.NO_ANSWERS, "Both sides need answers.")
    size = round(sum(before))
    pooled = [round(a) + round(b) for a, b in zip(before, after, strict=True)]
    total = sum(pooled)
    ways: dict[tuple[int, float], int] = {(0, 0.0): 1}
    for value, count in zip(values, pooled, strict=True):
        ways = _deal(ways, value, count, size)
    all_sum = sum(v * c for v, c in zip(values, pooled, strict=True))
    seen = sum(v * c for v, c in zip(values, before, strict=True))
    far = abs(total * seen - size * all_sum)
    slack = 1e-9 * max(1.0, far)
    extreme = sum(
        number
        for (taken, their_sum), number in ways.items()
        if taken == size and abs(total * their_sum - size * all_sum) >= far - slack
    )
    return extreme / comb(total, size)


def _deal(
    ways: dict[tuple[int, float], int], value: float, count: int, size: int
) -> dict[tuple[int, float], int]:
    """Extend the ways to fill one side by all answers of one value."""
    extended: dict[tuple[int, float], int] = {}
    for (taken, their_sum), number in ways.items():
        for more in range(min(count, size - taken) + 1):
            key = (taken + more, round(their_sum + more * value, 9))
            extended[key] = extended.get(key, 0) + number * comb(count, more)
    return extended


def _exact_if_small(before: Scored, after: Scored) -> float | None:
    whole = all(float(count).is_integer() for count in (*before.counts, *after.counts))
    if not whole or max(before.n, after.n) > EXACT_UP_TO:
        return None
    return permutation_p_value(before.counts, after.counts, before.values)


def _error(before: Scored, after: Scored) -> float | None:
    if before.standard_error is None or after.standard_error is None:
        return None
    return hypot(before.standard_error, after.standard_error)
