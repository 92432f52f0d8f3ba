"""Counts kept beside a file of the projection, so that its answers need not be read to be counted.

Written with the file, let go with it, and exact: per survey, metric, scale and rating how many
answers were given on each local day (`column` is empty), and how many in each local month with each
value of each column by which answers can be split. Answers of which a column knows nothing are not
written down: they are the whole less those that are.
"""

from __future__ import annotations

from typing import Any, Final

from gloed.analysis.schema import MOST_VALUES, Kind, arrow_type, stored_name
from gloed.base.arrow import pa, pc

COLUMNS: Final[dict[str, Kind]] = {
    "column": Kind.TEXT,  # logical name; empty for the whole
    "value": Kind.TEXT,  # empty for the whole
    "day": Kind.DAY,  # a local day, or the first of a local month; empty for the undated
    "survey": Kind.TEXT,
    "metric": Kind.TEXT,
    "scale_minimum": Kind.SHORT,
    "scale_maximum": Kind.SHORT,
    "high_is_good": Kind.FLAG,
    "rating": Kind.SHORT,
    "unreadable": Kind.FLAG,
    "n": Kind.LONG,
}
WHOLE: Final = ""
LASTING = 2_000
"""A file of so many rows stays for long; smaller ones are of late, and soon put together."""

_KEYS = ("survey", "metric", "scale_minimum", "scale_maximum", "high_is_good", "rating",
         "unreadable")  # fmt: skip


def counts_of(table: pa.Table, distinct: dict[str, int]) -> pa.Table:
    """The counts of a table of the projection; `distinct` says how many values a column holds."""
    keys = {name: _plain(table[name]) for name in _KEYS}
    month = pc.cast(pc.floor_temporal(table["local_date"], unit="month"), pa.date32())
    pieces = [_counted(keys, table["local_date"], WHOLE, None)]
    for name, number in distinct.items():
        if 0 < number <= MOST_VALUES:
            pieces.append(_counted(keys, month, name, _plain(table[stored_name(name)])))
    return pa.concat_tables(pieces)


def _counted(keys: dict[str, Any], day: Any, column: str, value: Any) -> pa.Table:
    groups = {**keys, "day": day} if value is None else {**keys, "day": day, "value": value}
    table = pa.table(groups)
    if value is not None:
        table = table.filter(pc.is_valid(value))
    counted = table.group_by(list(groups)).aggregate([([], "count_all")])
    whole = pa.array([WHOLE] * len(counted), pa.string())
    named = {
        **{name: counted[name] for name in groups},
        "column": pa.array([column] * len(counted), pa.string()),
        "value": counted["value"] if value is not None else whole,
        "n": counted["count_all"],
    }
    return pa.table(
        {name: pc.cast(named[name], arrow_type(kind)) for name, kind in COLUMNS.items()}
    )


def _plain(column: Any) -> Any:
    is_coded = pa.types.is_dictionary(column.type)
    return column.cast(pa.string()) if is_coded else column
