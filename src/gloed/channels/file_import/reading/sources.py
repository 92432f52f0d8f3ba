"""A file, opened: recognised, understood, and read as records as often as wanted."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from gloed.channels.file_import.reading.cells import text_of
from gloed.channels.file_import.reading.choices import apply_wishes
from gloed.channels.file_import.reading.containers.inspection import inspect
from gloed.channels.file_import.reading.duplicates import LastWins
from gloed.channels.file_import.reading.opening import lay_out_file
from gloed.channels.file_import.reading.planning import Planner, zone_in
from gloed.channels.file_import.reading.plans import (
    ImportPlan,
)
from gloed.channels.file_import.reading.records import Clock, RecordReader
from gloed.channels.file_import.reading.refusals import Reason, refuse
from gloed.channels.file_import.reading.tables import Header, Layout, is_blank_row
from gloed.channels.file_import.reading.times import (
    OrderEvidence,
    order_of,
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
from gloed.channels.file_import.reading.words import reads_day_first

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

    def trust(self, *, rows: int) -> None:
        """Spare the first pass: an earlier one found so many data rows, and none repeated."""
        self._rows = rows

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
        name = zone_in(header) or self._options.timezone or self._layout.zone or "UTC"
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
        planner = Planner(
            layout,
            self._options,
            self._reader.answer_readers,
            self._clocks,
            self._order,
            uses_ids=self._uses_ids,
        )
        return ImportPlan(
            source=self._file,
            size=self._size,
            rows=rows,
            encoding=table.encoding,
            delimiter=table.delimiter,
            sheet=table.sheet,
            sheets=table.sheets,
            columns=tuple(planner.columns()),
            metrics=tuple(planner.metrics()),
            time=planner.time(),
            questions=(*layout.questions, *planner.questions()),
            notes=(*table.notes, *layout.notes, *planner.notes()),
            preview=tuple(preview),
            people=len(self.companions.people),
            suppressions=len(self.companions.suppressions),
        )


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
