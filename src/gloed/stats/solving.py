"""Roots of many one-dimensional functions at once."""

from collections.abc import Callable

import numpy as np

from gloed.stats.counts import FloatArray

_STEPS = 120
_EPSILON = float(np.finfo(np.float64).eps)


def bracketed_roots(
    function: Callable[[FloatArray], FloatArray], first: FloatArray, second: FloatArray
) -> FloatArray:
    """A root between `first` and `second` for every element, where the signs there differ.

    Chandrupatla (1997): inverse quadratic interpolation where it is safe, halving elsewhere, so
    it can neither leave the bracket nor stall. A bracket that is a point is returned as it is.

    >>> bracketed_roots(lambda x: x * x - 2, np.array([0.0]), np.array([2.0])).round(9).tolist()
    [1.414213562]
    """
    a, b, c = first.copy(), second.copy(), second.copy()
    at_a, at_b = function(a), function(b)
    at_c = at_b
    size = np.abs(a) + np.abs(b)
    done = a == b
    root = a.copy()
    fraction = np.full_like(a, 0.5)
    for _ in range(_STEPS):
        x = a + fraction * (b - a)
        at_x = function(x)
        same_side = (at_x > 0) == (at_a > 0)
        c, at_c = np.where(same_side, a, b), np.where(same_side, at_a, at_b)
        b, at_b = np.where(same_side, b, a), np.where(same_side, at_b, at_a)
        a, at_a = x, at_x
        best = np.where(np.abs(at_a) < np.abs(at_b), a, b)
        root = np.where(done, root, best)
        width = np.abs(b - a)
        margin = np.divide(_EPSILON * size, width, out=np.ones_like(a), where=width > 0)
        done |= (margin > 0.5) | (at_a == 0)
        if done.all():
            break
        fraction = np.clip(_fraction((a, b, c), (at_a, at_b, at_c)), margin, 1 - margin)
    return root


def _fraction(
    points: tuple[FloatArray, FloatArray, FloatArray],
    heights: tuple[FloatArray, FloatArray, FloatArray],
) -> FloatArray:
    """How far from a towards b to look next: interpolated where that is trustworthy."""
    (a, b, c), (at_a, at_b, at_c) = points, heights
    with np.errstate(all="ignore"):
        xi, phi = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
        safe = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi)
        proposed = at_a / (at_b - at_a) * at_c / (at_b - at_c) + (c - a) / (b - a) * at_a / (
            at_c - at_a
        ) * at_b / (at_c - at_b)
    return np.where(safe & np.isfinite(proposed), proposed, 0.5)
