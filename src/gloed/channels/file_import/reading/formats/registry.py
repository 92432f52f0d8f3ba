"""Every table format by its signature (imports are recognised by content, never by name)."""

from gloed.channels.file_import.reading.formats import (
    delighted,
)
from gloed.channels.file_import.reading.formats.beginnings import Beginning, TableFormat

TABLE_FORMATS: tuple[TableFormat, ...] = (
    TableFormat("delighted_csv", delighted.recognises, delighted.lay_out),
)


def recognise(beginning: Beginning) -> TableFormat | None:
    """The format whose signature the table bears; None for a generic table."""
    return next((f for f in TABLE_FORMATS if f.recognises(beginning)), None)
