"""The columns of the projection: one row for every answered rating question.

A response with words but no rating has one row whose `rating` is empty: it is seen, and stays out
of every base. An attribute has a column of its own, `attr:<key>`.
"""

import json
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

ATTRIBUTE: Final = "attr:"
THEME: Final = "theme"
"""A list: the themes that an answer's words name. One answer stands in many groups, or in none."""
UNDATED: Final = "undated"

MOST_VALUES: Final = 100
"""A column with more values than this in one file does not split answers into groups."""

_WORDS = pa.dictionary(pa.int32(), pa.string())

# another set of columns is another `manifest.FORMAT`: files of both cannot be read together
CORE: Final[dict[str, pa.DataType]] = {
    "organisation": _WORDS,  # public id
    "response_id": pa.int64(),  # key in the record
    "response": pa.string(),  # public id
    "survey": _WORDS,  # public id
    "version": pa.int32(),  # number of the survey's version
    "metric": _WORDS,
    "scale_minimum": pa.int16(),
    "scale_maximum": pa.int16(),
    "high_is_good": pa.bool_(),
    "rating": pa.int16(),  # empty: stays out of n
    "unreadable": pa.bool_(),  # something was written that is no rating of the scale
    "has_verbatim": pa.bool_(),
    THEME: pa.list_(pa.string()),  # keys, empty where the words name none
    "responded_at": pa.timestamp("us", tz="UTC"),
    "local_date": pa.date32(),  # in the organisation's zone
    "person": pa.int64(),  # who answered, empty if nobody knows
    "team": _WORDS,  # public id
    "touchpoint": _WORDS,  # public id
    "channel": _WORDS,
    "device": _WORDS,
    "language": _WORDS,
    "status": _WORDS,
    "source": _WORDS,
    "batch": _WORDS,
}

GROUPABLE: Final = ("touchpoint", "team", "channel", "language", "device", "source")
"""Core columns by which answers can be split, besides every attribute."""


def is_attribute(column: str) -> bool:
    """Whether a column holds an attribute."""
    return column.startswith(ATTRIBUTE)


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

    >>> [attribute_text(v) for v in ("north", 3, True, "", None, ["a"])]
    ['north', '3', 'true', None, None, '["a"]']
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value.replace("\x00", "")
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


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
        if not is_attribute(name):
            raise ValueError(f"not a column of the projection: {name}")
        arrays[name] = _array(columns[name], _WORDS)
    return pa.table({stored_name(name): array for name, array in arrays.items()})


def count_values(table: pa.Table) -> dict[str, int]:
    """How many values each column holds by which answers can be split, by logical name."""
    counted = {}
    for place, stored in enumerate(table.column_names):
        name = column_name(stored)
        if name in GROUPABLE or is_attribute(name):
            words = table.column(place).cast(pa.string())
            counted[name] = int(pc.count_distinct(words, mode="only_valid").as_py())
    return counted


def _array(values: list[Any], kind: pa.DataType) -> "pa.Array[Any]":
    if kind == _WORDS:
        return pa.array(values, pa.string()).dictionary_encode()
    return pa.array(values, kind)


def _escaped(letter: str) -> str:
    if letter == "^":
        return "^^"
    small = letter.lower()
    if small != letter and len(small) == 1 and small.upper() == letter:
        return f"^{small}"
    return letter
