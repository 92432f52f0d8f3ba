"""Proportional odds on detractor, passive, promoter: do the drivers keep their signs?"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gloed.stats.counts import FloatArray
from gloed.stats.estimate import Reason, Refusal

IntArray: TypeAlias = NDArray[np.int64]

_STEPS = 60
_PARTS = tuple(0.5**halved for halved in range(30))


@dataclass(frozen=True, slots=True)
class ProportionalOdds:
    """Coefficients on the logit scale (positive: towards the higher classes) and thresholds."""

    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    thresholds: tuple[float, ...]
    log_likelihood: float


def proportional_odds(
    classes: Sequence[int], predictors: ArrayLike, *, counts: Sequence[float] | None = None
) -> ProportionalOdds:
    """Cumulative logit model, logit P(class <= j) = threshold_j - x b, by Fisher scoring.

    `classes` are 0, 1, 2, ... from low to high, all used; `predictors` has shape (n, p); `counts`
    say how often each row occurs. Agrees with `ordinal::clm`. Refuses a class nobody is in and
    predictors that separate the classes or repeat each other.
    """
    level: IntArray = np.asarray(classes, dtype=np.int64)
    x = np.asarray(predictors, dtype=np.float64)
    weight = np.ones(len(level)) if counts is None else np.asarray(counts, dtype=np.float64)
    if x.ndim != 2 or not len(level) == len(x) == len(weight):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every row needs its class and its predictors.")
    size = np.bincount(level, weights=weight)
    if len(size) < 2 or (size == 0).any():
        raise Refusal(Reason.TOO_FEW, "Every class must hold an answer.")
    cut = np.cumsum(size)[:-1] / size.sum()
    centre = x.mean(axis=0)
    start = np.concatenate([np.log(cut / (1 - cut)), np.zeros(x.shape[1])])
    theta, information, value = _scored(start, level, x - centre, weight, len(cut))
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    slopes = theta[len(cut) :]
    return ProportionalOdds(
        coefficients=tuple(slopes.tolist()),
        errors=tuple(errors[len(cut) :].tolist()),
        thresholds=tuple((theta[: len(cut)] + centre @ slopes).tolist()),
        log_likelihood=value,
    )


def sign_disagreements(
    names: Sequence[str], slopes: Sequence[float], odds: ProportionalOdds
) -> tuple[str, ...]:
    """Drivers whose straight-line slope and ordinal coefficient point in different directions.

    >>> sign_disagreements(["a"], [0.2], ProportionalOdds((-0.1,), (0.1,), (0.0,), -1.0))
    ('a',)
    """
    pairs = zip(names, slopes, odds.coefficients, strict=True)
    return tuple(name for name, line, logit in pairs if line * logit < 0)


def _scored(
    theta: FloatArray, level: IntArray, x: FloatArray, weight: FloatArray, cuts: int
) -> tuple[FloatArray, FloatArray, float]:
    for _ in range(_STEPS):
        gradient, information, here = _derivatives(theta, level, x, weight, cuts)
        if np.linalg.cond(information) > 1e13:
            break
        step = np.linalg.solve(information, gradient)
        if float(gradient @ step) < 1e-18 * max(1.0, abs(here)):
            return theta, information, here
        climbing = (
            part
            for part in _PARTS
            if _log_likelihood(theta + part * step, level, x, weight, cuts) > here - 1e-12
        )
        theta = theta + next(climbing, 0.0) * step
    raise Refusal(
        Reason.NO_CONVERGENCE, "The predictors separate the classes or repeat each other."
    )


def _edges(
    theta: FloatArray, level: IntArray, x: FloatArray, cuts: int
) -> tuple[FloatArray, FloatArray]:
    """Cumulative probability at the upper and lower edge of each row's class."""
    ends = np.concatenate([[-np.inf], theta[:cuts], [np.inf]])
    shift = x @ theta[cuts:]
    upper, lower = ends[level + 1] - shift, ends[level] - shift
    return 0.5 * (1 + np.tanh(upper / 2)), 0.5 * (1 + np.tanh(lower / 2))


def _log_likelihood(
    theta: FloatArray, level: IntArray, x: FloatArray, weight: FloatArray, cuts: int
) -> float:
    upper, lower = _edges(theta, level, x, cuts)
    chance = upper - lower
    possible = (chance[weight > 0] > 0).all() and (np.diff(theta[:cuts]) > 0).all()
    return float(weight @ np.log(np.maximum(chance, 1e-300))) if possible else -inf


def _derivatives(
    theta: FloatArray, level: IntArray, x: FloatArray, weight: FloatArray, cuts: int
) -> tuple[FloatArray, FloatArray, float]:
    """Score, expected information and log-likelihood."""
    upper, lower = _edges(theta, level, x, cuts)
    density = [side * (1 - side) for side in (upper, lower)]
    chance = np.maximum(upper - lower, 1e-300)
    jump = np.zeros((len(level), cuts))
    for j in range(cuts):
        jump[:, j] = np.where(level == j, density[0], 0) - np.where(level == j + 1, density[1], 0)
    slope = -(density[0] - density[1])[:, None] * x
    gradient = (weight / chance) @ np.hstack([jump, slope])
    information = np.zeros((len(theta), len(theta)))
    for j in range(cuts + 1):
        assumed = np.full(len(level), j)
        up, low = _edges(theta, assumed, x, cuts)
        here, below = up * (1 - up), low * (1 - low)
        rows = np.zeros((len(level), cuts))
        if j < cuts:
            rows[:, j] = here
        if j > 0:
            rows[:, j - 1] = -below
        full = np.hstack([rows, -(here - below)[:, None] * x])
        information += full.T @ (full * (weight / np.maximum(up - low, 1e-300))[:, None])
    return gradient, information, _log_likelihood(theta, level, x, weight, cuts)
