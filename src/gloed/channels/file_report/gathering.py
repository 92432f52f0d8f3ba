"""From the records of a file to the columns of the projection, a piece at a time. No Django."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import lru_cache
from heapq import heappush, heappushpop
from typing import Any

from gloed.analysis.queries import MOST_VALUES
from gloed.analysis.schema import ATTRIBUTE, CORE, make_table, stored_name
from gloed.base.arrow import pa
from gloed.channels.file_import.reading import (
    Answer,
    ImportPlan,
    Metric,
    Options,
    Precision,
    Record,
    Respondent,
    Skipped,
    Source,
    SourceFile,
    Target,
    UnreadableFile,
    Why,
)
from gloed.channels.file_import.reading.times import zone_called
from gloed.channels.file_import.rules import scale_for
from gloed.channels.file_report.verbatims import how_telling
from gloed.channels.file_report.wishes import SCORED, NoScore
from gloed.surveys.rules import Scale

PIECE = 50_000
VOICES = 24
"""So many comments at most are kept for each rating, the most telling ones."""

_FIELDS: dict[str, Callable[[Record], str | None]] = {
    "touchpoint": lambda record: record.touchpoint,
    "channel": lambda record: record.channel,
    "language": lambda record: record.language,
    "device": lambda record: record.device,
    f"{ATTRIBUTE}survey": lambda record: record.survey,
}
_TARGETS = {
    Target.TOUCHPOINT.value: "touchpoint",
    Target.CHANNEL.value: "channel",
    Target.LANGUAGE.value: "language",
    Target.DEVICE.value: "device",
    Target.SURVEY.value: f"{ATTRIBUTE}survey",
}


@dataclass(frozen=True, slots=True, order=True)
class Voice:
    """One comment with its rating; ordered by how telling it is. `row` is that of the file."""

    weight: float
    row: int
    rating: int
    text: str
    day: date | None = field(compare=False)
    touchpoint: str = field(compare=False)
    language: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Column:
    """A column by which answers may be split: the file's name for it, and the projection's."""

    header: str
    logical: str


@dataclass(slots=True)
class Gathered:
    """Everything that was in a file, as counts and as a table of the projection's columns.

    `unscored` are answers on a metric or scale without a score. `days` is the first and the last
    local day. `voices` holds the most telling comments by metric and rating, `distinct` the number
    of values of the columns that were kept because they have few.
    """

    file: SourceFile
    plan: ImportPlan
    columns: tuple[Column, ...]
    keeps_alike: bool = False
    rows: int = 0
    imported: int = 0
    with_comment: int = 0
    with_person: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    unscored: Counter[tuple[str, int, int]] = field(default_factory=Counter)
    days: tuple[date | None, date | None] = (None, None)
    voices: dict[tuple[str, int], list[Voice]] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)
    distinct: dict[str, int] = field(default_factory=dict)
    table: pa.Table = field(default_factory=lambda: make_table({}))

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that have a score, the one with most answers first."""
        order = {name: place for place, name in enumerate(SCORED)}
        return tuple(sorted(self.answers, key=lambda m: (-self.answers[m], order[m])))


def columns_of(plan: ImportPlan) -> tuple[Column, ...]:
    """The columns of a file by which its answers may be split, in the order of the file.

    What stands in no column but is known of every row (a channel that the format implies) comes
    last, under the field's own name.
    """
    found: dict[str, Column] = {}
    for column in plan.columns:
        if column.target is None and column.why is not Why.PRIVATE:
            logical = ATTRIBUTE + column.name
            found.setdefault(logical, Column(column.name, logical))
        elif column.target in _TARGETS:
            logical = _TARGETS[column.target]
            found.setdefault(logical, Column(column.name, logical))
    for logical in _FIELDS:
        found.setdefault(logical, Column(logical.removeprefix(ATTRIBUTE), logical))
    return tuple(found.values())


def find_columns(plan: ImportPlan, wanted: Sequence[str]) -> tuple[Column, ...]:
    """The columns that the user names, each once. Raises NoScore for one that cannot split."""
    known = columns_of(plan)
    found: dict[str, Column] = {}
    for name in wanted:
        column = _called(name, known)
        if column is None:
            raise NoScore(_why_not(name, plan, known))
        found[column.logical] = column
    return tuple(found.values())


