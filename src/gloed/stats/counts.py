"""What a score is computed from: counts per scale point, exact and mergeable."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from numbers import Integral
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gloed.stats.estimate import Reason, Refusal

Scale: TypeAlias = tuple[int, int]
Scores: TypeAlias = Iterable[float | None]
FloatArray: TypeAlias = NDArray[np.float64]

NPS_SCALE: Scale = (0, 10)
PROMOTER_FROM = 9
PASSIVE_FROM = 7
FARTHEST_POINT = 1000
"""No scale reaches further from 0 than this."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts per point of a scale, with what was left out beside them.

    `values` holds every point of the scale, used or not: a point nobody chose still belongs to
    the scale. Counts may be fractional. Merging is addition.

    >>> scores = Histogram.from_scores([10, 9, 3, None, 12], scale=(0, 10))
    >>> scores.n, scores.missing, scores.out_of_range
    (3, 1, 1)
    >>> (scores + scores).n
    6
    """

    values: tuple[float, ...]
    counts: tuple[float, ...]
    missing: int = 0
    out_of_range: int = 0

    def __post_init__(self) -> None:
        _check_values(self.values)
        _check_counts(self.counts, length=len(self.values))
        _check_counts((self.missing, self.out_of_range), length=2)

    @classmethod
    def empty(cls, scale: Scale = NPS_SCALE) -> Self:
        """Nobody has answered yet: the start of a sum of histograms."""
        points = scale_points(scale)
        return cls(points, (0,) * len(points))

    @classmethod
    def of(cls, counts: Sequence[float], *, scale: Scale = NPS_SCALE) -> Self:
        """Counts for each whole point of the scale, lowest point first."""
        return cls(scale_points(scale), tuple(counts))

    @classmethod
    def from_scores(cls, scores: Scores, scale: Scale = NPS_SCALE) -> Self:
        """Count answers. Empty ones (None, NaN) and those off the scale are counted apart."""
        points = scale_points(scale)
        ratings = as_floats(scores)
        answered = ratings[~np.isnan(ratings)]
        on_scale = _on_scale(answered, scale)
        counted = np.bincount(
            (answered[on_scale] - scale[0]).astype(np.int64), minlength=len(points)
        )
        return cls(
            points,
            tuple(int(count) for count in counted),
            missing=len(ratings) - len(answered),
            out_of_range=len(answered) - int(on_scale.sum()),
        )

    @property
    def n(self) -> float:
        """The number of answers counted."""
        return sum(self.counts)

    @property
    def mean(self) -> float:
        """The average answer. Refused when nobody has answered."""
        if self.n == 0:
            raise Refusal(Reason.NO_ANSWERS, "An average needs at least one answer.")
        return sum(v * c for v, c in zip(self.values, self.counts, strict=True)) / self.n

    def mirrored(self) -> Self:
        """The same answers on the scale read the other way round (ease = 6 - effort)."""
        turn = self.values[0] + self.values[-1]
        return type(self)(
            tuple(turn - value for value in reversed(self.values)),
            self.counts[::-1],
            self.missing,
            self.out_of_range,
        )

    def __add__(self, other: Self) -> Self:
        if not isinstance(other, Histogram):
            return NotImplemented
        if self.values != other.values:
            raise Refusal(
                Reason.DIFFERENT_SCALES, "Answers on different scales cannot be added together."
            )
        return type(self)(
            self.values,
            tuple(a + b for a, b in zip(self.counts, other.counts, strict=True)),
            self.missing + other.missing,
            self.out_of_range + other.out_of_range,
        )


@dataclass(frozen=True, slots=True)
class NetCounts:
    """Promoters (9-10), passives (7-8) and detractors (0-6): all an NPS needs.

    >>> NetCounts.from_scores([10, 9, 8, 2])
    NetCounts(promoters=2, passives=1, detractors=1, missing=0, out_of_range=0)
    """

    promoters: float
    passives: float
    detractors: float
    missing: int = 0
    out_of_range: int = 0

    def __post_init__(self) -> None:
        _check_counts(
            (self.promoters, self.passives, self.detractors, self.missing, self.out_of_range),
            length=5,
        )

    @classmethod
    def from_histogram(cls, histogram: Histogram) -> Self:
        """The three classes of a 0-10 histogram; any other scale is refused."""
        if histogram.values != scale_points(NPS_SCALE):
            raise Refusal(
                Reason.WRONG_SCALE, "An NPS is asked on a scale of 0 to 10 and on no other."
            )
        return cls(
            promoters=sum(histogram.counts[PROMOTER_FROM:]),
            passives=sum(histogram.counts[PASSIVE_FROM:PROMOTER_FROM]),
            detractors=sum(histogram.counts[:PASSIVE_FROM]),
            missing=histogram.missing,
            out_of_range=histogram.out_of_range,
        )

    @classmethod
    def from_scores(cls, scores: Scores) -> Self:
        """Count 0-10 answers by class."""
        return cls.from_histogram(Histogram.from_scores(scores, NPS_SCALE))

    @property
    def n(self) -> float:
        """The number of answers counted."""
        return self.promoters + self.passives + self.detractors

    def mirrored(self) -> Self:
        """Promoters and detractors exchanged."""
        return type(self)(
            self.detractors, self.passives, self.promoters, self.missing, self.out_of_range
        )

    def __add__(self, other: Self) -> Self:
        if not isinstance(other, NetCounts):
            return NotImplemented
        return type(self)(
            self.promoters + other.promoters,
            self.passives + other.passives,
            self.detractors + other.detractors,
            self.missing + other.missing,
            self.out_of_range + other.out_of_range,
        )


@dataclass(frozen=True, slots=True)
class WeightedHistogram:
    """Answers that count unequally: per scale point their number, sum w and sum w squared.

    Exactly mergeable when the weights were known at answer time (methods 4.3; for weights that
    depend on the filter use `gloed.stats.weighting`). Answers of weight 0 are left out.

    >>> WeightedHistogram.from_scores([10, 3], [1, 2]).total_weight
    3.0
    """

    values: tuple[float, ...]
    counts: tuple[float, ...]
    weights: tuple[float, ...]
    squares: tuple[float, ...]
    missing: int = 0
    out_of_range: int = 0

    def __post_init__(self) -> None:
        _check_values(self.values)
        for row in (self.counts, self.weights, self.squares):
            _check_counts(row, length=len(self.values))
        _check_counts((self.missing, self.out_of_range), length=2)
        for point in zip(self.counts, self.weights, self.squares, strict=True):
            if any(point) and not all(point):
                raise Refusal(
                    Reason.IMPOSSIBLE_COUNTS,
                    "Answers, their weights and the squares of these go together.",
                )

    @classmethod
    def from_scores(
        cls, scores: Scores, weights: Iterable[float], scale: Scale = NPS_SCALE
    ) -> Self:
        """Count weighted answers; a negative or missing weight is refused."""
        points = scale_points(scale)
        ratings = as_floats(scores)
        loads = as_weights(weights, length=len(ratings))
        ratings, loads = ratings[loads > 0], loads[loads > 0]
        answered = ~np.isnan(ratings)
        on_scale = answered & _on_scale(ratings, scale)
        slots = (ratings[on_scale] - scale[0]).astype(np.int64)
        counted, summed, squared = (
            np.bincount(slots, weights=load, minlength=len(points)).tolist()
            for load in (None, loads[on_scale], loads[on_scale] ** 2)
        )
        return cls(
            points,
            tuple(counted),
            tuple(summed),
            tuple(squared),
            missing=int((~answered).sum()),
            out_of_range=int((answered & ~on_scale).sum()),
        )

    @property
    def n(self) -> float:
        """The number of answers counted, whatever their weight."""
        return sum(self.counts)

    @property
    def total_weight(self) -> float:
        """Sum of the weights."""
        return sum(self.weights)

    def mirrored(self) -> Self:
        """The same answers on the scale read the other way round."""
        turn = self.values[0] + self.values[-1]
        return type(self)(
            tuple(turn - value for value in reversed(self.values)),
            self.counts[::-1],
            self.weights[::-1],
            self.squares[::-1],
            self.missing,
            self.out_of_range,
        )

    def __add__(self, other: Self) -> Self:
        if not isinstance(other, WeightedHistogram):
            return NotImplemented
        if self.values != other.values:
            raise Refusal(
                Reason.DIFFERENT_SCALES, "Answers on different scales cannot be added together."
            )
        return type(self)(
            self.values,
            tuple(a + b for a, b in zip(self.counts, other.counts, strict=True)),
            tuple(a + b for a, b in zip(self.weights, other.weights, strict=True)),
            tuple(a + b for a, b in zip(self.squares, other.squares, strict=True)),
            self.missing + other.missing,
            self.out_of_range + other.out_of_range,
        )


Answers: TypeAlias = Histogram | NetCounts | WeightedHistogram | Scores


def scale_points(scale: Scale) -> tuple[int, ...]:
    """Every whole point from the lowest to the highest.

    >>> scale_points((1, 5))
    (1, 2, 3, 4, 5)
    """
    whole = all_finite(scale) and all(int(end) == end for end in scale)
    if not whole or len(scale) != 2 or not -FARTHEST_POINT <= scale[0] < scale[1] <= FARTHEST_POINT:
        raise Refusal(
            Reason.BAD_SCALE, "A scale runs from one whole number up to a higher whole number."
        )
    return tuple(range(int(scale[0]), int(scale[1]) + 1))


def as_floats(numbers: Iterable[float | None]) -> FloatArray:
    """A flat array of numbers; None becomes NaN; anything else that is no number is refused."""
    try:
        listed = numbers if isinstance(numbers, np.ndarray) else list(numbers)
        floats = np.asarray(listed, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise Refusal(Reason.NOT_A_NUMBER, "These are not all numbers.") from problem
    if floats.ndim != 1:
        raise Refusal(Reason.NOT_A_NUMBER, "One plain list of numbers is needed.")
    return floats


def all_finite(numbers: Iterable[float]) -> bool:
    """Whether every one is a finite number; what is no number at all is none."""
    try:
        return all(isfinite(number) for number in numbers)
    except (TypeError, OverflowError):
        return False


def how_many(number: int) -> int:
    """A setting that counts something: a whole number of 1 or more, or refused.

    >>> how_many(1000)
    1000
    """
    if isinstance(number, bool) or not isinstance(number, Integral) or number < 1:
        raise Refusal(Reason.BAD_SETTING, "A whole number of 1 or more is needed here.")
    return int(number)


def as_weights(weights: Iterable[float], *, length: int) -> FloatArray:
    """Weights beside `length` answers: finite and not negative, or refused."""
    loads = as_floats(weights)
    if len(loads) != length:
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every answer needs exactly one weight.")
    if not np.isfinite(loads).all():
        raise Refusal(Reason.NOT_A_NUMBER, "A weight is missing or infinite.")
    if (loads < 0).any():
        raise Refusal(Reason.NEGATIVE_WEIGHT, "A weight cannot be negative.")
    return loads


def _on_scale(ratings: FloatArray, scale: Scale) -> NDArray[np.bool_]:
    whole: NDArray[np.bool_] = ratings == np.floor(ratings)
    return whole & (ratings >= scale[0]) & (ratings <= scale[1])


def _check_values(values: tuple[float, ...]) -> None:
    if len(values) < 2 or not all_finite(values) or not all(a < b for a, b in pairwise(values)):
        raise Refusal(Reason.BAD_SCALE, "A scale has two or more points, in rising order.")


def _check_counts(counts: tuple[float, ...], *, length: int) -> None:
    if len(counts) != length:
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every point of the scale needs one count.")
    if not all_finite(counts):
        raise Refusal(Reason.NOT_A_NUMBER, "A count is missing or infinite.")
    if min(counts) < 0:
        raise Refusal(Reason.NEGATIVE_COUNT, "A count cannot be negative.")
