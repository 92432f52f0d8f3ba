"""Shares of R squared from a correlation matrix: LMG, relative weights, VIF."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from gloed.stats.counts import FloatArray
from gloed.stats.distributions import random_numbers
from gloed.stats.estimate import Reason, Refusal

EXACT_UP_TO = 12
_ORDERS = 400
_FOLLOWS = 1e-10


def lmg(matrix: ArrayLike, *, seed: int = 20_260_301) -> FloatArray:
    """Each driver's share of R squared, averaged over all orders of entry (Shapley).

    `matrix` is the correlation or covariance of (outcome, drivers...), shape (p+1, p+1), or many
    of them (b, p+1, p+1). All subsets up to 12 drivers, 400 seeded orders above. The shares add
    up to R squared. Refuses what is no square matrix, holes, and an outcome or driver without
    variation. Source: Lindeman, Merenda & Gold 1980; Gromping 2006 (`relaimpo`).

    >>> lmg([[1, 0.4, 0], [0.4, 1, 0.5], [0, 0.5, 1]]).round(6).tolist()
    [0.186667, 0.026667]
    """
    shares = shares_of(_checked(matrix), seed=seed)
    return shares[0] if np.ndim(matrix) == 2 else shares


def shares_of(stack: FloatArray, *, seed: int) -> FloatArray:
    """The same for many matrices (b, p+1, p+1), unchecked: what does not vary explains nothing.

    So a bootstrap may draw samples in which a rare driver, or the outcome, is the same for all.
    """
    root = np.sqrt(np.maximum(np.diagonal(stack, axis1=1, axis2=2), 0))
    scale = np.divide(1.0, root, out=np.zeros_like(root), where=root > 0)
    stack = stack * scale[:, :, None] * scale[:, None, :]
    drivers = stack.shape[-1] - 1
    if drivers <= EXACT_UP_TO:
        return _exact(stack, drivers)
    return _sampled(stack, drivers, random_numbers(seed))


def r_squared(matrix: ArrayLike) -> float:
    """Share of the outcome's variance that all drivers explain together.

    `matrix` as for `lmg`. Refuses drivers of which one follows from the others.
    """
    held = _checked(matrix)[0]
    _refuse_repeats(held)
    return float(held[0, 1:] @ np.linalg.solve(held[1:, 1:], held[1:, 0]) / held[0, 0])


def variance_inflation(matrix: ArrayLike) -> FloatArray:
    """VIF of each driver: 1 alone, above 10 hardly to be told from the others.

    `matrix` as for `lmg`. Refuses drivers of which one follows from the others.

    >>> c = [[1, 0.5, 0.4, 0.3], [0.5, 1, 0.3, 0.2], [0.4, 0.3, 1, 0.1], [0.3, 0.2, 0.1, 1]]
    >>> variance_inflation(c).round(6).tolist()
    [1.135321, 1.100917, 1.043578]
    """
    held = _correlation(_checked(matrix)[0])
    _refuse_repeats(held)
    return np.diag(np.linalg.inv(held[1:, 1:])).copy()


def relative_weights(matrix: ArrayLike) -> FloatArray:
    """Johnson's (2000) approximation of `lmg`, for more than 20 drivers only.

    `matrix` as for `lmg`. Refuses drivers of which one follows from the others.

    >>> c = [[1, 0.5, 0.4, 0.3], [0.5, 1, 0.3, 0.2], [0.4, 0.3, 1, 0.1], [0.3, 0.2, 0.1, 1]]
    >>> relative_weights(c).round(6).tolist()
    [0.185139, 0.109569, 0.061254]
    """
    held = _correlation(_checked(matrix)[0])
    _refuse_repeats(held)
    sizes, axes = np.linalg.eigh(held[1:, 1:])
    root = (axes * np.sqrt(np.maximum(sizes, 0))) @ axes.T
    beta = np.linalg.solve(root, held[1:, 0])
    weights: FloatArray = root**2 @ beta**2
    return weights


def _exact(stack: FloatArray, drivers: int) -> FloatArray:
    """Shapley over all subsets, each reached by sweeping one more driver out of its parent."""
    explained = np.zeros((2**drivers, len(stack)))
    for subset, held in _swept(stack, 0, 0):
        explained[subset] = stack[:, 0, 0] - held[:, 0, 0]
    subsets = np.arange(2**drivers)
    size = np.array([int(subset).bit_count() for subset in subsets])
    # |S|! (p - |S| - 1)! / p!, by its size
    weight = np.array([_shapley_weight(s, drivers) for s in range(drivers)])
    shares = np.empty((len(stack), drivers))
    for driver in range(drivers):
        without = subsets[(subsets >> driver) & 1 == 0]
        gain = explained[without | (1 << driver)] - explained[without]
        shares[:, driver] = weight[size[without]] @ gain
    return shares


def _swept(stack: FloatArray, subset: int, first: int) -> Iterator[tuple[int, FloatArray]]:
    """Every subset of the drivers from `first` on, with what it leaves unexplained."""
    yield subset, stack
    for driver in range(first, stack.shape[-1] - 1):
        yield from _swept(_without(stack, driver + 1), subset | (1 << driver), driver + 1)


def _without(stack: FloatArray, place: int) -> FloatArray:
    column = stack[:, :, place]
    pivot = stack[:, place, place]  # nothing is left of a driver that follows from the others
    inverse = np.divide(1.0, pivot, out=np.zeros_like(pivot), where=pivot > _FOLLOWS)
    swept: FloatArray = stack - column[:, :, None] * column[:, None, :] * inverse[:, None, None]
    return swept


def _shapley_weight(size: int, drivers: int) -> float:
    weight = 1.0 / drivers
    for step in range(1, size + 1):
        weight *= step / (drivers - step)
    return weight


def _sampled(stack: FloatArray, drivers: int, random: "np.random.Generator") -> FloatArray:
    shares = np.zeros((len(stack), drivers))
    for _ in range(_ORDERS):
        held = stack
        for driver in random.permutation(drivers):
            before = held[:, 0, 0]
            held = _without(held, int(driver) + 1)
            shares[:, driver] += before - held[:, 0, 0]
    return shares / _ORDERS


def _correlation(matrix: FloatArray) -> FloatArray:
    root = np.sqrt(np.diag(matrix))
    scaled: FloatArray = matrix / np.outer(root, root)
    return scaled


def _refuse_repeats(held: FloatArray) -> None:
    if np.linalg.cond(_correlation(held)[1:, 1:]) > 1e13:
        raise Refusal(Reason.NO_VARIATION, "One driver follows from the others: leave it out.")


def _checked(matrix: ArrayLike) -> FloatArray:
    stack = np.asarray(matrix, dtype=np.float64)
    stack = stack[None] if stack.ndim == 2 else stack
    if stack.ndim != 3 or stack.shape[1] != stack.shape[2] or stack.shape[1] < 2:
        raise Refusal(Reason.DIFFERENT_LENGTHS, "A square matrix of outcome and drivers is needed.")
    if not np.isfinite(stack).all():
        raise Refusal(Reason.NOT_A_NUMBER, "A correlation is missing.")
    if (np.diagonal(stack, axis1=1, axis2=2) <= 0).any():
        raise Refusal(Reason.NO_VARIATION, "Outcome and drivers must vary.")
    return stack
