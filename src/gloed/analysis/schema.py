"""The columns of the projection: one row for every answered rating question.

A response with words but no rating has one row whose `rating` is empty: it is seen, and stays out
of every base. An attribute has a column of its own, `attr:<key>`.
"""

from __future__ import annotations

import json
from enum import Enum, auto
from functools import cache
from typing import Any, Final

from gloed.base.arrow import pa, pc
from gloed.base.bulk import clean

ATTRIBUTE: Final = "attr:"
RATED: Final = "rated:"
"""A further rating question by its key: its rating as text, in the row of the main rating."""
THEME: Final = "theme"
"""A list: the themes that an answer's words name. One answer stands in many groups, or in none."""
UNDATED: Final = "undated"

MOST_VALUES: Final = 100
"""A column with more values than this in one file does not split answers into groups."""


class Kind(Enum):
    """What a column holds; `arrow_type` says how an engine keeps it."""

    WORDS = auto()  # text of which the same few come again and again
    TEXT = auto()
    TEXTS = auto()
    FLAG = auto()
    SHORT = auto()
    WHOLE = auto()
    LONG = auto()
    DAY = auto()
    MOMENT = auto()


@cache
def arrow_type(kind: Kind) -> pa.DataType:
    """The Arrow type of a kind of column."""
    types = {
        Kind.WORDS: lambda: pa.dictionary(pa.int32(), pa.string()),
        Kind.TEXT: pa.string,
        Kind.TEXTS: lambda: pa.list_(pa.string()),
        Kind.FLAG: pa.bool_,
        Kind.SHORT: pa.int16,
        Kind.WHOLE: pa.int32,
        Kind.LONG: pa.int64,
        Kind.DAY: pa.date32,
        Kind.MOMENT: lambda: pa.timestamp("us", tz="UTC"),
    }
    return types[kind]()


# another set of columns is another `manifest.FORMAT`: files of both cannot be read together
CORE: Final[dict[str, Kind]] = {
    "organisation": Kind.WORDS,  # public id
    "response_id": Kind.LONG,  # key in the record
    "response": Kind.TEXT,  # public id
    "survey": Kind.WORDS,  # public id
    "version": Kind.WHOLE,  # number of the survey's version
    "metric": Kind.WORDS,
    "scale_minimum": Kind.SHORT,
    "scale_maximum": Kind.SHORT,
    "high_is_good": Kind.FLAG,
    "rating": Kind.SHORT,  # empty: stays out of n
    "unreadable": Kind.FLAG,  # something was written that is no rating of the scale
    "has_verbatim": Kind.FLAG,
    THEME: Kind.TEXTS,  # keys, empty where the words name none
    "responded_at": Kind.MOMENT,
    "local_date": Kind.DAY,  # in the organisation's zone
    "person": Kind.LONG,  # who answered, empty if nobody knows
    "team": Kind.WORDS,  # public id
    "touchpoint": Kind.WORDS,  # public id
    "channel": Kind.WORDS,
    "device": Kind.WORDS,
    "language": Kind.WORDS,
    "status": Kind.WORDS,
    "source": Kind.WORDS,
    "batch": Kind.WORDS,
}

GROUPABLE: Final = ("touchpoint", "team", "channel", "language", "device", "source")
"""Core columns by which answers can be split, besides every attribute."""


def is_attribute(column: str) -> bool:
    """Whether a column holds an attribute."""
    return column.startswith(ATTRIBUTE)


def is_rated(column: str) -> bool:
    """Whether a column holds the ratings of a further question."""
    return column.startswith(RATED)


def stored_name(column: str) -> str:
    """The name under which an engine stores a column.

    Engines take `attr:Region` and `attr:region` for the same column; a capital is therefore
    written as ^ and the small letter, and ^ as ^^. Reversible by `column_name`.

    >>> stored_name("attr:Region"), column_name("attr:^region")
    ('attr:^region', 'attr:Region')
    """
    return "".join(_escaped(letter) for letter in column)


def column_name(stored: str) -> str:
    """The reverse of `stored_name`."""
    letters, read = iter(stored), []
    for letter in letters:
        if letter != "^":
            read.append(letter)
            continue
        following = next(letters, "^")
        read.append("^" if following == "^" else following.upper())
    return "".join(read)


def attribute_text(value: Any) -> str | None:
    """An attribute as it is stored and shown; None when there is none.

    Halves of letters go: one of them would stop the projection of the whole organisation.

    >>> [attribute_text(v) for v in ("north", 3, True, "", None, ["a"])]
    ['north', '3', 'true', None, None, '["a"]']
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return clean(value)
    return clean(json.dumps(value, ensure_ascii=False, sort_keys=True))


def make_table(columns: dict[str, list[Any]]) -> pa.Table:
    """An Arrow table of the projection from lists per column, all of one length.

    Core columns that are not given are empty. Used by the writer and for answers that were never
    in the record (the command line).
    """
    length = len(next(iter(columns.values()), []))
    arrays = {
        name: _array(columns.get(name) or [None] * length, kind) for name, kind in CORE.items()
    }
    for name in sorted(set(columns) - set(CORE)):
        if not is_attribute(name) and not is_rated(name):
            raise ValueError(f"not a column of the projection: {name}")
        arrays[name] = _array(columns[name], Kind.WORDS)
    return pa.table({stored_name(name): array for name, array in arrays.items()})


def count_values(table: pa.Table) -> dict[str, int]:
    """How many values each column holds by which answers can be split, by logical name.

    Columns of further ratings are named with 0: they are there, and split nothing.
    """
    counted = {}
    for place, stored in enumerate(table.column_names):
        name = column_name(stored)
        if name in GROUPABLE or is_attribute(name):
            words = table.column(place).cast(pa.string())
            counted[name] = int(pc.count_distinct(words, mode="only_valid").as_py())
        elif is_rated(name):
            counted[name] = 0
    return counted


def _array(values: list[Any], kind: Kind) -> pa.Array[Any]:
    if kind is Kind.WORDS:
        return pa.array(values, pa.string()).dictionary_encode()
    return pa.array(values, arrow_type(kind))


def _escaped(letter: str) -> str:
    if letter == "^":
        return "^^"
    small = letter.lower()
    if small != letter and len(small) == 1 and small.upper() == letter:
        return f"^{small}"
    return letter
