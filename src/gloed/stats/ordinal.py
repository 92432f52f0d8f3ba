"""Do the drivers keep their direction where a rating is an order and not a number?"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from gloed.stats.counts import FloatArray, as_floats
from gloed.stats.distributions import chi_square_tail
from gloed.stats.estimate import Reason, Refusal, critical_z
from gloed.stats.multinomial import IntArray, checked_rows, fitted_logits, multinomial_logit
from gloed.stats.standardisation import ChiSquareTest

_STEPS = 60
_PARTS = tuple(0.5**halved for halved in range(30))


@dataclass(frozen=True, slots=True)
class ProportionalOdds:
    """Coefficients on the logit scale (positive: towards the higher classes) and thresholds."""

    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    thresholds: tuple[float, ...]
    log_likelihood: float


class OrdinalModel(StrEnum):
    """Which model checked the directions."""

    PROPORTIONAL_ODDS = "proportional_odds"
    MULTINOMIAL_LOGIT = "multinomial_logit"  # where odds are not proportional


@dataclass(frozen=True, slots=True)
class OrdinalCheck:
    """The directions drivers have between the classes, and whose slope points elsewhere.

    `coefficients` are log odds towards the highest class: over every threshold under proportional
    odds, of the highest against the lowest class under a multinomial logit. `proportionality` is
    the test that chose between them; None where two classes leave nothing to test, or the
    predictors separate classes at one threshold.
    """

    model: OrdinalModel
    names: tuple[str, ...]
    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    proportionality: ChiSquareTest | None
    disagreements: tuple[str, ...]


def ordinal_check(
    names: Sequence[str],
    slopes: Sequence[float],
    classes: Sequence[int],
    predictors: ArrayLike,
    *,
    counts: Sequence[float] | None = None,
    confidence: float = 0.95,
) -> OrdinalCheck:
    """Fit detractor, passive, promoter by the drivers and compare directions with `slopes`.

    Proportional odds; a multinomial logit where the `proportionality` test says, at 1 - confidence,
    that one coefficient does not fit every threshold. `slopes` are those of the straight line
    (`Driver.slope`), one per column of `predictors`.

    >>> check = ordinal_check(["speed"], [-1.0], [0, 1, 0, 1, 1], [[1], [2], [2], [3], [1]])
    >>> check.model.value, check.disagreements
    ('proportional_odds', ('speed',))
    """
    critical_z(confidence)  # refuses an impossible level
    odds = proportional_odds(classes, predictors, counts=counts)
    apart = sign_disagreements(names, slopes, odds)
    test = _tested(classes, predictors, counts)
    model, coefficients, errors = OrdinalModel.PROPORTIONAL_ODDS, odds.coefficients, odds.errors
    if test is not None and test.p_value < 1 - confidence:
        logit = multinomial_logit(classes, predictors, counts=counts)
        model = OrdinalModel.MULTINOMIAL_LOGIT
        coefficients, errors = logit.coefficients[-1], logit.errors[-1]
        apart = _apart(names, slopes, coefficients)
    return OrdinalCheck(
        model=model,
        names=tuple(names),
        coefficients=coefficients,
        errors=errors,
        proportionality=test,
        disagreements=apart,
    )


def proportional_odds(
    classes: Sequence[int], predictors: ArrayLike, *, counts: Sequence[float] | None = None
) -> ProportionalOdds:
    """Cumulative logit model, logit P(class <= j) = threshold_j - x b, by Fisher scoring.

    `classes` are 0, 1, 2, ... from low to high, all used; `predictors` has shape (n, p); `counts`
    say how often each row occurs. Agrees with `ordinal::clm`. Refuses a class nobody is in and
    predictors that separate the classes or repeat each other. Source: McCullagh 1980.
    """
    level, x, weight = checked_rows(classes, predictors, counts)
    size = np.bincount(level, weights=weight)
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


def proportionality(
    classes: Sequence[int], predictors: ArrayLike, *, counts: Sequence[float] | None = None
) -> ChiSquareTest:
    """Does one coefficient per predictor fit every threshold? Brant's (1990) Wald test.

    One binary logit per threshold, their joint covariance, and the differences of their slopes;
    (classes - 2) p degrees of freedom. Agrees with `contingencytables::Brant_test_2xc`. Refuses
    fewer than three classes, and what `proportional_odds` refuses.

    >>> rows = [(0, 0, 14), (1, 0, 10), (2, 0, 3), (3, 0, 2), (0, 1, 11), (1, 1, 7), (2, 1, 8)]
    >>> classes, side, counts = zip(*rows, (3, 1, 4))
    >>> test = proportionality(classes, [[x] for x in side], counts=counts)
    >>> round(test.statistic, 3), test.df, round(test.p_value, 5)
    (1.668, 2, 0.43422)
    """
    level, x, weight = checked_rows(classes, predictors, counts)
    cuts = int(level.max())
    if cuts < 2:
        raise Refusal(Reason.TOO_FEW, "Two classes have one threshold: nothing to compare.")
    x = x - weight @ x / weight.sum()
    design = np.column_stack([np.ones(len(x)), x])
    logits = [fitted_logits(((level > j).astype(np.int64), x, weight)) for j in range(cuts)]
    share = [1 / (1 + np.exp(-(design @ theta[0]))) for theta, _, _ in logits]
    bread = [np.linalg.inv(information) for _, information, _ in logits]
    width = x.shape[1]
    joint = np.empty((cuts, width, cuts, width))
    for low in range(cuts):
        for high in range(low, cuts):
            both = weight * share[high] * (1 - share[low])
            middle = bread[low] @ ((design * both[:, None]).T @ design) @ bread[high]
            joint[low, :, high, :] = middle[1:, 1:]
            joint[high, :, low, :] = middle[1:, 1:].T
    slopes = np.array([theta[0, 1:] for theta, _, _ in logits])
    apart = np.kron(np.column_stack([-np.ones(cuts - 1), np.eye(cuts - 1)]), np.eye(width))
    gaps = apart @ slopes.ravel()
    spread = apart @ joint.reshape(cuts * width, cuts * width) @ apart.T
    statistic, df = float(gaps @ np.linalg.pinv(spread) @ gaps), len(gaps)
    return ChiSquareTest(statistic, df, chi_square_tail(statistic, df))


def sign_disagreements(
    names: Sequence[str], slopes: Sequence[float], odds: ProportionalOdds
) -> tuple[str, ...]:
    """Drivers whose straight-line slope and ordinal coefficient point in different directions.

    >>> sign_disagreements(["a"], [0.2], ProportionalOdds((-0.1,), (0.1,), (0.0,), -1.0))
    ('a',)
    """
    return _apart(names, slopes, odds.coefficients)


def _apart(
    names: Sequence[str], slopes: Sequence[float], coefficients: Sequence[float]
) -> tuple[str, ...]:
    lines = as_floats(slopes)
    if not len(names) == len(lines) == len(coefficients):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every driver needs one name and one slope.")
    if np.isnan(lines).any():
        raise Refusal(Reason.NOT_A_NUMBER, "A driver has no slope.")
    signs = np.sign(lines) * np.sign(coefficients)
    return tuple(name for name, sign in zip(names, signs, strict=True) if sign < 0)


def _tested(
    classes: Sequence[int], predictors: ArrayLike, counts: Sequence[float] | None
) -> ChiSquareTest | None:
    try:
        return proportionality(classes, predictors, counts=counts)
    except Refusal:
        return None


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
