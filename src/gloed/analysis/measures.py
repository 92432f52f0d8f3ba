"""How a metric on a scale is scored: which statistic, in which unit, between which ends.

All arithmetic is `gloed.stats`; here only the choice is made, in one place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

import numpy as np

from gloed.stats import (
    Caveat,
    Estimate,
    Histogram,
    NetCounts,
    ces,
    csat_mean,
    difference,
    mover_p_values,
    nps,
    score_interval,
)
from gloed.stats import Metric as Statistic
from gloed.stats.difference import EXACT_UP_TO
from gloed.stats.estimate import SMALL_BASE, critical_z, two_sided_p
from gloed.stats.intervals import score_statistic
from gloed.surveys.rules import Band, Metric, Scale, band_of, satisfied_from


class Kind(StrEnum):
    """How a score is read."""

    POINTS = "points"  # -100 to 100
    SHARE = "share"  # 0 to 1
    MEAN = "mean"  # on the scale


@dataclass(frozen=True, slots=True)
class Measure:
    """One statistic of one metric on one scale."""

    metric: Metric
    scale: Scale
    kind: Kind

    @property
    def low(self) -> float:
        """The lowest score there can be."""
        return {Kind.POINTS: -100.0, Kind.SHARE: 0.0}.get(self.kind, float(self.scale.minimum))

    @property
    def high(self) -> float:
        """The highest score there can be."""
        return {Kind.POINTS: 100.0, Kind.SHARE: 1.0}.get(self.kind, float(self.scale.maximum))

    @property
    def label(self) -> str:
        """What the score is called: the field's own word, in every language."""
        names = {Metric.NPS: "NPS", Metric.ENPS: "eNPS", Metric.CSAT: "CSAT", Metric.CES: "CES"}
        return names.get(self.metric, "CSAT")

    def estimate(self, histogram: Histogram) -> Estimate:
        """The score with its interval. Raises `stats.Refusal` when nobody has answered."""
        ready = self._ready(histogram)
        if self.kind is Kind.POINTS:
            return nps(ready)
        if self.kind is Kind.SHARE or self.metric is not Metric.CES:
            return csat_mean(ready)
        return ces(ready, polarity="high_is_good")

    def estimates(self, histograms: Sequence[Histogram]) -> list[Estimate]:
        """The same for many at once; nobody may be empty."""
        if not histograms:
            return []
        values = np.array(self._class_values)
        table = np.array([self._classes(one) for one in histograms], dtype=np.float64)
        n = table.sum(axis=1)
        means = table @ values / n + 0.0
        low, high = score_interval(table, values, critical_z(0.95))
        unit = 100.0 if self.kind is Kind.POINTS else 1.0
        return [
            Estimate(
                value=unit * float(means[i]),
                low=unit * min(float(low[i]), float(means[i])),
                high=unit * max(float(high[i]), float(means[i])),
                n=float(n[i]),
                method="score",
                caveats=(Caveat.SMALL_BASE,) if n[i] < SMALL_BASE else (),
            )
            for i in range(len(n))
        ]

    def difference(
        self, before: Histogram, after: Histogram, *, confidence: float = 0.95
    ) -> Estimate:
        """After minus before, with its interval and p-value. Raises `Refusal` on an empty side."""
        return difference(
            self._ready(before),
            self._ready(after),
            metric=self._statistic,
            polarity="high_is_good",
            confidence=confidence,
        )

    def net_counts(self, histogram: Histogram) -> NetCounts:
        """Three classes with the same mean and variance as the ratings on -1 to 1.

        With them every statistic of three classes holds for this measure too; `net_unit` brings
        its points back into the unit of the score. Exact for points and shares; fractional counts
        for a mean, and never off its value: where answers lie closer together than three classes
        can, the variance is the smallest that three classes with that mean have.
        """
        classes, values = self._classes(histogram), self._class_values
        middle, half = (values[0] + values[-1]) / 2, (values[-1] - values[0]) / 2
        places = [(value - middle) / half for value in values]
        first = sum(y * c for y, c in zip(places, classes, strict=True))
        second = sum(y * y * c for y, c in zip(places, classes, strict=True))
        second = max(second, abs(first))  # answers so alike have no three classes: wider, not off
        return NetCounts(
            promoters=max(0.0, (second + first) / 2),
            passives=max(0.0, sum(classes) - second),
            detractors=max(0.0, (second - first) / 2),
        )

    @property
    def net_unit(self) -> float:
        """How much of the score's unit one point of `net_counts` is."""
        return (self.high - self.low) / 200

    def points_of(self, value: float) -> float:
        """A score on the scale of `net_counts`, from -100 to 100."""
        return (value - (self.low + self.high) / 2) / self.net_unit

    def value_of(self, points: float) -> float:
        """The reverse of `points_of`."""
        return (self.low + self.high) / 2 + points * self.net_unit

    def from_points(self, score: Estimate) -> Estimate:
        """An estimate made of `net_counts`, in the unit of the score."""
        ends = (None if end is None else self.value_of(end) for end in (score.low, score.high))
        low, high = ends
        return replace(score, value=self.value_of(score.value), low=low, high=high)

    def mean(self, histogram: Histogram) -> float:
        """The score without its interval, to compare many quickly."""
        classes, values = self._classes(histogram), self._class_values
        return sum(v * c for v, c in zip(values, classes, strict=True)) / sum(classes)

    def p_values(self, pairs: Sequence[tuple[Histogram, Histogram]]) -> list[float]:
        """The p-value of each difference, many at once; exact where both sides are small."""
        if not pairs:
            return []
        first = np.array([self._classes(before) for before, _ in pairs], dtype=np.float64)
        second = np.array([self._classes(after) for _, after in pairs], dtype=np.float64)
        p_values = [float(p) for p in mover_p_values(first, second, self._class_values)]
        for place, (before, after) in enumerate(pairs):
            if max(before.n, after.n) <= EXACT_UP_TO:
                p_values[place] = p_value_of(self.difference(before, after))
        return p_values

    def p_values_against(self, histograms: Sequence[Histogram], value: float) -> list[float]:
        """The p-value of "the true score is `value`" for many: the inversion of their intervals.

        A value off the scale is taken as the end it lies beyond.
        """
        if not histograms:
            return []
        table = np.array([self._classes(one) for one in histograms], dtype=np.float64)
        points = np.array(self._class_values)
        mean = value / (100.0 if self.kind is Kind.POINTS else 1.0)
        statistic = score_statistic(table, points, min(max(mean, points[0]), points[-1]))
        return [two_sided_p(float(one)) for one in statistic]

    @property
    def _statistic(self) -> Statistic:
        return Statistic.NPS if self.kind is Kind.POINTS else Statistic.CSAT_MEAN

    @property
    def _class_values(self) -> tuple[float, ...]:
        if self.kind is Kind.POINTS:
            return (-1.0, 0.0, 1.0)
        return (0.0, 1.0) if self.kind is Kind.SHARE else tuple(map(float, self.scale.values))

    def _classes(self, histogram: Histogram) -> tuple[float, ...]:
        if self.kind is Kind.POINTS:
            bands = band_counts(self.metric, self.scale, histogram)
            return (bands[Band.DETRACTOR], bands[Band.PASSIVE], bands[Band.PROMOTER])
        return self._ready(histogram).counts

    def _ready(self, histogram: Histogram) -> Histogram:
        """The good end up, classes as the statistic wants them, what was left out left out."""
        plain = Histogram(histogram.values, histogram.counts)
        if not self.scale.high_is_good:
            plain = plain.mirrored()
        if self.kind is not Kind.SHARE:
            return plain
        top = satisfied_from(self.scale)
        good = sum(c for v, c in zip(plain.values, plain.counts, strict=True) if v >= top)
        return Histogram((0, 1), (plain.n - good, good))


