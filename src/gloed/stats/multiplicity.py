"""Many comparisons on one screen: which of them can be believed together."""

from collections.abc import Iterable

import numpy as np

from gloed.stats.counts import FloatArray, as_floats
from gloed.stats.estimate import Reason, Refusal, critical_z


def benjamini_hochberg(p_values: Iterable[float]) -> tuple[float, ...]:
    """Adjusted p-values: calling those under 0.05 real is wrong for at most 5% of them on average.

    In the order given. Source: Benjamini & Hochberg 1995. Refuses what is no probability.

    >>> [round(p, 4) for p in benjamini_hochberg([0.001, 0.012, 0.021, 0.04, 0.3])]
    [0.005, 0.03, 0.035, 0.05, 0.3]
    """
    return _step_up(as_probabilities(p_values), penalty=1.0)


def benjamini_yekutieli(p_values: Iterable[float]) -> tuple[float, ...]:
    """The same under any dependence between the comparisons, at the price of power.

    Source: Benjamini & Yekutieli 2001.

    >>> [round(p, 5) for p in benjamini_yekutieli([0.001, 0.012])]
    [0.003, 0.018]
    """
    probabilities = as_probabilities(p_values)
    penalty = float((1 / np.arange(1, len(probabilities) + 1)).sum())
    return _step_up(probabilities, penalty=penalty)


def holm(p_values: Iterable[float]) -> tuple[float, ...]:
    """Adjusted p-values for a few planned comparisons: at most a 5% risk of even one false call.

    Source: Holm 1979.

    >>> [round(p, 3) for p in holm([0.001, 0.012, 0.021, 0.04, 0.3])]
    [0.005, 0.048, 0.063, 0.08, 0.3]
    """
    probabilities = as_probabilities(p_values)
    m = len(probabilities)
    rising = np.argsort(probabilities, kind="stable")
    scaled = probabilities[rising] * np.arange(m, 0, -1)
    adjusted = np.empty(m)
    adjusted[rising] = np.minimum(np.maximum.accumulate(scaled), 1.0)
    return tuple(adjusted.tolist())


def selected_confidence(*, selected: int, total: int, confidence: float = 0.95) -> float:
    """The level for intervals of comparisons picked because they looked real: 1 - (1-c) R/m.

    Keeps the share of shown intervals that miss the truth at 1 - c (Benjamini & Yekutieli 2005).

    >>> round(selected_confidence(selected=2, total=10), 4)
    0.99
    """
    critical_z(confidence)  # refuses an impossible level
    if not 1 <= selected <= total:
        raise Refusal(
            Reason.IMPOSSIBLE_COUNTS, "At least 1 comparison is picked, at most all of them."
        )
    return 1 - (1 - confidence) * selected / total


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
