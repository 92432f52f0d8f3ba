"""Multinomial logit: each class against the lowest, without any order between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gloed.stats.counts import FloatArray
from gloed.stats.estimate import Reason, Refusal

IntArray: TypeAlias = NDArray[np.int64]
Rows: TypeAlias = tuple[IntArray, FloatArray, FloatArray]
"""Class, predictors and count of every row."""

_STEPS = 60
_PARTS = tuple(0.5**halved for halved in range(30))
_FARTHEST = 30.0
"""Log odds beyond which a class is certain: the predictors separate the classes."""


@dataclass(frozen=True, slots=True)
class MultinomialLogit:
    """Log odds of each higher class against the lowest: one row per class, lowest left out.

    `coefficients` and `errors` have one entry per predictor in each row, `intercepts` one per row.
    """

    coefficients: tuple[tuple[float, ...], ...]
    errors: tuple[tuple[float, ...], ...]
    intercepts: tuple[float, ...]
    log_likelihood: float


def multinomial_logit(
    classes: Sequence[int], predictors: ArrayLike, *, counts: Sequence[float] | None = None
) -> MultinomialLogit:
    """log P(class = j)/P(class = 0) = a_j + x b_j by Newton's method, for classes of any kind.

    `classes` are 0, 1, 2, ..., all used; `predictors` has shape (n, p); `counts` say how often each
    row occurs. Agrees with `nnet::multinom`. Refuses a class nobody is in and predictors that
    separate the classes or repeat each other. Source: McFadden 1974; Venables & Ripley 2002.

    >>> fitted = multinomial_logit([0, 1, 0, 1], [[0], [0], [1], [1]], counts=[10, 20, 10, 40])
    >>> round(fitted.coefficients[0][0], 6)  # log 2: the odds double
    0.693147
    """
    level, x, weight = checked_rows(classes, predictors, counts)
    centre = weight @ x / weight.sum()
    theta, information, value = fitted_logits((level, x - centre, weight))
    variances = np.diag(np.linalg.inv(information)).reshape(theta.shape)
    slopes = theta[:, 1:]
    return MultinomialLogit(
        coefficients=tuple(tuple(row) for row in slopes.tolist()),
        errors=tuple(tuple(row) for row in np.sqrt(variances[:, 1:]).tolist()),
        intercepts=tuple((theta[:, 0] - slopes @ centre).tolist()),
        log_likelihood=value,
    )


def checked_rows(
    classes: Sequence[int], predictors: ArrayLike, counts: Sequence[float] | None
) -> Rows:
    """Rows of a model of classes as arrays, or a refusal."""
    labels = np.asarray(classes, dtype=np.float64)
    x = np.asarray(predictors, dtype=np.float64)
    weight = np.ones(len(labels)) if counts is None else np.asarray(counts, dtype=np.float64)
    if x.ndim != 2 or not len(labels) == len(x) == len(weight):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every row needs its class and its predictors.")
    if not all(np.isfinite(part).all() for part in (labels, x, weight)):
        raise Refusal(Reason.NOT_A_NUMBER, "A class, a predictor or a count is missing.")
    if (weight < 0).any():
        raise Refusal(Reason.NEGATIVE_COUNT, "A count is 0 or more.")
    if (labels < 0).any() or (labels != np.floor(labels)).any():
        raise Refusal(Reason.BAD_SETTING, "Classes are numbered 0, 1, 2 and so on.")
    level: IntArray = labels.astype(np.int64)
    size = np.bincount(level, weights=weight)
    if len(size) < 2 or (size == 0).any():
        raise Refusal(Reason.TOO_FEW, "Every class must hold an answer.")
    return level, x, weight


def fitted_logits(rows: Rows) -> tuple[FloatArray, FloatArray, float]:
    """Coefficients (classes - 1, 1 + p), intercept first, their information, log-likelihood."""
    level, x, weight = rows
    design = np.column_stack([np.ones(len(x)), x])
    size = np.bincount(level, weights=weight)
    theta = np.zeros((len(size) - 1, design.shape[1]))
    theta[:, 0] = np.log(size[1:] / size[0])
    member = (level[:, None] == np.arange(1, len(size))).astype(np.float64)
    for _ in range(_STEPS):
        share, here = _shares(theta, design, level, weight)
        gradient = ((member - share) * weight[:, None]).T @ design
        information = _information(share, design, weight)
        if np.linalg.cond(information) > 1e13 or np.abs(design @ theta.T).max() > _FARTHEST:
            break
        step = np.linalg.solve(information, gradient.ravel()).reshape(theta.shape)
        if float((gradient * step).sum()) < 1e-18 * max(1.0, abs(here)):
            return theta, information, here
        climbing = (
            part
            for part in _PARTS
            if _shares(theta + part * step, design, level, weight)[1] > here - 1e-12
        )
        theta = theta + next(climbing, 0.0) * step
    raise Refusal(
        Reason.NO_CONVERGENCE, "The predictors separate the classes or repeat each other."
    )


def _shares(
    theta: FloatArray, design: FloatArray, level: IntArray, weight: FloatArray
) -> tuple[FloatArray, float]:
    """Share of each class but the lowest in every row, and the log-likelihood."""
    odds = np.column_stack([np.zeros(len(design)), design @ theta.T])
    odds -= odds.max(axis=1, keepdims=True)
    log_share = odds - np.log(np.exp(odds).sum(axis=1, keepdims=True))
    return np.exp(log_share[:, 1:]), float(weight @ log_share[np.arange(len(level)), level])


def _information(share: FloatArray, design: FloatArray, weight: FloatArray) -> FloatArray:
    classes, width = share.shape[1], design.shape[1]
    held = np.empty((classes, width, classes, width))
    for j in range(classes):
        for k in range(classes):
            spread = weight * share[:, j] * ((j == k) - share[:, k])
            held[j, :, k, :] = (design * spread[:, None]).T @ design
    return held.reshape(classes * width, classes * width)