def p_value_of(change: Estimate) -> float:
    """The exact p-value where both sides are small, else the inversion of the interval."""
    exact = change.p_value if change.exact_p_value is None else change.exact_p_value
    return 1.0 if exact is None else exact


@lru_cache(maxsize=64)
def measures_of(metric: Metric, scale: Scale) -> tuple[Measure, ...]:
    """The statistics of a metric, the main one first."""
    if metric in (Metric.NPS, Metric.ENPS):
        return (Measure(metric, scale, Kind.POINTS),)
    share, mean = (Measure(metric, scale, kind) for kind in (Kind.SHARE, Kind.MEAN))
    if metric is Metric.THUMBS:
        return (share,)
    return (mean, share) if metric is Metric.CES else (share, mean)


def measure_of(metric: Metric, scale: Scale) -> Measure:
    """The main statistic of a metric on a scale."""
    return measures_of(metric, scale)[0]


@lru_cache(maxsize=64)
def bands_of(metric: Metric, scale: Scale) -> dict[int, Band]:
    """The band of each rating of a scale."""
    return {rating: band_of(metric, scale, rating) for rating in scale.values}


def band_counts(metric: Metric, scale: Scale, histogram: Histogram) -> dict[Band, float]:
    """Answers per band."""
    bands = bands_of(metric, scale)
    counts = dict.fromkeys(Band, 0.0)
    for rating, count in zip(scale.values, histogram.counts, strict=True):
        counts[bands[rating]] += count
    return counts


def ratings_of(metric: Metric, scale: Scale, band: Band) -> tuple[int, ...]:
    """The ratings that make a band."""
    return tuple(rating for rating, own in bands_of(metric, scale).items() if own is band)
