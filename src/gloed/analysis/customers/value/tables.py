"""A small table out of a file: CSV in any usual notation, or the first sheet of a workbook."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

MOST_ROWS = 200_000
MOST_COLUMNS = 200
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How a workbook begins: of today, and of before 2007."""

Cell = str | float | date | bool | None


class Why(StrEnum):
    """Why a file cannot be read as a table."""

    EMPTY = "empty"
    NO_TABLE = "no_table"  # no text and no workbook
    NO_ROWS = "no_rows"  # heads, and nothing below them
    TOO_MANY_ROWS = "too_many_rows"
    LOCKED = "locked"  # a workbook that cannot be opened, perhaps by a password


class UnreadableTable(Exception):
    """A file that is no table; `why` says it, the words are made where they are shown."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Table:
    """The heads, and the rows below them; every row is as long as the heads."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def read_table(content: bytes) -> Table:
    """The table in a file. Raises UnreadableTable."""
    if not content.strip():
        raise UnreadableTable(Why.EMPTY)
    is_workbook = content.startswith(WORKBOOKS)
    rows = _of_workbook(content) if is_workbook else _of_text(content)
    while rows and not any(_has(cell) for cell in rows[0]):
        rows.pop(0)
    if not rows:
        raise UnreadableTable(Why.EMPTY)
    heads = [str(cell).strip() if cell is not None else "" for cell in rows[0]][:MOST_COLUMNS]
    while heads and not heads[-1]:
        heads.pop()
    width = len(heads)
    body = [_fitted(row, width) for row in rows[1:] if any(_has(cell) for cell in row[:width])]
    if not width or not body:
        raise UnreadableTable(Why.NO_ROWS)
    if len(body) > MOST_ROWS:
        raise UnreadableTable(Why.TOO_MANY_ROWS)
    return Table(tuple(heads), tuple(body))


def _has(cell: Cell) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _fitted(row: list[Cell], width: int) -> tuple[Cell, ...]:
    return (*row[:width], *[None] * (width - len(row)))


def _of_text(content: bytes) -> list[list[Cell]]:
    text = _decoded(content)
    if "\x00" in text:
        raise UnreadableTable(Why.NO_TABLE)
    lines = text.splitlines()
    delimiter = _delimiter_of(lines[:20])
    if lines and lines[0].casefold().startswith("sep=") and len(lines[0].strip()) == 5:
        delimiter, text = lines[0].strip()[4], "\n".join(lines[1:])
    try:
        found: list[list[Cell]] = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            found.append(list(row))
            if len(found) > MOST_ROWS + 100:
                raise UnreadableTable(Why.TOO_MANY_ROWS)
    except csv.Error:
        raise UnreadableTable(Why.NO_TABLE) from None
    return found


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "windows-1252", "latin-1")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeError:
            continue
    raise UnreadableTable(Why.NO_TABLE)


def _delimiter_of(lines: list[str]) -> str:
    """The mark that stands most often in the first line that has one, outside quotation marks."""
    for line in lines:
        outside = "".join(line.split('"')[::2])
        best = max(";,\t|", key=outside.count)
        if outside.count(best):
            return best
    return ","


def _of_workbook(content: bytes) -> list[list[Cell]]:
    # 10 MB: only where a workbook comes in
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if not book.sheet_names:
            raise UnreadableTable(Why.EMPTY)
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=True)
    except (CalamineError, OSError, ValueError):
        raise UnreadableTable(Why.LOCKED) from None
    return [[_plain(cell) for cell in row] for row in rows]


def _plain(cell: object) -> Cell:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, str | float | date | bool):
        return cell
    return float(cell) if isinstance(cell, int) else None if cell is None else str(cell)
