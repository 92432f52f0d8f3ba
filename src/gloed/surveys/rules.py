"""The metrics Gloed asks in, their scales and the bands of an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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


SCALES: dict[Metric, tuple[Scale, ...]] = {
    Metric.NPS: (Scale(0, 10),),
    Metric.ENPS: (Scale(0, 10),),
    Metric.CSAT: (Scale(1, 5), Scale(1, 10), Scale(1, 7), Scale(1, 3), Scale(0, 2)),
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


RATING_POSITION = 1
OPEN_POSITION = 2
TEXT_LIMIT = 400
LABEL_LIMIT = 80


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """A question in one language; the labels stand at the ends of a scale."""

    text: str
    low_label: str = ""
    high_label: str = ""


@dataclass(frozen=True, slots=True)
class OpenWords:
    """The open question in one language, for everybody and per band of the rating."""

    everybody: str
    by_band: Mapping[Band, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """What a version asks: one rating question and one open question, in each language."""

    metric: Metric
    scale: Scale
    rating: Mapping[str, QuestionWords]
    open: Mapping[str, OpenWords]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it is written in, the main one first."""
        return tuple(self.rating)


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of a published version; an open one has no scale."""

    id: int
    position: int
    kind: str
    scale: Scale | None


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A published version as it is asked: it never changes, so it may be kept in memory.

    `words` are found by position, language and band ("" is for everybody).
    """

    id: int
    number: int
    metric: Metric
    questions: tuple[AskedQuestion, ...]
    words: Mapping[tuple[int, str, str], QuestionWords]
    by_position: Mapping[int, AskedQuestion]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages its rating question is written in."""
        return tuple(
            language for position, language, _ in self.words if position == RATING_POSITION
        )


class Problem(StrEnum):
    """What keeps a survey from being published."""

    NO_LANGUAGE = "no_language"
    NO_QUESTION = "no_question"
    NO_LABELS = "no_labels"
    NO_OPEN_QUESTION = "no_open_question"
    TOO_LONG = "too_long"
    UNKNOWN_SCALE = "unknown_scale"


def problems_of(content: Content) -> tuple[tuple[Problem, str], ...]:
    """What is still missing before content can be asked, each with the language it is about."""
    found: list[tuple[Problem, str]] = []
    if not content.rating:
        found.append((Problem.NO_LANGUAGE, ""))
    if content.scale not in SCALES[content.metric]:
        found.append((Problem.UNKNOWN_SCALE, ""))
    for language, words in content.rating.items():
        if not words.text.strip():
            found.append((Problem.NO_QUESTION, language))
        if not (words.low_label.strip() and words.high_label.strip()):
            found.append((Problem.NO_LABELS, language))
        opened = content.open.get(language)
        if opened is None or not opened.everybody.strip():
            found.append((Problem.NO_OPEN_QUESTION, language))
        texts = [words.text, *((opened.everybody, *opened.by_band.values()) if opened else ())]
        if any(len(text) > TEXT_LIMIT for text in texts) or any(
            len(label) > LABEL_LIMIT for label in (words.low_label, words.high_label)
        ):
            found.append((Problem.TOO_LONG, language))
    return tuple(found)
