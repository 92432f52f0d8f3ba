"""Reading a population table, and what is certain of the silent: decisions without Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Final

MOST_SEGMENTS: Final = 100
CAP: Final = 5.0
"""No answer counts for more than so many times the mean (methods 4.4)."""

Cell = object


class Bad(StrEnum):
    """Why a table cannot be used."""

    ONE_COLUMN = "one_column"
    NO_NUMBERS = "no_numbers"
    BAD_NUMBER = "bad_number"
    NO_NAME = "no_name"
    TWICE = "twice"
    ONE_SEGMENT = "one_segment"
    TOO_MANY = "too_many"


class BadTable(Exception):
    """A table that cannot be used: why, in which line, and what stood there."""

    def __init__(self, why: Bad, line: int = 0, found: str = "") -> None:
        super().__init__(why.value)
        self.why, self.line, self.found = why, line, found


@dataclass(frozen=True, slots=True)
class Population:
    """People per segment, and the segments of the file that no answer belongs to."""

    sizes: dict[str, float]
    unknown: tuple[str, ...] = ()


def read_population(
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    label: str,
    known: Mapping[str, str],
) -> Population:
    """People per segment from a table. Raises BadTable.

    `label` is how the column is called: a head of that name holds the segments, else the first.
    `known` holds the values answers have, by what they are called in small letters.
    """
    names, numbers = _columns(heads, rows, label)
    sizes: dict[str, float] = {}
    unknown = []
    for place, row in enumerate(rows, start=2):
        name = text_of(row[names])
        if not name:
            raise BadTable(Bad.NO_NAME, place)
        size = number_of(row[numbers])
        if size is None or not size > 0:
            raise BadTable(Bad.BAD_NUMBER, place, text_of(row[numbers]))
        value = known.get(name.casefold())
        if value is None:
            unknown.append(name)
            value = name
        if value in sizes:
            raise BadTable(Bad.TWICE, place, name)
        sizes[value] = size
    if len(sizes) < 2:
        raise BadTable(Bad.ONE_SEGMENT)
    if len(sizes) > MOST_SEGMENTS:
        raise BadTable(Bad.TOO_MANY, found=str(len(sizes)))
    return Population(sizes, tuple(unknown))


def _columns(heads: Sequence[str], rows: Sequence[Sequence[Cell]], label: str) -> tuple[int, int]:
    """Where the segments and the numbers stand."""
    if len(heads) < 2:
        raise BadTable(Bad.ONE_COLUMN)
    called = [head.casefold() for head in heads]
    names = called.index(label.casefold()) if label.casefold() in called else 0
    others = [place for place in range(len(heads)) if place != names]
    read = {place: sum(number_of(row[place]) is not None for row in rows) for place in others}
    numbers = max(others, key=lambda place: read[place])
    if not read[numbers]:
        raise BadTable(Bad.NO_NUMBERS)
    return names, numbers


def text_of(cell: Cell) -> str:
    """A cell as text; a whole number without its decimals."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).replace("\x00", "").split())[:200]


def number_of(cell: Cell) -> float | None:
    """A number of people however it is written: 1234, 1.234, "1,234", "1 234"; else None.

    >>> [number_of(cell) for cell in ("1.234", "1,234", "12 500", 7.0, "12,5", "many", "")]
    [1234.0, 1234.0, 12500.0, 7.0, 12.5, None, None]
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return float(cell) if isfinite(cell) else None
    text = "".join(str(cell).split()).replace("\u2019", "").replace("'", "")
    groups = text.replace(".", ",").split(",")
    if not text or not all(group.isdigit() and group.isascii() for group in groups):
        return None
    if len(groups) == 1:
        return float(groups[0])
    if all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3:
        return float("".join(groups))
    return float(f"{groups[0]}.{groups[1]}") if len(groups) == 2 else None


class Unfit(StrEnum):
    """Why answers cannot be weighted to the tables that stand."""

    NO_TABLE = "no_table"
    NO_ANSWERS = "no_answers"
    EMPTY = "empty"  # nobody answered for a segment of the table
    NO_TARGET = "no_target"  # answers of a segment that is not in the table
    TOGETHER = "together"  # the tables cannot be met together


@dataclass(frozen=True, slots=True)
class Misfit:
    """Where a table and the answers do not meet: the column and the values."""

    why: Unfit
    column: str = ""
    values: tuple[str, ...] = ()


def misfit_of(
    groups: Sequence[tuple[str, ...]],
    columns: Sequence[str],
    targets: Sequence[Mapping[str, float]],
) -> Misfit | None:
    """The first place where answers and tables do not meet; None where they do."""
    if not groups:
        return Misfit(Unfit.NO_ANSWERS)
    for place, (column, target) in enumerate(zip(columns, targets, strict=True)):
        present = {group[place] for group in groups}
        if empty := sorted(set(target) - present):
            return Misfit(Unfit.EMPTY, column, tuple(empty))
        if stray := sorted(present - set(target)):
            return Misfit(Unfit.NO_TARGET, column, tuple(stray))
    return None
