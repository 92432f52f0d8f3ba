"""What a version asks and in which words: plain frozen values, written and published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gloed.surveys.rules.metrics import Band, Metric, Presentation, Scale
from gloed.surveys.rules.showing import ShowIf

RATING_POSITION = 1
OPEN_POSITION = 2
FIRST_FURTHER = 3
RATING_KEY = "rating"
OPEN_KEY = "why"
OTHER = "other"
"""The option key of "other, namely …" and the answer of whoever wrote their own."""
YES = "yes"
"""What a consent that was given is stored as; one that was not given is not stored."""
TEXT_LIMIT = 400
LABEL_LIMIT = 80
OPTION_LIMIT = 120
THANKS_LIMIT = 800
LINK_LIMIT = 400
MOST_FURTHER = 20
MOST_OPTIONS = 20


class Kind(StrEnum):
    """A kind of further question, besides the rating and the open question each survey has."""

    RATING = "rating"
    SINGLE = "single"
    MULTIPLE = "multiple"
    OPEN = "open"
    CONSENT = "consent"
    CONTACT = "contact"


CHOICES = frozenset({Kind.SINGLE, Kind.MULTIPLE})


class Purpose(StrEnum):
    """What a consent is for."""

    CONTACT = "contact"  # may we call or write you about your answer
    QUOTE = "quote"  # may we quote you


class ContactField(StrEnum):
    """What a contact question asks for."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """A question in one language; the labels stand at the ends of a scale.

    `options` are the words of each option by its key, `other` those of "other, namely …".
    """

    text: str
    low_label: str = ""
    high_label: str = ""
    hint: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    other: str = ""


@dataclass(frozen=True, slots=True)
class OpenWords:
    """The open question in one language, for everybody and per band of the rating."""

    everybody: str
    by_band: Mapping[Band, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ThanksWords:
    """What is said at the end, perhaps with a link (https only) and the words it stands under."""

    text: str
    link: str = ""
    link_label: str = ""


@dataclass(frozen=True, slots=True)
class Thanks:
    """The thank-you in one language, for everybody and per band; what is empty is Gloed's own."""

    everybody: ThanksWords | None = None
    by_band: Mapping[Band, ThanksWords] = field(default_factory=dict)

    def for_band(self, band: Band | None) -> ThanksWords | None:
        """The words for a band, else those for everybody."""
        return (self.by_band.get(band) if band else None) or self.everybody


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a choice question. `key` is stable: it is what answers hold.

    A fixed one keeps its place when the others stand in random order ("none of these").
    """

    key: str
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Further:
    """A question asked besides the rating and the open question.

    `key` names it within the survey, over versions: a new wording of the same question keeps it.
    `metric` says that a rating is a second score (csat, ces, nps); None is a plain rating.
    `most` is how many options a multiple choice takes, 0 for any number.
    `starts_page` begins a page even where the one before has room.
    """

    key: str
    kind: Kind
    words: Mapping[str, QuestionWords]
    scale: Scale | None = None
    metric: Metric | None = None
    presentation: Presentation = Presentation.NUMBERS
    options: tuple[Option, ...] = ()
    has_other: bool = False
    is_shuffled: bool = False
    most: int = 0
    purpose: Purpose | None = None
    fields: tuple[ContactField, ...] = ()
    show_if: ShowIf | None = None
    starts_page: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What a version asks: one rating question, one open question, and what further is asked."""

    metric: Metric
    scale: Scale
    rating: Mapping[str, QuestionWords]
    open: Mapping[str, OpenWords]
    presentation: Presentation = Presentation.NUMBERS
    further: tuple[Further, ...] = ()
    thanks: Mapping[str, Thanks] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it is written in, the main one first."""
        return tuple(self.rating)


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of a published version; one that is not a rating has no scale.

    `kind` is the metric at position 1, "open" at position 2, and a `Kind` after that. `further`
    holds the rest of a further question (its words stand there too, by language).
    """

    id: int
    position: int
    kind: str
    scale: Scale | None
    key: str = ""
    presentation: Presentation = Presentation.NUMBERS
    further: Further | None = None

    @property
    def option_keys(self) -> frozenset[str]:
        """What may be chosen, "other" included."""
        if self.further is None:
            return frozenset()
        keys = {option.key for option in self.further.options}
        return frozenset(keys | {OTHER} if self.further.has_other else keys)


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
    thanks: Mapping[str, Thanks] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages its rating question is written in."""
        return tuple(
            language for position, language, _ in self.words if position == RATING_POSITION
        )

    @property
    def rating(self) -> AskedQuestion:
        """The rating question: the score."""
        return self.by_position[RATING_POSITION]

    @property
    def further(self) -> tuple[AskedQuestion, ...]:
        """The further questions in the order they are asked."""
        return tuple(question for question in self.questions if question.further is not None)
