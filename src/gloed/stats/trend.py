"""Where is the level now, when every week has another number of answers?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike

from gloed.stats.counts import FloatArray, NetCounts
from gloed.stats.estimate import Estimate, Reason, Refusal, critical_z

FEWEST_ANSWERS = 10
FEWEST_TO_FORECAST = 12
_GOLDEN_STEPS = 90


@dataclass(frozen=True, slots=True)
class Level:
    """Smoothed levels and their variances, drift variance q per step, log-likelihood."""

    levels: tuple[float, ...]
    variances: tuple[float, ...]
    drift_variance: float
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class Trend:
    """The smoothed NPS of every week, and how much it wanders (points squared a week)."""

    levels: tuple[Estimate, ...]
    drift_variance: float
    answer_variance: float

    @property
    def is_flat(self) -> bool:
        """Whether the data show no movement at all: the level is one line."""
        return self.drift_variance == 0


def nps_trend(
    weeks: Sequence[NetCounts],
    *,
    drift_variance: float | None = None,
    confidence: float = 0.95,
) -> Trend:
    """Local level of weekly NPS: a random walk seen through answers that vary in number.

    y_t = m_t + e_t, Var e = s^2/n_t with s^2 pooled over all weeks, so a unanimous week is not
    infinitely sure; exact diffuse start; the drift variance q by maximum likelihood unless given;
    weeks without answers are missing. Source: Durbin & Koopman 2012; agrees with `KFAS`.
    Refuses fewer than two weeks with answers, fewer than ten answers (methods 3.5) and answers that
    are all alike.

    >>> weeks = [NetCounts(10, 5, 5), NetCounts(12, 6, 2), NetCounts(0, 0, 0)]
    >>> weeks += [NetCounts(6, 2, 2), NetCounts(15, 9, 6)]
    >>> trend = nps_trend(weeks, drift_variance=36)
    >>> [round(level.value, 4) for level in trend.levels]
    [34.8878, 36.0694, 35.5863, 35.1032, 34.3275]
    """
    total = sum(weeks, start=NetCounts(0, 0, 0))
    if sum(week.n > 0 for week in weeks) < 2:
        raise Refusal(Reason.TOO_FEW, "Two weeks with answers are needed.")
    if total.n < FEWEST_ANSWERS:
        raise Refusal(Reason.TOO_FEW, "A trend needs ten answers.")
    net = (total.promoters - total.detractors) / total.n
    pooled = 1e4 * ((total.promoters + total.detractors) / total.n - net**2)
    if pooled <= 0:
        raise Refusal(Reason.NO_VARIATION, "All answers are alike: there is nothing to smooth.")
    scores = [100 * (w.promoters - w.detractors) / w.n if w.n else np.nan for w in weeks]
    noise = [pooled / w.n if w.n else np.inf for w in weeks]
    level = local_level(scores, noise, drift_variance=drift_variance)
    z = critical_z(confidence)
    return Trend(
        levels=tuple(
            _within(_level(m, v, n=week.n, z=z, confidence=confidence))
            for m, v, week in zip(level.levels, level.variances, weeks, strict=True)
        ),
        drift_variance=level.drift_variance,
        answer_variance=pooled,
    )


def forecast(trend: Trend, *, ahead: int, answers: float | None = None) -> Estimate:
    """The level so many weeks ahead; with `answers` the score then *measured* from so many.

    Variance P_T + h q (+ s^2/n), limits cut off at -100 and 100. Refuses under 12 weeks and
    further ahead than a quarter of them.
    """
    length = len(trend.levels)
    if length < FEWEST_TO_FORECAST or not 1 <= ahead <= length / 4:
        raise Refusal(
            Reason.TOO_FEW, "A forecast needs 12 weeks, and reaches a quarter of them at most."
        )
    last = trend.levels[-1]
    variance = (last.standard_error or 0.0) ** 2 + ahead * trend.drift_variance
    if answers is not None:
        if not 0 < answers < np.inf:
            raise Refusal(Reason.NO_ANSWERS, "A measured score needs answers.")
        variance += trend.answer_variance / answers
    z = critical_z(last.confidence)
    return _within(_level(last.value, variance, n=last.n, z=z, confidence=last.confidence))


def local_level(
    observed: ArrayLike, noise: ArrayLike, *, drift_variance: float | None = None
) -> Level:
    """Smoothed level of any series with known noise variances; NaN is missing.

    `observed` and `noise` have shape (t,); variances are in squared units of the series. Exact
    diffuse start: the first observation sets the level and adds nothing to the likelihood. Refuses
    fewer than two observations and variances of 0. Source: Durbin & Koopman 2012.
    """
    y, h = (np.asarray(row, dtype=np.float64) for row in (observed, noise))
    seen = np.isfinite(y)
    if len(y) != len(h) or int(seen.sum()) < 2:
        raise Refusal(Reason.TOO_FEW, "Two observations with their variances are needed.")
    if not ((h[seen] > 0) & (h[seen] < np.inf)).all():
        raise Refusal(Reason.NO_VARIATION, "A noise variance is more than 0.")
    if drift_variance is not None and not 0 <= drift_variance < np.inf:
        raise Refusal(Reason.BAD_SETTING, "A drift variance is 0 or more.")
    q = _likeliest_drift(y, h) if drift_variance is None else drift_variance
    likelihood, means, variances = _filtered(y, h, q)
    levels, spread = _smoothed(means, variances, q, first=int(np.argmax(seen)))
    return Level(tuple(levels.tolist()), tuple(spread.tolist()), q, likelihood)


def _filtered(y: FloatArray, h: FloatArray, q: float) -> tuple[float, FloatArray, FloatArray]:
    """Log-likelihood, filtered means and variances; NaN and inf before the first observation."""
    means, variances = np.full(len(y), np.nan), np.full(len(y), np.inf)
    level, spread, likelihood = np.nan, np.inf, 0.0
    for t, (value, noise) in enumerate(zip(y, h, strict=True)):
        spread += q
        if np.isfinite(value):
            if np.isinf(spread):
                level, spread = float(value), float(noise)
            else:
                total = spread + noise
                gap = value - level
                likelihood -= 0.5 * (log(2 * pi * total) + gap**2 / total)
                level += spread / total * gap
                spread *= noise / total
        means[t], variances[t] = level, spread
    return likelihood, means, variances


def _smoothed(
    means: FloatArray, variances: FloatArray, q: float, *, first: int
) -> tuple[FloatArray, FloatArray]:
    """Backward pass; before the first observation the walk runs back from it."""
    levels, spread = means.copy(), variances.copy()
    for t in range(len(means) - 2, -1, -1):
        if t < first:
            levels[t], spread[t] = levels[t + 1], spread[t + 1] + q
            continue
        ahead = variances[t] + q
        gain = variances[t] / ahead
        levels[t] = means[t] + gain * (levels[t + 1] - means[t])
        spread[t] = variances[t] + gain**2 * (spread[t + 1] - ahead)
    return levels, spread


def _likeliest_drift(y: FloatArray, h: FloatArray) -> float:
    """The q of greatest likelihood: a grid, then golden section; 0 if nothing beats it."""
    unit = float(np.median(h[np.isfinite(y)]))
    grid = np.linspace(-16, 8, 49)
    heights = [_filtered(y, h, unit * np.exp(step))[0] for step in grid]
    top = int(np.argmax(heights))
    low, high = grid[max(top - 1, 0)], grid[min(top + 1, len(grid) - 1)]
    ratio = (sqrt(5) - 1) / 2
    for _ in range(_GOLDEN_STEPS):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if _filtered(y, h, unit * np.exp(left))[0] < _filtered(y, h, unit * np.exp(right))[0]:
            low = left
        else:
            high = right
    best = float(unit * np.exp((low + high) / 2))
    gain = _filtered(y, h, best)[0] - _filtered(y, h, 0.0)[0]
    return best if gain > 1e-9 else 0.0


def _level(value: float, variance: float, *, n: float, z: float, confidence: float) -> Estimate:
    error = sqrt(variance)
    return Estimate(
        value=value,
        low=value - z * error,
        high=value + z * error,
        n=n,
        method="local_level",
        confidence=confidence,
        standard_error=error,
    )


def _within(score: Estimate) -> Estimate:
    """Limits no further than an NPS can go; a normal level knows no ends of the scale."""
    low, high = score.low, score.high
    return replace(
        score,
        low=None if low is None else max(low, min(-100.0, score.value)),
        high=None if high is None else min(high, max(100.0, score.value)),
    )
