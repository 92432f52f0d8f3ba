"""From answers to what a metric needs: class values, counts and a unit. One converter for all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import sqrt

import numpy as np

from gloed.stats.counts import (
    NPS_SCALE,
    PASSIVE_FROM,
    PROMOTER_FROM,
    Answers,
    FloatArray,
    Histogram,
    NetCounts,
    Scale,
    Scores,
    WeightedHistogram,
    as_floats,
    scale_points,
)
from gloed.stats.estimate import SMALL_BASE, Caveat, Estimate, Reason, Refusal, two_sided_p
from gloed.stats.intervals import as_method, interval, score_statistic

CSAT_SCALE: Scale = (1, 5)
CES_SCALE: Scale = (1, 7)
NET_CLASSES = (-1, 0, 1)


class Metric(StrEnum):
    """What is measured."""

    NPS = "nps"
    ENPS = "enps"
    CSAT = "csat"
    CSAT_MEAN = "csat_mean"
    CES = "ces"
    CES_TOP3 = "ces_top3"
    CES_NET_EASE = "ces_net_ease"


class Polarity(StrEnum):
    """Which end of the scale is the good one. Stored with the question, never guessed."""

    HIGH_IS_GOOD = "high_is_good"
    LOW_IS_GOOD = "low_is_good"


@dataclass(frozen=True, slots=True)
class Scored:
    """Counts per class value, ready for an interval, and how to print them.

    With weights, `counts` are the weighted shares times the effective base, and `n` is still
    the number of answers. `unit` is 100 for points and percentages, 1 for means. `points` is how
    many the scale has that was asked: the top two of 5 are another measure than the top two of 10.
    """

    values: tuple[float, ...]
    counts: tuple[float, ...]
    unit: float
    n: float
    caveats: tuple[Caveat, ...]
    effective_n: float | None = None
    standard_error: float | None = None
    points: int = len(scale_points(NPS_SCALE))

    @property
    def mean(self) -> float:
        """The score in the unit of `values`; exactly 0 (never -0) when the sides balance."""
        mean = self._total / sum(self.counts) + 0.0
        return min(max(mean, self.values[0]), self.values[-1])

    @property
    def value(self) -> float:
        """The score as printed: points, percent or scale units."""
        value = self.unit * self._total / sum(self.counts) + 0.0
        return min(max(value, self.unit * self.values[0]), self.unit * self.values[-1])

    @property
    def _total(self) -> float:
        return sum(v * c for v, c in zip(self.values, self.counts, strict=True))

    def rescaled(self, factor: float) -> tuple[float, ...]:
        """The counts as if the base were `factor` times as large."""
        return tuple(count * factor for count in self.counts)


def scored(
    answers: Answers,
    metric: Metric | str = Metric.NPS,
    *,
    weights: Iterable[float] | None = None,
    scale: Scale | None = None,
    polarity: Polarity | str | None = None,
) -> Scored:
    """Bring any answers into the classes of a metric; refuse what cannot be scored."""
    measure = as_metric(metric)
    counted = _distribution(answers, weights=weights, scale=scale or _default_scale(measure))
    points = len(scale_points(NPS_SCALE))
    if isinstance(counted, NetCounts):
        counted = _from_net_counts(counted, measure)
    else:
        points = points if counted.values == NET_CLASSES else len(counted.values)
        if _orientation(measure, counted.values, polarity) is Polarity.LOW_IS_GOOD:
            counted = counted.mirrored()
        counted = _grouped(counted, measure)
    if counted.n == 0 or (isinstance(counted, WeightedHistogram) and counted.total_weight == 0):
        raise Refusal(Reason.NO_ANSWERS, "Nobody has answered yet, so there is no score.")
    unit = _unit(measure)
    if isinstance(counted, WeightedHistogram):
        return replace(_scored_weighted(counted, unit), points=points)
    return replace(_scored_plain(counted, unit), points=points)


def class_values(
    scores: Scores,
    metric: Metric | str = Metric.NPS,
    *,
    scale: Scale | None = None,
    polarity: Polarity | str | None = None,
) -> FloatArray:
    """Each single answer's class value (1, 0, -1 for NPS); NaN where it does not count."""
    measure = as_metric(metric)
    points = scale_points(scale or _default_scale(measure))
    worth = dict(zip(points, _class_of(measure, points), strict=True))
    if _orientation(measure, points, polarity) is Polarity.LOW_IS_GOOD:
        worth = dict(zip(points, reversed(worth.values()), strict=True))
    listed = as_floats(scores).tolist()
    return np.array([worth.get(score, np.nan) for score in listed], dtype=np.float64)


