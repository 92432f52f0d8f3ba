"""Do two things go together, and how sure is that? Never more than together."""

from math import atanh, sqrt, tanh

import numpy as np

from gloed.stats.counts import Scores, as_floats
from gloed.stats.estimate import (
    SMALL_BASE,
    Caveat,
    Estimate,
    Reason,
    Refusal,
    critical_z,
    two_sided_p,
)

FEWEST_PAIRS = 4
_NEARLY_ONE = 1 - 1e-15


def correlation(first: Scores, second: Scores, *, confidence: float = 0.95) -> Estimate:
    """Pearson's r of two columns, from -1 to 1, with Fisher's interval and its own p-value.

    Complete pairs only. Says that two things go together, never that a point of one is worth so
    much of the other. Refuses fewer than four pairs and a column without variation.
    Source: Fisher 1915, 1921.

    >>> score = correlation([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5])
    >>> round(score.value, 4), round(score.low, 4), round(score.high, 4)
    (0.8286, 0.0519, 0.9807)
    """
    columns = (as_floats(first), as_floats(second))
    if len(columns[0]) != len(columns[1]):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every value needs the one it goes with.")
    pairs = np.column_stack(columns)
    pairs = pairs[np.isfinite(pairs).all(axis=1)]
    if len(pairs) < FEWEST_PAIRS:
        raise Refusal(Reason.TOO_FEW, "Four complete pairs are needed.")
    if (np.ptp(pairs, axis=0) == 0).any():
        raise Refusal(Reason.NO_VARIATION, "A column in which all agree goes with nothing.")
    away = pairs - pairs.mean(axis=0)
    away /= np.abs(away).max(axis=0)
    squares = (away**2).sum(axis=0)
    value = float(np.clip(away.prod(axis=1).sum() / sqrt(squares[0] * squares[1]), -1, 1))
    middle = atanh(max(-_NEARLY_ONE, min(_NEARLY_ONE, value)))
    error = 1 / sqrt(len(pairs) - 3)
    reach = critical_z(confidence) * error
    small = (Caveat.SMALL_BASE,) if len(pairs) < SMALL_BASE else ()
    return Estimate(
        value=value,
        low=min(value, tanh(middle - reach)),
        high=max(value, tanh(middle + reach)),
        n=len(pairs),
        method="fisher_z",
        confidence=confidence,
        caveats=(Caveat.ASSOCIATION_ONLY, *small),
        p_value=two_sided_p((middle / error) ** 2),
    )
