"""Delimited text: any usual delimiter and encoding, streamed line by line (rule R11)."""

import codecs
import csv
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from gloed.channels.file_import.reading.containers.inspection import LONGEST_LINE, Inspection
from gloed.channels.file_import.reading.refusals import Reason, refuse

LONGEST_CELL = 4_000_000
_DELIMITERS = ",;\t|"
_SNIFFED_LINES = 20


@dataclass(frozen=True, slots=True)
class DelimitedText:
    """Raw records of a text file: `rows` starts anew at each call and includes the header."""

    encoding: str
    delimiter: str
    rows: Callable[[], Iterator[list[str]]]


def _keep_undefined(fault: UnicodeError) -> tuple[str, int]:
    """Windows-1252 leaves five bytes undefined; keep them as the control signs of Latin-1."""
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    return fault.object[fault.start : fault.end].decode("latin-1"), fault.end


codecs.register_error("gloed_keep_undefined", _keep_undefined)


def open_delimited(inspection: Inspection) -> DelimitedText:
    """Find the delimiter and give the records. Raises UnreadableFile, also while reading."""
    encoding, path = inspection.encoding, inspection.path
    first = list(islice(_lines(path, encoding), _SNIFFED_LINES))
    start, delimiter = 0, _delimiter_of(first)
    if first and first[0].strip().casefold().startswith("sep=") and len(first[0].strip()) == 5:
        start, delimiter = 1, first[0].strip()[4]

    def rows() -> Iterator[list[str]]:
        last = [""]
        return _records(_lines(path, encoding, last), start, delimiter, last)

    return DelimitedText(encoding.removesuffix("-sig"), delimiter, rows)


def _lines(path: Path, encoding: str, last: list[str] | None = None) -> Generator[str]:
    """The lines of a file; the one just given stands in `last`."""
    seen = [""] if last is None else last
    errors = "gloed_keep_undefined" if encoding == "windows-1252" else "strict"
    try:
        with path.open(encoding=encoding, errors=errors, newline="") as file:
            while line := file.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE:
                    refuse(Reason.LINE_TOO_LONG, limit=LONGEST_LINE)
                seen[0] = line
                yield line
    except UnicodeError:
        refuse(Reason.ENCODING, encoding=encoding.removesuffix("-sig").upper())
    except OSError:
        refuse(Reason.MISSING, path=path)


def _records(
    lines: Generator[str], start: int, delimiter: str, last: list[str]
) -> Iterator[list[str]]:
    if csv.field_size_limit() < LONGEST_CELL:
        csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(islice(lines, start, None), delimiter=delimiter)
    # Closed here and not when the lines are forgotten: a refusal keeps them in its traceback.
    with closing(lines):
        record: list[str] = []
        try:
            for record in reader:
                yield record
        except csv.Error:
            refuse(Reason.CELL_TOO_LONG, line=reader.line_num, limit=LONGEST_CELL)
        _refuse_what_never_ends(record, last[0], start + reader.line_num)


def _refuse_what_never_ends(record: list[str], last_line: str, lines: int) -> None:
    """A last cell of several lines that no quotation mark ends has swallowed what came behind it.

    The reader of the language takes it for a cell; then rows would be missing without a word.
    """
    rows = record[-1].splitlines() if record else []
    if len(rows) > 1 and not last_line.rstrip().endswith('"'):
        refuse(Reason.NEVER_ENDS, line=lines - len(rows) + 1)


def _delimiter_of(lines: list[str]) -> str:
    """The delimiter that occurs most in the first line that has one, outside quotation marks."""
    for line in lines:
        outside = "".join(line.split('"')[::2])
        counts = {mark: outside.count(mark) for mark in _DELIMITERS}
        best = max(_DELIMITERS, key=lambda mark: counts[mark])
        if counts[best]:
            return best
    return ","
