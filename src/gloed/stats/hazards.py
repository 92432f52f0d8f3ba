"""At which rate do they leave, one class beside another? Proportional hazards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gloed.stats.counts import FloatArray
from gloed.stats.estimate import Reason, Refusal
from gloed.stats.survival import checked_times

_STEPS = 40
_PARTS = tuple(0.5**halved for halved in range(30))
_FARTHEST = 30.0


@dataclass(frozen=True, slots=True)
class ProportionalHazards:
    """Log ratios of the rate of leaving, one per predictor: log 2 is twice as fast."""

    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    log_likelihood: float
    n: int
    lost: int


def proportional_hazards(
    times: Iterable[float], lost: Sequence[bool], predictors: ArrayLike
) -> ProportionalHazards:
    """Cox's model by Newton's method, ties after Efron: rate = base rate x exp(x b).

    `times` and `lost` as for `survival_curve`, `predictors` of shape (n, p), for example 1 for
    detractors and 0 for promoters. Supposes that the ratio stays the same all the time. Agrees with
    `survival::coxph`. Refuses nobody who left and predictors that separate those who left first or
    repeat each other. Source: Cox 1972; Efron 1977.

    >>> sooner = [[1], [0], [1], [1], [0], [0]]
    >>> fitted = proportional_hazards([1, 2, 3, 4, 5, 6], [True] * 6, sooner)
    >>> round(fitted.coefficients[0], 4)
    1.3945
    """
    moments, events = checked_times(times, lost)
    x = np.asarray(predictors, dtype=np.float64)
    if x.ndim != 2 or len(x) != len(moments):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Everybody followed needs the same predictors.")
    if not np.isfinite(x).all():
        raise Refusal(Reason.NOT_A_NUMBER, "A predictor is missing.")
    if not events.any():
        raise Refusal(Reason.NO_VARIATION, "Nobody left.")
    x = x - x.mean(axis=0)
    theta = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        here, gradient, information = _partial(theta, moments, events, x)
        if np.linalg.cond(information) > 1e13 or np.abs(x @ theta).max() > _FARTHEST:
            break
        step = np.linalg.solve(information, gradient)
        if float(gradient @ step) < 1e-18 * max(1.0, abs(here)):
            errors = np.sqrt(np.diag(np.linalg.inv(information)))
            return ProportionalHazards(
                tuple(theta.tolist()), tuple(errors.tolist()), here, len(x), int(events.sum())
            )
        climbing = (
            part
            for part in _PARTS
            if _partial(theta + part * step, moments, events, x)[0] > here - 1e-12
        )
        theta = theta + next(climbing, 0.0) * step
    raise Refusal(
        Reason.NO_CONVERGENCE, "The predictors separate those who left or repeat each other."
    )


def _partial(
    theta: FloatArray, moments: FloatArray, events: NDArray[np.bool_], x: FloatArray
) -> tuple[float, FloatArray, FloatArray]:
    """Efron's partial log-likelihood, its gradient and its information."""
    rate = np.exp(x @ theta)
    value, gradient = 0.0, np.zeros(len(theta))
    information = np.zeros((len(theta), len(theta)))
    for moment in np.unique(moments[events]):
        risk, gone = moments >= moment, events & (moments == moment)
        value += float((x[gone] @ theta).sum())
        gradient += x[gone].sum(axis=0)
        for share in np.arange(gone.sum()) / gone.sum():
            weight = rate * (risk - share * gone)
            total = weight.sum()
            mean = weight @ x / total
            value -= float(np.log(total))
            gradient -= mean
            information += (x * weight[:, None]).T @ x / total - np.outer(mean, mean)
    return value, gradient, information
