"""CES: how easy it was. The 1-7 agreement of CES 2.0, or the inverted 1-5 effort of 2010."""

from collections.abc import Iterable

from gloed.stats.counts import Answers, Scale
from gloed.stats.estimate import Estimate
from gloed.stats.scored import CES_SCALE, Metric, Polarity, estimate, scored


def ces(
    answers: Answers,
    *,
    scale: Scale = CES_SCALE,
    polarity: Polarity | str | None = None,
    weights: Iterable[float] | None = None,
    confidence: float = 0.95,
    method: str = "score",
) -> Estimate:
    """Mean ease in scale units; high is always easy in the result.

    On 1-7 the agreement "it was easy" (Dixon, Toman & DeLisi 2013) is taken. Any other scale
    needs its `polarity`: the original 1-5 effort (Dixon, Freeman & Toman 2010) is
    "low_is_good" and shown as ease = 6 - effort.

    >>> from gloed.stats import Histogram
    >>> ease = ces(Histogram.of([2, 3, 5, 10, 20, 30, 30], scale=(1, 7)))
    >>> round(ease.value, 6), round(ease.low, 6), round(ease.high, 6)
    (5.53, 5.208581, 5.788003)
    >>> ces([1, 2, 2], scale=(1, 5), polarity="low_is_good").value == 13 / 3
    True
    """
    prepared = scored(answers, Metric.CES, weights=weights, scale=scale, polarity=polarity)
    return estimate(prepared, confidence=confidence, method=method)


def ces_top3(
    answers: Answers,
    *,
    scale: Scale = CES_SCALE,
    polarity: Polarity | str | None = None,
    weights: Iterable[float] | None = None,
    confidence: float = 0.95,
    method: str = "score",
) -> Estimate:
    """Share of answers on the easy three of seven points (5-7), in percent; Wilson's interval.

    >>> ces_top3([7, 6, 5, 4]).value
    75.0
    """
    prepared = scored(answers, Metric.CES_TOP3, weights=weights, scale=scale, polarity=polarity)
    return estimate(prepared, confidence=confidence, method=method)


def ces_net_ease(
    answers: Answers,
    *,
    scale: Scale = CES_SCALE,
    polarity: Polarity | str | None = None,
    weights: Iterable[float] | None = None,
    confidence: float = 0.95,
    method: str = "score",
) -> Estimate:
    """Share easy (5-7) minus share hard (1-3) on seven points, in points from -100 to 100.

    >>> ces_net_ease([7, 6, 4, 1]).value
    25.0
    """
    prepared = scored(answers, Metric.CES_NET_EASE, weights=weights, scale=scale, polarity=polarity)
    return estimate(prepared, confidence=confidence, method=method)