def on_effective_base(
    values: FloatArray,
    weights: FloatArray,
    counts: FloatArray,
    *,
    variance: float,
    metric: Metric | str,
    scale: Scale | None = None,
) -> Scored:
    """Weighted answers whose variance is known otherwise, on the base that variance implies.

    Rows of class `values`, each answered `counts` times with weight `weights`; `variance` is
    that of their weighted mean. The base is the smaller of Kish's and spread / variance.
    """
    measure = as_metric(metric)
    asked = scale_points(scale or _default_scale(measure))
    classes = sorted(set(_class_of(measure, asked)))
    loads = weights * counts
    total = float(loads.sum())
    shares = [float(loads[values == value].sum()) / total for value in classes]
    mean = sum(v * s for v, s in zip(classes, shares, strict=True))
    spread = sum(s * (v - mean) ** 2 for v, s in zip(classes, shares, strict=True))
    kish = total**2 / float((weights * loads).sum())
    effective = min(kish, spread / variance) if variance > 0 and spread > 0 else kish
    n = float(counts.sum())
    unit = _unit(measure)
    return Scored(
        values=tuple(classes),
        counts=tuple(share * effective for share in shares),
        unit=unit,
        n=n,
        caveats=(Caveat.SMALL_BASE,) if n < SMALL_BASE else (),
        effective_n=effective,
        standard_error=unit * sqrt(variance),
        points=len(asked),
    )


def estimate(prepared: Scored, *, confidence: float = 0.95, method: str = "score") -> Estimate:
    """Value and interval of prepared answers."""
    name = as_method(method)
    low, high = interval(prepared.counts, prepared.values, method=name, confidence=confidence)
    value = prepared.value
    return Estimate(
        value=value,
        low=min(value, prepared.unit * float(low)),
        high=max(value, prepared.unit * float(high)),
        n=prepared.n,
        method=name.value,
        confidence=confidence,
        caveats=prepared.caveats,
        effective_n=prepared.effective_n,
        standard_error=prepared.standard_error,
    )


def p_value_against(
    answers: Answers,
    target: float,
    *,
    metric: Metric | str = Metric.NPS,
    weights: Iterable[float] | None = None,
    scale: Scale | None = None,
    polarity: Polarity | str | None = None,
) -> float:
    """Two-sided p-value of "the true score is `target`", the inversion of the score interval.

    `target` is in printed units: NPS points, percent, scale units. Against 0 an NPS gives
    McNemar's test. Refuses a target off the scale.

    >>> round(p_value_against(NetCounts(120, 50, 30), 50), 9)
    0.322881801
    """
    prepared = scored(answers, metric, weights=weights, scale=scale, polarity=polarity)
    mean = target / prepared.unit
    if not prepared.values[0] <= mean <= prepared.values[-1]:  # NaN neither
        raise Refusal(Reason.BAD_SETTING, "The target lies outside the range of the score.")
    statistic = score_statistic(prepared.counts, prepared.values, mean)
    return two_sided_p(float(statistic[0]))


def as_metric(metric: Metric | str) -> Metric:
    """The metric of this name, or a refusal that lists the names."""
    try:
        return Metric(metric)
    except ValueError:
        raise Refusal(Reason.UNKNOWN_METRIC, f"A metric is one of: {', '.join(Metric)}.") from None


def _default_scale(metric: Metric) -> Scale:
    if metric in {Metric.NPS, Metric.ENPS}:
        return NPS_SCALE
    return CSAT_SCALE if metric in {Metric.CSAT, Metric.CSAT_MEAN} else CES_SCALE


def _unit(metric: Metric) -> float:
    return 1.0 if metric in {Metric.CSAT_MEAN, Metric.CES} else 100.0


def _distribution(
    answers: Answers, *, weights: Iterable[float] | None, scale: Scale
) -> Histogram | NetCounts | WeightedHistogram:
    if not isinstance(answers, Histogram | NetCounts | WeightedHistogram):
        if weights is None:
            return Histogram.from_scores(answers, scale)
        return WeightedHistogram.from_scores(answers, weights, scale)
    if weights is not None:
        raise Refusal(
            Reason.BAD_SETTING, "Weights belong to single answers; counts cannot take them."
        )
    return answers


def _from_net_counts(counts: NetCounts, metric: Metric) -> Histogram:
    if metric not in {Metric.NPS, Metric.ENPS}:
        raise Refusal(Reason.WRONG_SCALE, "Promoters and detractors only make an NPS.")
    return Histogram(
        NET_CLASSES,
        (counts.detractors, counts.passives, counts.promoters),
        counts.missing,
        counts.out_of_range,
    )


