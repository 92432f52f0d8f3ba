"""From an inspected file to a layout: the right container, then the right format."""

from collections.abc import Iterator
from importlib import import_module
from itertools import islice
from typing import Protocol, cast

from gloed.channels.file_import.reading.containers.delimited import open_delimited
from gloed.channels.file_import.reading.containers.inspection import Inspection, Kind
from gloed.channels.file_import.reading.formats import generic
from gloed.channels.file_import.reading.formats.beginnings import Beginning, TableFormat
from gloed.channels.file_import.reading.formats.registry import (
    FORMATS,
    TABLE_FORMATS,
    recognise,
)
from gloed.channels.file_import.reading.refusals import Reason, refuse
from gloed.channels.file_import.reading.tables import (
    MOST_COLUMNS,
    Layout,
    Row,
    Rows,
    Table,
    is_blank_row,
)
from gloed.channels.file_import.reading.values import Options

_LOOKED_AT = 25
_TITLE_LINES = 20


class Opener(Protocol):
    """A module for one kind of file that is heavy, and so imported only when it is met."""

    def lay_out_file(self, inspection: Inspection, options: Options) -> Layout:
        """Open the file and say which column is what."""
        ...


_OPENERS = {
    Kind.ZIP: "gloed.channels.file_import.reading.formats.excel",
    Kind.OLE: "gloed.channels.file_import.reading.formats.excel",
    Kind.PARQUET: "gloed.channels.file_import.reading.formats.parquet",
    Kind.SPSS: "gloed.channels.file_import.reading.formats.spss",
    Kind.SPSS_PORTABLE: "gloed.channels.file_import.reading.formats.spss",
    Kind.JSON: "gloed.channels.file_import.reading.formats.json_files",
    Kind.XML: "gloed.channels.file_import.reading.formats.xml_files",
}


def lay_out_file(inspection: Inspection, options: Options) -> Layout:
    """Recognise a file and say which column is what. Raises UnreadableFile."""
    if options.format is not None and options.format not in FORMATS:
        refuse(Reason.UNKNOWN_FORMAT, format=options.format, formats=", ".join(FORMATS))
    if inspection.kind is Kind.TEXT:
        return _lay_out_text(inspection, options)
    opener = cast("Opener", import_module(_OPENERS[inspection.kind]))
    return opener.lay_out_file(inspection, options)


def _lay_out_text(inspection: Inspection, options: Options) -> Layout:
    text = open_delimited(inspection)
    start = options.skip_rows if options.skip_rows is not None else _start_of_text(text.rows)

    def rows() -> Iterator[Row]:
        return islice(text.rows(), start, None)

    table_format, table = table_from(rows, options)
    table = Table(table.headers, table.rows, encoding=text.encoding, delimiter=text.delimiter)
    if table_format is None:
        return generic.lay_out(table, options)
    return table_format.lay_out(table, options, table_format.name)


def _start_of_text(rows: Rows) -> int:
    """The records above the header: blank ones, and single titles above a wider table."""
    first = list(islice(rows(), _TITLE_LINES))
    filled = [sum(1 for cell in row if str(cell).strip()) for row in first]
    for number, count in enumerate(filled):
        if count == 0:
            continue
        is_title = (
            count == 1
            and max(filled, default=0) >= 3
            and any(other > 2 for other in filled[number + 1 :])
        )
        if not is_title:
            return number
    return 0


def table_from(rows: Rows, options: Options) -> tuple[TableFormat | None, Table]:
    """The table whose header is the first of these rows, and its format if recognised."""
    first = list(islice(rows(), _LOOKED_AT))
    if not first or is_blank_row(first[0]):
        refuse(Reason.EMPTY)
    if len(first[0]) > MOST_COLUMNS:
        refuse(Reason.TOO_MANY_COLUMNS, limit=MOST_COLUMNS)
    beginning = Beginning.of(first)
    chosen = format_for(beginning, options)
    records = chosen.header_records(beginning) if chosen else 1
    headers = (chosen or _PLAIN).headers(beginning)
    return chosen, Table(headers, lambda: islice(rows(), records, None))


_PLAIN = TableFormat("generic_csv", lambda _: True, generic.lay_out)


def format_for(beginning: Beginning, options: Options) -> TableFormat | None:
    """The format that the user names, else the one that the content shows."""
    if options.format is None:
        return recognise(beginning)
    return next((f for f in TABLE_FORMATS if f.name == options.format), None)
