"""The canonical record that every file becomes, and what a user may decide about a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

Scale: TypeAlias = tuple[int, int]


class Metric(StrEnum):
    """The families of questions with a number for an answer; the scale says which variant."""

    NPS = "nps"
    ENPS = "enps"
    CSAT = "csat"
    CES = "ces"
    STARS = "stars"
    THUMBS = "thumbs"
    PMF = "pmf"


USUAL_SCALES: Mapping[Metric, Scale] = MappingProxyType(
    {
        Metric.NPS: (0, 10),
        Metric.ENPS: (0, 10),
        Metric.CSAT: (1, 5),
        Metric.CES: (1, 7),
        Metric.STARS: (1, 5),
        Metric.THUMBS: (0, 1),
        Metric.PMF: (1, 3),
    }
)


class Target(StrEnum):
    """What a column can be taken for, apart from the metrics."""

    RESPONSE_ID = "response_id"
    EXTERNAL_ID = "external_id"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    PHONE = "phone"
    TIME = "time"
    STARTED = "started"
    COMMENT = "comment"
    SURVEY = "survey"
    TOUCHPOINT = "touchpoint"
    LANGUAGE = "language"
    CHANNEL = "channel"
    DEVICE = "device"
    TAGS = "tags"
    NOTES = "notes"


class Precision(StrEnum):
    """How finely the file wrote a moment."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"


class DateOrder(StrEnum):
    """How a column writes dates such as 3/4/2026."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class WarningCode(StrEnum):
    """What could not be read in a record that is imported all the same."""

    SCORE_UNREADABLE = "score_unreadable"
    SCORE_NOT_INTEGER = "score_not_integer"
    SCORE_OUT_OF_RANGE = "score_out_of_range"
    TIME_MISSING = "time_missing"
    TIME_UNREADABLE = "time_unreadable"
    TIME_AMBIGUOUS = "time_ambiguous"
    DATE_ONLY = "date_only"


class SkipReason(StrEnum):
    """Why a row is not imported."""

    EMPTY = "empty"
    TEST = "test"
    DUPLICATE = "duplicate"


class Status(StrEnum):
    """Whether the respondent finished."""

    COMPLETE = "complete"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC, the offset or zone that it was written in, and how finely."""

    at: datetime
    zone: str
    precision: Precision = Precision.SECOND


@dataclass(frozen=True, slots=True)
class Answer:
    """One number for one question. `score` is None where `score_raw` could not be read."""

    metric: Metric
    scale: Scale
    score: int | None
    score_raw: str
    question: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Respondent:
    """Who answered, as far as the file tells. `email` keeps its capitals, compare folded."""

    external_id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file that a record came from."""

    format: str
    file_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Record:
    """One person's answers at one moment. `row` counts the file's data rows from 1."""

    source: SourceFile
    row: int
    source_response_id: str | None
    respondent: Respondent | None
    responded_at: Moment | None
    started_at: Moment | None
    survey: str | None
    touchpoint: str | None
    answers: tuple[Answer, ...]
    comment: str | None
    language: str | None
    channel: str | None
    device: str | None
    status: Status
    tags: tuple[str, ...]
    notes: tuple[str, ...]
    attributes: Mapping[str, str]
    warnings: tuple[WarningCode, ...]
    do_not_contact: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is not imported, why, and its filled cells by column."""

    row: int
    reason: SkipReason
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the file knows, answered or not (Delighted's list of people)."""

    respondent: Respondent
    last_asked_at: datetime | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address that must not be written to, with the reason `unsubscribed` or `bounced`."""

    email: str
    reason: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Companions:
    """What a file brings beside the answers."""

    people: tuple[Person, ...] = ()
    suppressions: tuple[Suppression, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user decided about a file; everything may be left out.

    `mapping` goes from a target (a metric, or a `Target`) to the header of a column; an empty
    header takes the target away. `metric` says what a bare score column measures. `labels`
    goes from metric to label to number (None: no answer). `inverted` names metrics whose low
    end is the good one. `structure` is the LimeSurvey .lss beside a CSV, or a Formbricks
    survey's JSON. `undated_at` is given to rows without a time. `file_name` is the name that
    the user knows the file by, where it was uploaded under another. `keep_alike` says that rows
    without an id and without words are different answers, even where all their cells are equal.
    """

    timezone: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    metric: Metric | None = None
    scales: Mapping[str, Scale] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    inverted: frozenset[str] = frozenset()
    sheet: str | None = None
    structure: Path | None = None
    date_order: DateOrder | None = None
    skip_rows: int | None = None
    format: str | None = None
    undated_at: date | None = None
    keep_private: bool = False
    keep_alike: bool = False
    file_name: str | None = None