def gather(
    source: Source,
    options: Options,
    *,
    by: Sequence[str] | None = None,
    most_values: int = MOST_VALUES,
    with_voices: bool = True,
    advance: Callable[[int], None] = lambda _count: None,
) -> Gathered:
    """Read a file through. Raises UnreadableFile, or NoScore for a column that is not there.

    `by` names the columns to keep; None keeps all that have at most `most_values` values. Days are
    those of the zone in `options`, else those in which each moment was written.
    """
    plan = source.plan()
    columns = columns_of(plan) if by is None else find_columns(plan, by)
    gatherer = _Gatherer(
        Gathered(source.file, plan, columns, keeps_alike=options.keep_alike),
        zone=zone_called(options.timezone) if options.timezone else None,
        most_values=most_values if by is None else None,
        with_voices=with_voices,
    )
    for item in source.records():
        if gatherer.take(item):
            advance(PIECE)
    return gatherer.finished()


class _Gatherer:
    """Takes records one by one; every piece becomes Arrow as soon as it is full."""

    def __init__(
        self,
        gathered: Gathered,
        *,
        zone: tzinfo | None,
        most_values: int | None,
        with_voices: bool,
    ) -> None:
        self._gathered = gathered
        self._with_voices = with_voices
        self._zone = zone
        self._most = most_values
        self._values: dict[str, set[str]] = {c.logical: set() for c in gathered.columns}
        self._rows: defaultdict[str, list[Any]] = defaultdict(list)
        self._pieces: list[pa.Table] = []
        self._first: date | None = None
        self._last: date | None = None

    def take(self, item: Record | Skipped) -> bool:
        """Take one row; True each time a piece is full."""
        gathered = self._gathered
        gathered.rows += 1
        if isinstance(item, Skipped):
            gathered.skipped[item.reason.value] += 1
        else:
            gathered.imported += 1
            gathered.warnings.update(warning.value for warning in item.warnings)
            gathered.with_comment += item.comment is not None
            self._note_person(item.respondent)
            self._note_answers(item)
        if len(self._rows["rating"]) >= PIECE:
            self._close_piece()
            return True
        return False

    def finished(self) -> Gathered:
        """All that was taken. Without named columns, those with a value and not too many stay."""
        self._close_piece()
        gathered = self._gathered
        if self._most is not None:
            columns = gathered.columns
            gathered.columns = tuple(c for c in columns if self._values.get(c.logical))
            gathered.distinct = {name: len(values) for name, values in self._values.items()}
        if self._pieces:
            kept = {*CORE, *(stored_name(column.logical) for column in gathered.columns)}
            pieces = [
                piece.select([name for name in piece.column_names if name in kept])
                for piece in self._pieces
            ]
            gathered.table = pa.concat_tables(pieces).unify_dictionaries()
        gathered.days = (self._first, self._last)
        gathered.voices = {key: sorted(heap, reverse=True) for key, heap in gathered.voices.items()}
        return gathered

    def _note_person(self, respondent: Respondent | None) -> None:
        if respondent is None:
            return
        identity = respondent.external_id or (respondent.email or "").casefold()
        if identity:
            self._gathered.with_person += 1
            self._gathered.people.add(hash(identity))

    def _note_answers(self, record: Record) -> None:
        scored = self._scored(record.answers)
        if not scored:
            return
        day = self._day_of(record)
        if day is not None:
            self._first = day if self._first is None else min(self._first, day)
            self._last = day if self._last is None else max(self._last, day)
        found = [(name, self._value(record, name)) for name in list(self._values)]
        values = {name: value for name, value in found if name in self._values}
        for answer, scale in scored:
            self._add(record, answer, scale, day, values)

    def _scored(self, answers: Iterable[Answer]) -> list[tuple[Answer, Scale]]:
        """The answers that have a score, the first of each metric and scale."""
        found: dict[tuple[Metric, tuple[int, int]], tuple[Answer, Scale]] = {}
        for answer in answers:
            scale = _scale_of(answer.metric.value, *answer.scale)
            if scale is None:
                self._gathered.unscored[(answer.metric.value, *answer.scale)] += 1
            else:
                found.setdefault((answer.metric, answer.scale), (answer, scale))
        return list(found.values())

    def _add(
        self,
        record: Record,
        answer: Answer,
        scale: Scale,
        day: date | None,
        values: dict[str, str | None],
    ) -> None:
        row: dict[str, Any] = {
            "response_id": record.row,
            "survey": "file",
            "metric": answer.metric.value,
            "scale_minimum": scale.minimum,
            "scale_maximum": scale.maximum,
            "high_is_good": True,  # the reader has turned a scale whose low end is good
            "rating": answer.score,
            "unreadable": answer.score is None and bool(answer.score_raw.strip()),
            "has_verbatim": record.comment is not None,
            "responded_at": record.responded_at.at if record.responded_at else None,
            "local_date": day,
        }
        for name, value in (row | values).items():
            self._rows[name].append(value)
        if answer.score is not None:
            self._gathered.answers[answer.metric.value] += 1
            self._note_voice(record, answer.metric.value, answer.score, day)

    def _note_voice(self, record: Record, metric: str, rating: int, day: date | None) -> None:
        if record.comment is None or not self._with_voices:
            return
        weight = how_telling(record.comment)
        if weight <= 0:
            return
        voice = Voice(
            weight,
            -record.row,
            rating,
            record.comment,
            day,
            record.touchpoint or "",
            record.language or "",
        )
        heap = self._gathered.voices.setdefault((metric, rating), [])
        if len(heap) < VOICES:
            heappush(heap, voice)
        elif heap[0] < voice:
            heappushpop(heap, voice)

    def _value(self, record: Record, name: str) -> str | None:
        """What a record has in a column; one with too many values is given up."""
        field_of = _FIELDS.get(name)
        text = field_of(record) if field_of else record.attributes.get(name[len(ATTRIBUTE) :])
        value = (text or "").strip().replace("\x00", "") or None
        if value is not None and self._most is not None:
            seen = self._values[name]
            seen.add(value)
            if len(seen) > self._most:
                del self._values[name]
                self._rows.pop(name, None)
        return value

    def _day_of(self, record: Record) -> date | None:
        moment = record.responded_at
        if moment is None:
            return None
        own = self._zone if moment.precision is not Precision.DAY else None
        return _local_day(moment.at, own or _zone_or_none(moment.zone))

    def _close_piece(self) -> None:
        if self._rows["rating"]:
            self._pieces.append(make_table(dict(self._rows)))
        self._rows = defaultdict(list)


