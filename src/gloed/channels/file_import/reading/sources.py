"""A file, opened: recognised, understood, and read as records as often as wanted."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from itertools import islice
from pathlib import Path

from gloed.channels.file_import.reading.answers import count_disagreeing
from gloed.channels.file_import.reading.cells import text_of
from gloed.channels.file_import.reading.choices import apply_wishes
from gloed.channels.file_import.reading.containers.inspection import inspect
from gloed.channels.file_import.reading.duplicates import LastWins
from gloed.channels.file_import.reading.opening import lay_out_file
from gloed.channels.file_import.reading.plans import (
    ColumnPlan,
    ImportPlan,
    LabelPlan,
    MetricPlan,
    Remark,
    TimePlan,
    Why,
)
from gloed.channels.file_import.reading.records import Clock, RecordReader
from gloed.channels.file_import.reading.refusals import Reason, UnreadableFile, refuse
from gloed.channels.file_import.reading.scores import fold
from gloed.channels.file_import.reading.tables import Header, Layout, is_blank_row
from gloed.channels.file_import.reading.times import (
    OrderEvidence,
    TimeReader,
    order_of,
    written_in,
    zone_called,
)
from gloed.channels.file_import.reading.values import (
    Companions,
    DateOrder,
    Options,
    Record,
    Skipped,
    SourceFile,
    Target,
)
from gloed.channels.file_import.reading.words import is_private, plain, reads_day_first

_FIELDS: Mapping[Target, Callable[[Record], str | None]] = {
    Target.SURVEY: lambda record: record.survey,
    Target.TOUCHPOINT: lambda record: record.touchpoint,
    Target.LANGUAGE: lambda record: record.language,
    Target.CHANNEL: lambda record: record.channel,
    Target.DEVICE: lambda record: record.device,
    Target.RESPONSE_ID: lambda record: record.source_response_id,
    Target.COMMENT: lambda record: record.comment,
    Target.TAGS: lambda record: ", ".join(record.tags) or None,
    Target.NOTES: lambda record: "\n".join(record.notes) or None,
}
_PREVIEW = 10
_SAMPLES = 5
_NEARLY_ALL = 0.9
_MOST_LABELS = 50
_SAMPLE_LENGTH = 200


class Source:
    """One recognised file. Reading it anew starts a new pass; memory stays flat for CSV.

    Everything may raise UnreadableFile, since a file can be damaged anywhere.
    """

    def __init__(self, path: Path, options: Options) -> None:
        self._options = options
        inspection = inspect(path)
        self._size = inspection.size
        self._layout = lay_out_file(inspection, options)
        apply_wishes(self._layout, options)
        self._file = SourceFile(
            self._layout.format, options.file_name or path.name, inspection.sha256
        )
        self._order: dict[int, OrderEvidence] = {}
        self._clocks = self._clocks_for_times()
        self._uses_ids = not _has_rounded_ids(self._layout)
        self._reader = self._new_reader()
        self._rows: int | None = None
        self._duplicates = LastWins()
        self._label_counts: dict[str, dict[str, int]] = {}

    @property
    def file(self) -> SourceFile:
        """Format, name and checksum."""
        return self._file

    @property
    def layout(self) -> Layout:
        """Which column is what."""
        return self._layout

    @property
    def companions(self) -> Companions:
        """People and suppressions that the file holds beside the answers."""
        return self._layout.table.companions

    @property
    def is_readable(self) -> bool:
        """Whether a score or a comment was found, so that there is something to import."""
        layout = self._layout
        return bool(layout.scores or layout.switch or layout.targets.get(Target.COMMENT))

    @property
    def rows(self) -> int:
        """The number of data rows; the first call reads the whole file once."""
        if self._rows is None:
            self._read_through()
        return self._rows or 0

    def records(self, *, after_row: int = 0) -> Iterator[Record | Skipped]:
        """Every data row in order, as a record or with the reason why it is none.

        `after_row` resumes behind that row. Raises UnreadableFile when neither a score nor a
        comment column is known.
        """
        if self._layout.facts_of_structure:
            refuse(Reason.STRUCTURE_ONLY)
        if not self.is_readable:
            names = ", ".join(header.name for header in self._layout.table.headers[:40])
            refuse(Reason.NO_SCORE_COLUMN, columns=names)
        if self.rows == 0:
            refuse(Reason.NO_ROWS)
        return self._records(after_row)

    def _records(self, after_row: int) -> Iterator[Record | Skipped]:
        reader, seen = self._reader, self._duplicates.started_over()
        seeks_repeats = self._duplicates.any_repeated
        number = 0
        for row in self._layout.table.rows():
            if is_blank_row(row):
                continue
            number += 1
            repeats = False
            if seeks_repeats:
                key = reader.key(row)
                repeats = key is not None and seen.comes_again(key)
            if number > after_row:
                yield reader.read(number, row, is_duplicate=repeats)

    def value(self, record: Record, column: str) -> str | None:
        """What a record has under a column's name, whether it became a field or an attribute."""
        if column in record.attributes:
            return record.attributes[column]
        for target, headers in self._layout.targets.items():
            if target in _FIELDS and any(header.name == column for header in headers):
                return _FIELDS[target](record)
        return None

    def _read_through(self) -> None:
        number, reader, duplicates = 0, self._reader, self._duplicates
        if not self.is_readable:
            self._rows = sum(1 for row in self._layout.table.rows() if not is_blank_row(row))
            return
        for row in self._layout.table.rows():
            if is_blank_row(row):
                continue
            number += 1
            key = reader.key(row)
            if key is not None:
                duplicates.note(key)
        duplicates.close()
        self._rows = number

    def _new_reader(self) -> RecordReader:
        return RecordReader(
            self._layout, self._options, self._file, self._clocks, uses_ids=self._uses_ids
        )

    # How the times are read

    def _time_headers(self) -> list[Header]:
        targets = self._layout.targets
        return [*targets.get(Target.TIME, []), *targets.get(Target.STARTED, [])]

    def _clocks_for_times(self) -> dict[int, Clock]:
        return {header.index: self._clock_for(header) for header in self._time_headers()}

    def _clock_for(self, header: Header) -> Clock:
        name = _zone_in(header) or self._options.timezone or self._layout.zone or "UTC"
        evidence = self._evidence(header)
        self._order[header.index] = evidence
        return Clock(zone_called(name), name, evidence.order or DateOrder.DAY_FIRST)

    def _evidence(self, header: Header) -> OrderEvidence:
        if self._options.date_order is not None:
            return OrderEvidence(self._options.date_order, is_certain=True)
        layout, facts = self._layout, self._layout.table.facts
        if layout.month_first is not None:
            reads = not layout.month_first
        else:
            reads = reads_day_first([h.question for h in layout.table.headers[:200]])
        evidence = order_of(facts[header.index].filled, reads_day_first=reads)
        if not evidence.is_certain and not facts.is_whole:
            evidence = order_of(layout.table.column(header.index), reads_day_first=reads)
        return evidence

    # What the user is shown

    def plan(self) -> ImportPlan:
        """How the file was understood, with the first records and the open questions."""
        layout, table = self._layout, self._layout.table
        rows = self.rows
        preview: list[Record] = []
        if self.is_readable and rows:
            records = (item for item in self.records() if isinstance(item, Record))
            preview = list(islice(records, _PREVIEW))
        return ImportPlan(
            source=self._file,
            size=self._size,
            rows=rows,
            encoding=table.encoding,
            delimiter=table.delimiter,
            sheet=table.sheet,
            sheets=table.sheets,
            columns=tuple(self._column_plans()),
            metrics=tuple(self._metric_plans()),
            time=self._time_plan(),
            questions=(*layout.questions, *self._questions()),
            notes=(*table.notes, *layout.notes, *self._notes()),
            preview=tuple(preview),
            people=len(self.companions.people),
            suppressions=len(self.companions.suppressions),
        )

    def _column_plans(self) -> Iterator[ColumnPlan]:
        layout = self._layout
        taken: dict[int, str] = {}
        for target, headers in layout.targets.items():
            taken.update({header.index: target.value for header in headers})
        taken.update({score.header.index: score.metric.value for score in layout.scores})
        if layout.switch:
            taken[layout.switch.header.index] = "score"
        for header in layout.table.headers:
            name = taken.get(header.index)
            leaves_out = not self._options.keep_private and is_private(plain(header.title))
            why = layout.why.get(header.index, Why.FORMAT)
            if name is None:
                why = Why.PRIVATE if leaves_out else Why.REST
            samples = islice(layout.table.facts[header.index].texts, _SAMPLES)
            yield ColumnPlan(
                header.index,
                header.name,
                header.question,
                name,
                why,
                tuple(sample[:_SAMPLE_LENGTH] for sample in samples),
            )

    def _metric_plans(self) -> Iterator[MetricPlan]:
        for reader in self._reader.answer_readers:
            column = reader.column
            counts = self._layout.table.facts[column.header.index].texts
            by_text = {fold(text): count for text, count in counts.items()}
            labels = [
                LabelPlan(text, score, by_text.get(fold(text), 0))
                for text, score in sorted(reader.texts.items())
                if text.strip() and not text.strip().isdigit()
            ]
            yield MetricPlan(
                column.metric,
                reader.scale,
                column.header.name,
                column.header.question,
                column.why,
                column.is_assumed,
                tuple(labels[:_MOST_LABELS]),
            )

    def _time_plan(self) -> TimePlan | None:
        header = next(iter(self._layout.targets.get(Target.TIME, [])), None)
        if header is None:
            return None
        clock, evidence = self._clocks[header.index], self._order[header.index]
        reader = TimeReader(clock.zone, clock.name, clock.order)
        examples = []
        for text in islice(self._layout.table.facts[header.index].texts, 200):
            moment = reader.read(text).moment
            if moment is not None:
                shown = moment.at.astimezone(UTC).isoformat(timespec="seconds")
                examples.append((text, shown.replace("+00:00", "Z")))
            if len(examples) == 3:
                break
        return TimePlan(
            header.name,
            clock.name,
            self._assumes_zone(header),
            evidence.order,
            not evidence.is_certain,
            tuple(examples),
        )

    def _assumes_zone(self, header: Header) -> bool:
        if _zone_in(header) or self._options.timezone:
            return False
        if self._layout.zone and not self._layout.zone_is_assumed:
            return False
        cells = self._layout.table.facts[header.index].filled
        written = (written_in(cell) for cell in cells[:500])
        return any(w is not None and w.local.tzinfo is None for w in written)

    def _questions(self) -> Iterator[Remark]:
        header = next(iter(self._layout.targets.get(Target.TIME, [])), None)
        if header is not None and self._assumes_zone(header):
            zone = self._clocks[header.index].name
            yield Remark(
                "timezone",
                f"In which time zone are the times of {header.name}? The file does not say;"
                f" without an answer they are read as {zone}.",
                {"column": header.name, "assumed": zone},
            )
        if header is not None and not self._order[header.index].is_certain:
            order = self._order[header.index].order or DateOrder.DAY_FIRST
            yield Remark(
                "date_order",
                f"Does {header.name} write the day or the month first? Nothing in the file"
                " decides it.",
                {"column": header.name, "assumed": order.value},
                tuple(choice.value for choice in DateOrder),
            )
        for score in self._layout.scores:
            is_open = score.is_assumed and score.metric not in self._options.scales
            if is_open and score.why is not Why.RANGE:
                yield Remark(
                    "scale",
                    f"Is {score.header.name} on a scale from {score.scale[0]} to {score.scale[1]}?",
                    {
                        "column": score.header.name,
                        "metric": score.metric.value,
                        "low": score.scale[0],
                        "high": score.scale[1],
                    },
                )
        if not self._layout.scores and not self._layout.switch:
            candidates = self._number_columns()
            if not any(q.code == "metric" for q in self._layout.questions):
                yield Remark(
                    "score_column",
                    "Which column holds the score? None was recognised by its name.",
                    {"columns": ", ".join(candidates)},
                    tuple(candidates),
                )

    def _number_columns(self) -> list[str]:
        facts = self._layout.table.facts
        return [
            header.name
            for header in self._layout.free
            if facts[header.index].number_share > _NEARLY_ALL
            and facts[header.index].time_share <= 1 - _NEARLY_ALL
            and all(-10 <= number <= 100 for number in facts[header.index].numbers)
        ][:20]

    def _notes(self) -> Iterator[Remark]:
        if not self._uses_ids:
            yield Remark(
                "rounded_ids",
                "A spreadsheet has rounded the response ids (1.18E+11), so they do not tell"
                " responses apart. Whole rows are compared instead.",
            )
        for score in self._layout.scores:
            disagreeing = count_disagreeing(self._layout, score)
            if disagreeing:
                yield Remark(
                    "groups_disagree",
                    f"In {disagreeing} of the first rows the file's own group does not fit the"
                    f" number in {score.header.name}. Groups are worked out from the numbers.",
                    {"column": score.header.name, "rows": disagreeing},
                )
        left_out = [h.name for h in self._layout.table.headers if is_private(plain(h.title))]
        if left_out and not self._options.keep_private:
            yield Remark(
                "private_left_out",
                f"Left out, because they tell where somebody was: {', '.join(left_out)}.",
                {"columns": ", ".join(left_out)},
            )


def _zone_in(header: Header) -> str | None:
    """The zone that the header states, if there is such a zone."""
    if header.zone is None:
        return None
    try:
        zone_called(header.zone)
    except UnreadableFile:
        return None
    return header.zone


def _has_rounded_ids(layout: Layout) -> bool:
    for header in layout.targets.get(Target.RESPONSE_ID, []):
        for cell in layout.table.facts[header.index].filled:
            text = text_of(cell).casefold()
            if "e+" in text and text.replace("e+", "").replace(".", "").replace(",", "").isdigit():
                return True
    return False


def open_source(path: Path | str, options: Options | None = None) -> Source:
    """Recognise a file by its content. Raises UnreadableFile with what to do."""
    return Source(Path(path), options or Options())


def understand(path: Path | str, options: Options | None = None) -> ImportPlan:
    """How a file would be imported. Raises UnreadableFile with what to do."""
    return open_source(path, options).plan()


def read_records(path: Path | str, options: Options | None = None) -> Iterator[Record | Skipped]:
    """The rows of a file as records or skips, lazily. Raises UnreadableFile."""
    return open_source(path, options).records()
