"""Several answers per customer: they are not independent, so each customer counts once."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gloed.stats.counts import Scale, Scores, as_weights
from gloed.stats.estimate import Caveat, Estimate, Reason, Refusal
from gloed.stats.scored import Metric, Polarity, class_values, estimate, on_effective_base


def repeated_respondents(
    scores: Scores,
    customers: Sequence[Hashable],
    *,
    metric: Metric | str = Metric.NPS,
    scale: Scale | None = None,
    polarity: Polarity | str | None = None,
    weights: Iterable[float] | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Score of answers of which some come from the same customer.

    v = G/(G-1) sum (A - tB)^2 / (sum B)^2 over G customers, A = sum w x, B = sum w. The interval
    is the score interval on the base this variance implies. `n` counts answers. Agrees with
    `survey::svydesign(ids = ~customer)`. Refuses fewer than two customers.

    >>> score = repeated_respondents([9, 9, 0, 7, 9, 0, 0, 9], [1, 1, 2, 2, 3, 4, 4, 5])
    >>> round(score.standard_error, 6)
    46.809851
    """
    values = class_values(scores, metric, scale=scale, polarity=polarity)
    if len(values) != len(customers):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every answer needs its customer.")
    loads = np.ones(len(values)) if weights is None else as_weights(weights, length=len(values))
    kept = ~np.isnan(values) & (loads > 0)
    values = values[kept]
    loads = loads[kept] / loads[kept].max(initial=0)
    place: dict[Hashable, int] = {}
    owner = np.array(
        [place.setdefault(c, len(place)) for c, k in zip(customers, kept, strict=True) if k],
        dtype=np.int64,
    )
    if len(place) < 2:
        raise Refusal(Reason.TOO_FEW, "Two or more customers are needed to say how sure this is.")
    summed = np.bincount(owner, weights=loads * values)
    load = np.bincount(owner, weights=loads)
    score = float(summed.sum() / load.sum())
    scatter = float(((summed - score * load) ** 2).sum()) / float(load.sum()) ** 2
    variance = len(place) / (len(place) - 1) * scatter
    once = np.ones(len(values))
    prepared = on_effective_base(values, loads, once, variance=variance, metric=metric, scale=scale)
    caveats = (Caveat.REPEATED_RESPONDENTS,) if len(place) < len(values) else ()
    prepared = replace(prepared, caveats=(*prepared.caveats, *caveats))
    return replace(estimate(prepared, confidence=confidence), method="clustered_score")


def latest_per_customer(customers: Sequence[Hashable], moments: Sequence[Any]) -> tuple[int, ...]:
    """Positions of each customer's latest answer, in the order given; of equals, the last.

    Refuses an answer without a moment.

    >>> latest_per_customer(["a", "b", "a"], [1, 1, 2])
    (1, 2)
    """
    if len(customers) != len(moments):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every answer needs its customer and its moment.")
    if any(moment is None or moment != moment for moment in moments):  # NaN is not itself
        raise Refusal(Reason.NOT_A_NUMBER, "The moment of an answer is missing.")
    latest: dict[Hashable, int] = {}
    for position, customer in enumerate(customers):
        held = latest.get(customer)
        if held is None or moments[position] >= moments[held]:
            latest[customer] = position
    return tuple(sorted(latest.values()))
