"""Intervals for scores computed from counts: the multinomial score interval and its alternatives.

All functions are vectorised: `counts` has shape (m, k) or (k,), one row per group, `values` has
shape (k,), the WHOLE scale in rising order, used points and unused. Limits come back in the unit
of `values`, with the shape of `counts` without its last axis.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from gloed.stats.counts import FloatArray
from gloed.stats.dirichlet import net_quantile
from gloed.stats.distributions import beta_quantile, normal_tail
from gloed.stats.estimate import Reason, Refusal, critical_z
from gloed.stats.solving import bracketed_roots

Limits: TypeAlias = tuple[FloatArray, FloatArray]

_FEWEST, _MOST = 1e-9, 1e15


class Method(StrEnum):
    """How an interval is made. SCORE is the default and the only one for every scale."""

    SCORE = "score"
    WALD = "wald"
    ADJUSTED_WALD = "adjusted_wald"
    DIRICHLET = "dirichlet"
    WILSON = "wilson"


def score_interval(counts: ArrayLike, values: ArrayLike, z: ArrayLike) -> Limits:
    """The multinomial score interval of a mean: every mean the data do not speak against.

    {mu: S(mu) <= z^2} with S(mu) = n (mean - mu)^2 / variance(mu), the variance under the
    multinomial closest to the data among those with mean mu (Owen 2001). Values (0, 1) give
    Wilson's interval, (-1, 0, 1) give Tango's (1998). `z` may differ per row.
    Refuses a row without answers.

    >>> low, high = score_interval([30, 50, 120], [-1, 0, 1], 1.959964)
    >>> round(float(low), 5), round(float(high), 5)
    (0.34108, 0.54571)
    """
    table, points = as_table(counts, values)
    reach = np.broadcast_to(_critical(z), table.shape[:1])
    root_n = np.sqrt(table.sum(axis=1))
    mean = table @ points / table.sum(axis=1)

    def too_far(limit: FloatArray) -> FloatArray:
        gap = root_n * np.abs(mean - limit)
        excess: FloatArray = gap - reach * np.sqrt(constrained_variance(table, points, limit))
        return excess

    low = bracketed_roots(too_far, mean, np.full_like(mean, points[0]))
    high = bracketed_roots(too_far, mean, np.full_like(mean, points[-1]))
    return _shaped(counts, low, high)


def score_statistic(counts: ArrayLike, values: ArrayLike, mean: ArrayLike) -> FloatArray:
    """S(mean): how strongly each row of counts speaks against a true mean; chi-square, 1 df.

    `mean` has one entry per row, strictly inside the scale (at its ends S is infinite unless
    the row itself lies there).
    """
    table, points = as_table(counts, values)
    target = np.broadcast_to(np.asarray(mean, dtype=np.float64), table.shape[:1])
    n = table.sum(axis=1)
    gap = table @ points / n - target
    variance = constrained_variance(table, points, target)
    statistic = np.divide(n * gap**2, variance, out=np.full_like(n, np.inf), where=variance > 0)
    return np.where(gap == 0, 0.0, statistic)


def constrained_variance(table: FloatArray, points: FloatArray, mean: FloatArray) -> FloatArray:
    """Variance of one answer under the multinomial closest to each row among those with `mean`.

    `table` (m, k), `points` (k,), `mean` (m,); 0 at the ends of the scale. Inputs unchecked.
    """
    if len(points) == 2:
        share: FloatArray = (mean - points[0]) * (points[1] - mean)
        return np.maximum(share, 0.0)
    if len(points) == 3 and points[1] - points[0] == points[2] - points[1]:
        return _variance_of_three(table, points, mean)
    at_end = (mean <= points[0]) | (mean >= points[-1])
    probe = np.where(at_end, (points[0] + points[-1]) / 2, mean)
    return np.where(at_end, 0.0, _variance_of_many(table, points, probe))


def _variance_of_three(table: FloatArray, points: FloatArray, mean: FloatArray) -> FloatArray:
    """Closed form of the constrained variance for three even classes (Tango 1998)."""
    step = points[1] - points[0]
    t = (mean - points[1]) / step
    low, high = table[:, 0], table[:, 2]
    n = table.sum(axis=1)
    a = 2 * n
    b = -(high + low) + (2 * n - high + low) * t
    c = -low * t * (1 - t)
    share_low = (np.sqrt(np.maximum(b * b - 4 * a * c, 0)) - b) / (2 * a)
    variance: FloatArray = step**2 * (2 * share_low + t * (1 - t))
    return np.maximum(variance, 0.0)


def _variance_of_many(table: FloatArray, points: FloatArray, mean: FloatArray) -> FloatArray:
    """Variance of the likeliest distribution on the whole scale with the given mean.

    Shares c/(n + L(x - mean)); where no multiplier L inside its bracket gives the mean, L is the
    bracket's end and the mass still missing sits on that end of the scale.
    """
    n = table.sum(axis=1)
    away = points - mean[:, None]
    bracket = (-n / away[:, -1], -n / away[:, 0])

    def tilt(multiplier: FloatArray) -> FloatArray:
        return _tilt(multiplier, table, away, bracket)

    at_low, at_high = tilt(bracket[0]) <= 0, tilt(bracket[1]) >= 0
    first = np.where(at_high, bracket[1], bracket[0])
    second = np.where(at_low, bracket[0], bracket[1])
    multiplier = bracketed_roots(tilt, first, second)
    base = n[:, None] + multiplier[:, None] * away
    share = np.divide(table, base, out=np.zeros_like(table), where=(table > 0) & (base > 0))
    missing = np.where(at_low | at_high, np.clip(1 - share.sum(axis=1), 0, 1), 0.0)
    end = np.where(at_low, away[:, -1], away[:, 0])
    variance: FloatArray = (share * away**2).sum(axis=1) + missing * end**2
    return variance


def _tilt(
    multiplier: FloatArray,
    table: FloatArray,
    away: FloatArray,
    bracket: tuple[FloatArray, FloatArray],
) -> FloatArray:
    """Sign of sum c(x - mean)/(n + L(x - mean)), made free of its poles at the bracket's ends.

    The terms of the scale's ends are c/(L - lowest) and -c/(highest - L): both denominators are
    multiplied in where their count is not 0.
    """
    n = table.sum(axis=1, keepdims=True)
    inner = away[:, 1:-1]
    middle = (table[:, 1:-1] * inner / (n + multiplier[:, None] * inner)).sum(axis=1)
    bottom, top = table[:, 0], table[:, -1]
    above = np.where(top > 0, multiplier - bracket[0], 1.0)
    below = np.where(bottom > 0, bracket[1] - multiplier, 1.0)
    tilt: FloatArray = top * below - bottom * above + above * below * middle
    return tilt


def wald_interval(counts: ArrayLike, values: ArrayLike, z: ArrayLike) -> Limits:
    """Mean -+ z standard errors, cut off at the ends of the scale. For comparison only.

    Covers as little as 12% at n = 5 and 90% at n = 50 on average; zero width when all agree.
    """
    table, points = as_table(counts, values)
    n = table.sum(axis=1)
    mean = table @ points / n
    reach = _critical(z) * np.sqrt(_variance(table, points, mean) / n)
    return _shaped(
        counts, np.maximum(mean - reach, points[0]), np.minimum(mean + reach, points[-1])
    )


def adjusted_wald_interval(counts: ArrayLike, values: ArrayLike, z: ArrayLike) -> Limits:
    """Wald after adding 3/4, 3/2 and 3/4 of an answer to three even classes (Rocks 2016).

    Cut off at the ends of the scale and never without the score itself.
    """
    table, points = as_table(counts, values)
    _need_classes(points, 3, "The adjusted Wald interval is made for three classes, as in NPS.")
    added = table + np.array([0.75, 1.5, 0.75])
    n = added.sum(axis=1)
    mean = table @ points / table.sum(axis=1)
    centre = added @ points / n
    reach = _critical(z) * np.sqrt(_variance(added, points, centre) / n)
    low = np.maximum(points[0], np.minimum(mean, centre - reach))
    high = np.minimum(points[-1], np.maximum(mean, centre + reach))
    return _shaped(counts, low, high)


def wilson_interval(counts: ArrayLike, values: ArrayLike, z: ArrayLike) -> Limits:
    """Wilson's (1927) interval for a share: two classes, (without, with).

    >>> low, high = wilson_interval([17, 43], [0, 1], 1.959964)
    >>> round(float(low), 6), round(float(high), 6)
    (0.592327, 0.814932)
    """
    table, points = as_table(counts, values)
    _need_classes(points, 2, "Wilson's interval is made for a share: two classes.")
    n = table.sum(axis=1)
    share = table[:, 1] / n
    z2 = _critical(z) ** 2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    low = np.where(table[:, 1] == 0, 0.0, np.minimum(centre - reach, share))
    high = np.where(table[:, 0] == 0, 1.0, np.maximum(centre + reach, share))
    width = points[1] - points[0]
    return _shaped(counts, points[0] + width * low, points[0] + width * high)


def dirichlet_interval(counts: ArrayLike, values: ArrayLike, z: ArrayLike) -> Limits:
    """Equal-tailed posterior interval under Dirichlet(1/2): two classes or three even ones.

    Deterministic: no random draws. Scalar `z` only.
    """
    table, points = as_table(counts, values)
    tail = normal_tail(_critical(z).item())
    ends = np.array([tail, 1 - tail])
    if len(points) == 2:
        width = points[1] - points[0]
        shares = beta_quantile(table[:, 1:] + 0.5, table[:, :1] + 0.5, ends)
        return _shaped(counts, *(points[0] + width * shares).T)
    _need_classes(points, 3, "The Dirichlet interval is made for two or three classes.")
    nets = np.array([net_quantile((a + 0.5, b + 0.5, c + 0.5), ends) for a, b, c in table])
    return _shaped(counts, *(points[1] + (points[1] - points[0]) * nets).T)


def interval(
    counts: ArrayLike, values: ArrayLike, *, method: str = "score", confidence: float = 0.95
) -> Limits:
    """Limits by the named method. Refuses an unknown name or a scale the method is not for."""
    return INTERVALS[as_method(method)](counts, values, critical_z(confidence))


def as_method(method: str) -> Method:
    """The method of this name, or a refusal that lists the names."""
    try:
        return Method(method)
    except ValueError:
        raise Refusal(
            Reason.UNKNOWN_METHOD, f"An interval is made by one of: {', '.join(Method)}."
        ) from None


INTERVALS: dict[Method, Callable[[ArrayLike, ArrayLike, ArrayLike], Limits]] = {
    Method.SCORE: score_interval,
    Method.WALD: wald_interval,
    Method.ADJUSTED_WALD: adjusted_wald_interval,
    Method.DIRICHLET: dirichlet_interval,
    Method.WILSON: wilson_interval,
}


def _variance(table: FloatArray, points: FloatArray, mean: FloatArray) -> FloatArray:
    away: FloatArray = (points - mean[:, None]) ** 2
    variance: FloatArray = (table * away).sum(axis=1) / table.sum(axis=1)
    return variance


def as_table(counts: ArrayLike, values: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Counts of shape (m, k) and the scale of shape (k,) as arrays, or a refusal."""
    table = np.atleast_2d(np.asarray(counts, dtype=np.float64))
    points = np.asarray(values, dtype=np.float64)
    if points.ndim != 1 or len(points) < 2 or (np.diff(points) <= 0).any():
        raise Refusal(Reason.BAD_SCALE, "A scale has two or more points, in rising order.")
    if table.ndim != 2 or table.shape[1] != len(points):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every point of the scale needs one count.")
    if not (np.isfinite(table).all() and np.isfinite(points).all()):
        raise Refusal(Reason.NOT_A_NUMBER, "A count is missing or infinite.")
    if (table < 0).any():
        raise Refusal(Reason.NEGATIVE_COUNT, "A count cannot be negative.")
    n = table.sum(axis=1)
    if (n < _FEWEST).any():
        raise Refusal(Reason.NO_ANSWERS, "An interval needs answers.")
    if (n > _MOST).any():
        raise Refusal(Reason.IMPOSSIBLE_COUNTS, "So many answers do not exist.")
    return table, points


def _critical(z: ArrayLike) -> FloatArray:
    reach = np.asarray(z, dtype=np.float64)
    if not (np.isfinite(reach) & (reach >= 0)).all():
        raise Refusal(Reason.BAD_SETTING, "A critical value is a number of 0 or more.")
    return reach


def _shaped(counts: ArrayLike, low: FloatArray, high: FloatArray) -> Limits:
    shape = np.asarray(counts).shape[:-1]
    return np.reshape(low, shape), np.reshape(high, shape)


def _need_classes(points: FloatArray, size: int, message: str) -> None:
    even = np.allclose(np.diff(points), points[1] - points[0])
    if len(points) != size or not even:
        raise Refusal(Reason.UNKNOWN_METHOD, message)
