"""The first records of a table: what a format is recognised by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from gloed.channels.file_import.reading.cells import Cell, text_of
from gloed.channels.file_import.reading.tables import Header, Layout, Table, name_headers
from gloed.channels.file_import.reading.values import Options


@dataclass(frozen=True)
class Beginning:
    """The header record and the records below it, as text."""

    records: Sequence[Sequence[str]]

    @classmethod
    def of(cls, rows: Sequence[Sequence[Cell]]) -> "Beginning":
        """From raw rows, the first of which is the header."""
        return cls([[text_of(cell) for cell in row] for row in rows])

    @cached_property
    def titles(self) -> list[str]:
        """The header cells, trimmed, in lower case, without a byte order mark."""
        return [cell.lstrip("\ufeff").strip().casefold() for cell in self.record(0)]

    def record(self, number: int) -> Sequence[str]:
        """That record, empty when the file is shorter."""
        return self.records[number] if number < len(self.records) else ()

    def has(self, *titles: str) -> bool:
        """Whether all of these titles stand in the header."""
        return set(titles) <= set(self.titles)

    @property
    def width(self) -> int:
        """The number of header cells."""
        return len(self.record(0))


def plain_headers(beginning: Beginning) -> tuple[Header, ...]:
    """Headers from the first record alone."""
    return name_headers(list(beginning.record(0)))


@dataclass(frozen=True, slots=True)
class TableFormat:
    """A tool's table: its name, how it is recognised, its header records, its layout."""

    name: str
    recognises: Callable[[Beginning], bool]
    lay_out: Callable[[Table, Options, str], Layout]
    headers: Callable[[Beginning], tuple[Header, ...]] = plain_headers
    header_records: Callable[[Beginning], int] = lambda _: 1
