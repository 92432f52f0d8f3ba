"""The metrics Gloed asks in, their scales and the bands of an answer."""

from dataclasses import dataclass
from enum import StrEnum


class Metric(StrEnum):
    """A family of question; the scale says which variant."""

    NPS = "nps"
    CSAT = "csat"
    CES = "ces"
    ENPS = "enps"
    STARS = "stars"
    THUMBS = "thumbs"


class Band(StrEnum):
    """The band of one answer: never a judgement of a person."""

    PROMOTER = "promoter"
    PASSIVE = "passive"
    DETRACTOR = "detractor"


@dataclass(frozen=True, slots=True)
class Scale:
    """The whole numbers somebody may choose from, ends included.

    `high_is_good` is stored with the question and never guessed (the first CES counted effort).
    """

    minimum: int
    maximum: int
    high_is_good: bool = True

    def __contains__(self, rating: object) -> bool:
        return isinstance(rating, int) and self.minimum <= rating <= self.maximum

    @property
    def values(self) -> tuple[int, ...]:
        """All ratings, lowest first."""
        return tuple(range(self.minimum, self.maximum + 1))


class Presentation(StrEnum):
    """How the steps of a scale are drawn; the words at its ends are always there."""

    NUMBERS = "numbers"
    FACES = "faces"
    THUMBS = "thumbs"
    STARS = "stars"


SCALES: dict[Metric, tuple[Scale, ...]] = {
    Metric.NPS: (Scale(0, 10),),
    Metric.ENPS: (Scale(0, 10),),
    Metric.CSAT: (Scale(1, 5), Scale(1, 10), Scale(1, 7), Scale(1, 3), Scale(0, 2), Scale(0, 1)),
    Metric.CES: (Scale(1, 7), Scale(1, 5), Scale(1, 5, high_is_good=False)),
    Metric.STARS: (Scale(1, 5),),
    Metric.THUMBS: (Scale(0, 1),),
}


def satisfied_from(scale: Scale) -> int:
    """The lowest rating that counts as satisfied, or as easy: the top boxes of the scale."""
    top = {(1, 5): 4, (1, 10): 9, (1, 7): 5, (1, 3): 3, (0, 2): 2}
    top |= {(0, 1): 1, (0, 10): 9}
    return top[scale.minimum, scale.maximum]


def band_of(metric: Metric, scale: Scale, rating: int) -> Band:
    """The band of an answer, for filters and lists on any metric.

    NPS by its own definition; elsewhere the satisfied end, the unsatisfied end and the middle.
    """
    if metric in (Metric.NPS, Metric.ENPS):
        if rating >= 9:
            return Band.PROMOTER
        return Band.PASSIVE if rating >= 7 else Band.DETRACTOR
    good = rating if scale.high_is_good else scale.minimum + scale.maximum - rating
    if good >= satisfied_from(scale):
        return Band.PROMOTER
    middle = (scale.minimum + scale.maximum) / 2
    return Band.PASSIVE if good >= middle else Band.DETRACTOR


PRESENTATIONS: dict[Presentation, frozenset[tuple[int, int]]] = {
    Presentation.FACES: frozenset({(1, 5), (1, 3), (0, 2)}),
    Presentation.THUMBS: frozenset({(0, 1)}),
    Presentation.STARS: frozenset({(1, 5), (1, 3)}),
}
"""The scales a drawing fits; numbers fit every one."""


def presentations_for(metric: Metric | None, scale: Scale) -> tuple[Presentation, ...]:
    """How a scale may be drawn, the usual way first.

    Recommending is never drawn: a face beside a number would lead the answer.

    >>> [kind.value for kind in presentations_for(Metric.CSAT, Scale(1, 5))]
    ['numbers', 'faces', 'stars']
    """
    if metric in (Metric.NPS, Metric.ENPS, Metric.CES) or not scale.high_is_good:
        return (Presentation.NUMBERS,)
    ends = (scale.minimum, scale.maximum)
    drawn = [kind for kind, scales in PRESENTATIONS.items() if ends in scales]
    if metric is Metric.STARS:
        return (Presentation.STARS, Presentation.NUMBERS)
    if metric is Metric.THUMBS:
        return (Presentation.THUMBS, Presentation.NUMBERS)
    return (Presentation.NUMBERS, *drawn)
