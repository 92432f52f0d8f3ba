"""Many comparisons on one screen: which of them can be believed together."""

from collections.abc import Iterable

import numpy as np

from gloed.stats.counts import FloatArray, as_floats
from gloed.stats.estimate import Reason, Refusal


def benjamini_hochberg(p_values: Iterable[float]) -> tuple[float, ...]:
    """Adjusted p-values: calling those under 0.05 real is wrong for at most 5% of them on average.

    In the order given. Source: Benjamini & Hochberg 1995. Refuses what is no probability.

    >>> [round(p, 4) for p in benjamini_hochberg([0.001, 0.012, 0.021, 0.04, 0.3])]
    [0.005, 0.03, 0.035, 0.05, 0.3]
    """
    return _step_up(as_probabilities(p_values), penalty=1.0)


def as_probabilities(p_values: Iterable[float]) -> FloatArray:
    """A flat array of probabilities, or a refusal."""
    probabilities = as_floats(p_values)
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise Refusal(Reason.BAD_PROBABILITY, "A p-value lies between 0 and 1.")
    return probabilities


def _step_up(probabilities: FloatArray, *, penalty: float) -> tuple[float, ...]:
    m = len(probabilities)
    falling = np.argsort(-probabilities, kind="stable")
    scaled = probabilities[falling] * (m * penalty / np.arange(m, 0, -1))
    adjusted = np.empty(m)
    adjusted[falling] = np.minimum(np.minimum.accumulate(scaled), 1.0)
    return tuple(adjusted.tolist())
