"""How a file was understood: shown to the user before anything is imported."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gloed.channels.file_import.reading.values import (
    DateOrder,
    Metric,
    Record,
    Scale,
    SourceFile,
)


class Why(StrEnum):
    """What a column was recognised by."""

    FORMAT = "format"
    WORDS = "words"
    DATA = "data"
    RANGE = "range"
    USER = "user"
    POSITION = "position"
    REST = "rest"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the user should know or decide, as a code with its parameters and a sentence."""

    code: str
    message: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """One column: what it is taken for (None: an attribute), why, and some of its cells."""

    index: int
    name: str
    question: str
    target: str | None
    why: Why
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelPlan:
    """One distinct text of a score column, the number it becomes, and how often it was seen."""

    text: str
    score: int | None
    count: int


@dataclass(frozen=True, slots=True)
class MetricPlan:
    """One metric of the file; `is_assumed` when the file does not name it and we propose it."""

    metric: Metric
    scale: Scale
    column: str
    question: str
    why: Why
    is_assumed: bool
    labels: tuple[LabelPlan, ...]


@dataclass(frozen=True, slots=True)
class TimePlan:
    """How the times are read: zone, order of day and month, and three examples with result."""

    column: str
    zone: str
    zone_is_assumed: bool
    order: DateOrder | None
    order_is_assumed: bool
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """A file as understood.

    `rows` is the number of data rows, known exactly once the file has been read through, which
    `understand` does. `questions` are open for the user, `notes` are told; `preview` holds the
    first ten records as they would be stored.
    """

    source: SourceFile
    size: int
    rows: int
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    sheets: tuple[str, ...]
    columns: tuple[ColumnPlan, ...]
    metrics: tuple[MetricPlan, ...]
    time: TimePlan | None
    questions: tuple[Remark, ...]
    notes: tuple[Remark, ...]
    preview: tuple[Record, ...]
    people: int = 0
    suppressions: int = 0

    @property
    def format(self) -> str:
        """The recognised format, such as `delighted_csv`."""
        return self.source.format
