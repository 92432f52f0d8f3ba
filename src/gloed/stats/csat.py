"""CSAT: the share of satisfied answers, and their mean."""

from collections.abc import Iterable

from gloed.stats.counts import Answers, Scale
from gloed.stats.estimate import Estimate
from gloed.stats.scored import CSAT_SCALE, Metric, Polarity, estimate, scored


def csat(
    answers: Answers,
    *,
    scale: Scale = CSAT_SCALE,
    polarity: Polarity | str | None = None,
    weights: Iterable[float] | None = None,
    confidence: float = 0.95,
    method: str = "score",
) -> Estimate:
    """Share of answers on the top two points of the scale, in percent.

    `scale` is used for plain scores; a histogram brings its own. `polarity` "low_is_good" reads
    a scale on which 1 is best. The score interval of a share is Wilson's (1927). Never compare
    top two of 5 points with top two of 10.

    >>> share = csat([5] * 20 + [4] * 23 + [3] * 10 + [1] * 7)
    >>> round(share.value, 2), round(share.low, 4), round(share.high, 4)
    (71.67, 59.2327, 81.4932)
    """
    prepared = scored(answers, Metric.CSAT, weights=weights, scale=scale, polarity=polarity)
    return estimate(prepared, confidence=confidence, method=method)


def csat_mean(
    answers: Answers,
    *,
    scale: Scale = CSAT_SCALE,
    polarity: Polarity | str | None = None,
    weights: Iterable[float] | None = None,
    confidence: float = 0.95,
    method: str = "score",
) -> Estimate:
    """Mean answer in scale units, with the multinomial score interval.

    >>> from gloed.stats import Histogram
    >>> mean = csat_mean(Histogram.of([1, 4, 10, 25, 20], scale=(1, 5)))
    >>> round(mean.value, 6), round(mean.low, 6), round(mean.high, 6)
    (3.983333, 3.705418, 4.203358)
    """
    prepared = scored(answers, Metric.CSAT_MEAN, weights=weights, scale=scale, polarity=polarity)
    return estimate(prepared, confidence=confidence, method=method)
