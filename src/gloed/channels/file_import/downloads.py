"""The skipped rows of an import as a CSV that opens safely in a spreadsheet."""

import csv
from collections.abc import Iterator

from gloed.channels.file_import import operations
from gloed.channels.file_import.models import Import
from gloed.channels.file_import.reading import Record, Source
from gloed.channels.file_import.routing import asked_of
from gloed.channels.file_import.rules import safe_cell
from gloed.channels.file_import.wording import refused_words, skip_words

BOM = "\ufeff"


class _Line:
    """What csv writes to: hands each line on instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def skipped_rows(of_import: Import, *, row_label: str, reason_label: str) -> Iterator[str]:
    """The lines of the CSV, read from the file anew: memory stays flat.

    Raises ImportRefused at once when the file was deleted.
    """
    return _lines(of_import, operations.open_file(of_import), row_label, reason_label)


def _lines(of_import: Import, source: Source, row_label: str, reason_label: str) -> Iterator[str]:
    names = [header.name for header in source.layout.table.headers]
    writer = csv.writer(_Line())
    refused = dict(of_import.counts.get("refused_rows", []))
    yield BOM + writer.writerow([row_label, reason_label, *map(safe_cell, names)])
    for item in source.records():
        if isinstance(item, Record):
            reason = _reason_left_out(item, refused)
            if reason:
                cells = [
                    reason,
                    *(answer.score_raw for answer in item.answers),
                    item.comment or "",
                ]
                yield writer.writerow([item.row, *map(safe_cell, cells)])
            continue
        cells = [skip_words(item.reason.value), *(item.cells.get(name, "") for name in names)]
        yield writer.writerow([item.row, *map(safe_cell, cells)])


def _reason_left_out(record: Record, refused: dict[int, str]) -> str:
    if record.row in refused:
        return refused_words(refused[record.row])
    return skip_words("aside") if not record.comment and not asked_of(record) else ""