@lru_cache(maxsize=256)
def _scale_of(metric: str, low: int, high: int) -> Scale | None:
    return scale_for(metric, low, high) if metric in SCORED else None


@lru_cache(maxsize=256)
def _zone_or_none(name: str) -> tzinfo | None:
    try:
        return zone_called(name)
    except UnreadableFile:
        return None


def _local_day(at: datetime, zone: tzinfo | None) -> date:
    try:
        return at.astimezone(zone).date() if zone else at.date()
    except OverflowError:  # the very ends of the calendar
        return at.date()


def _called(name: str, known: Sequence[Column]) -> Column | None:
    wanted = name.strip().casefold()
    by_header = {column.header.strip().casefold(): column for column in reversed(known)}
    by_field = {column.logical.removeprefix(ATTRIBUTE).casefold(): column for column in known}
    exact = next((column for column in known if column.header == name), None)
    return exact or by_header.get(wanted) or by_field.get(wanted)


def _why_not(name: str, plan: ImportPlan, known: Sequence[Column]) -> str:
    """Why answers cannot be split by a column, and by which they can."""
    wanted = name.strip().casefold()
    there = next((c for c in plan.columns if c.name.strip().casefold() == wanted), None)
    headers = {column.name for column in plan.columns}
    possible = ", ".join(c.header for c in known if c.header in headers)[:1_000] or "none"
    if there is None:
        return f"There is no column called {name}. Answers can be split by: {possible}."
    if there.target is None:
        return (
            f"The column {name} is left out because it tells where somebody was. To split by it"
            " all the same, say --options '{\"keep_private\": true}'."
        )
    return (
        f"The column {name} is read as the {there.target.replace('_', ' ')}, by which answers"
        f" cannot be split. They can be split by: {possible}."
    )