def _orientation(
    metric: Metric, values: tuple[float, ...], polarity: Polarity | str | None
) -> Polarity:
    if polarity is not None:
        try:
            return Polarity(polarity)
        except ValueError:
            raise Refusal(
                Reason.POLARITY_UNKNOWN, f"A polarity is one of: {', '.join(Polarity)}."
            ) from None
    is_effort = metric in {Metric.CES, Metric.CES_TOP3, Metric.CES_NET_EASE}
    if is_effort and values != scale_points(CES_SCALE):
        raise Refusal(
            Reason.POLARITY_UNKNOWN,
            "Say which end of this effort scale is the good one; only 1 to 7 has a standard.",
        )
    return Polarity.HIGH_IS_GOOD


def _class_of(metric: Metric, values: tuple[float, ...]) -> tuple[float, ...]:
    """The class value of every scale point; an empty tuple leaves the scale as it is."""
    if metric in {Metric.CSAT_MEAN, Metric.CES}:
        return values
    if metric is Metric.CSAT:
        return (0,) * (len(values) - 2) + (1, 1)
    if metric in {Metric.CES_TOP3, Metric.CES_NET_EASE}:
        if len(values) != len(scale_points(CES_SCALE)):
            raise Refusal(
                Reason.WRONG_SCALE, "Top three and net ease are made for a scale of seven points."
            )
        return (0, 0, 0, 0, 1, 1, 1) if metric is Metric.CES_TOP3 else (-1, -1, -1, 0, 1, 1, 1)
    if values == NET_CLASSES:
        return values
    if values != scale_points(NPS_SCALE):
        raise Refusal(Reason.WRONG_SCALE, "An NPS is asked on a scale of 0 to 10 and on no other.")
    return tuple(
        1 if value >= PROMOTER_FROM else 0 if value >= PASSIVE_FROM else -1 for value in values
    )


def _grouped(
    counted: Histogram | WeightedHistogram, metric: Metric
) -> Histogram | WeightedHistogram:
    classes = _class_of(metric, counted.values)
    if classes == counted.values:
        return counted
    values = tuple(sorted(set(classes)))

    def gather(row: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(
            sum(c for c, k in zip(row, classes, strict=True) if k == value) for value in values
        )

    left_out = (counted.missing, counted.out_of_range)
    if isinstance(counted, Histogram):
        return Histogram(values, gather(counted.counts), *left_out)
    return WeightedHistogram(
        values, gather(counted.counts), gather(counted.weights), gather(counted.squares), *left_out
    )


def _caveats(counted: Histogram | WeightedHistogram) -> tuple[Caveat, ...]:
    stated = {
        Caveat.SMALL_BASE: counted.n < SMALL_BASE,
        Caveat.WEIGHTED: isinstance(counted, WeightedHistogram),
        Caveat.MISSING_ANSWERS: counted.missing > 0,
        Caveat.OUT_OF_RANGE: counted.out_of_range > 0,
    }
    return tuple(caveat for caveat, holds in stated.items() if holds)


def _scored_plain(counted: Histogram, unit: float) -> Scored:
    mean = counted.mean
    squares = sum(c * (v - mean) ** 2 for v, c in zip(counted.values, counted.counts, strict=True))
    return Scored(
        values=counted.values,
        counts=counted.counts,
        unit=unit,
        n=counted.n,
        caveats=_caveats(counted),
        standard_error=unit * sqrt(squares) / counted.n,
    )


def _scored_weighted(counted: WeightedHistogram, unit: float) -> Scored:
    """Weighted shares on an effective base, the smaller of Kish's and the variance's own."""
    total = counted.total_weight
    shares = [weight / total for weight in counted.weights]
    mean = sum(v * s for v, s in zip(counted.values, shares, strict=True))
    away = [(value - mean) ** 2 for value in counted.values]
    kish = total**2 / sum(counted.squares)
    error = None
    effective = kish
    if counted.n > 1:
        scatter = sum(q * a for q, a in zip(counted.squares, away, strict=True)) / total**2
        variance = counted.n / (counted.n - 1) * scatter
        error = unit * sqrt(variance)
        if variance > 0:
            spread = sum(s * a for s, a in zip(shares, away, strict=True))
            effective = min(kish, spread / variance)
    return Scored(
        values=counted.values,
        counts=tuple(share * effective for share in shares),
        unit=unit,
        n=counted.n,
        caveats=_caveats(counted),
        effective_n=effective,
        standard_error=error,
    )
