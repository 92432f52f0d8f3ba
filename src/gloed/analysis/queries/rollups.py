"""Counts from the rollups that stand beside the files: the same numbers, without reading answers.

See `analysis.rollup`. Days are exact for the whole; columns are counted by month, so that a window
is taken apart into whole months and the days at its edges.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable
from datetime import date, timedelta
from typing import Any

from gloed.analysis.queries.asked import Period, Query, Selection, Window
from gloed.analysis.queries.rows import KINDS, ask, limited, start_of
from gloed.analysis.rollup import WHOLE
from gloed.analysis.schema import MOST_VALUES
from gloed.analysis.store import Build, Source, table_of

Row = dict[str, Any]
_KEYS = ("metric", *KINDS)


def has_rollup(piece: Source, selection: Selection, columns: tuple[str, ...] = ()) -> bool:
    """Whether a selection, split by these columns, can be counted from rollups."""
    if piece.rollup is None or selection.filters:
        return False
    return all(_is_counted(piece, column) for column in columns)


def rolled(piece: Source, query: Query) -> list[Row]:
    """A histogram per survey, metric and period, as `query.by` asks."""
    return _run(piece, _by_day, query.selection, query.by, query.period, query.week_starts)


def _by_day(
    source: Source,
    selection: Selection,
    by: tuple[str, ...],
    period: Period | None,
    week_starts: int,
) -> Any:
    table = _selected(source, selection)
    groups = {f"group_{place}": table[name] for place, name in enumerate(by)}
    if period is not None:
        groups["period"] = start_of(table.day, period, week_starts)
    kept = {name: table[name] for name in _KEYS}
    whole = table.filter(table.column == WHOLE).select(**kept, **groups, n=table.n)
    return whole.group_by([*kept, *groups]).agg(n=whole.n.sum())


def rolled_each(
    piece: Source, selection: Selection, columns: tuple[str, ...]
) -> dict[str, list[Row]]:
    """A histogram per value of each column; the window holds whole months."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in _run(piece, _by_value, selection, columns):
        found[row.pop("column")].append(row | {"group_0": row.pop("value")})
    whole = found.pop(WHOLE, [])
    return {column: found[column] + _unknown(whole, found[column]) for column in columns}


def _by_value(source: Source, selection: Selection, columns: tuple[str, ...]) -> Any:
    table = _selected(source, selection)
    chosen = table.filter(table.column.isin([WHOLE, *columns]))
    return chosen.group_by(["column", "value", *_KEYS]).agg(n=chosen.n.sum())


def rolled_days(piece: Source, selection: Selection) -> tuple[date | None, date | None]:
    """The first and the last day of a selection."""
    (row,) = _run(piece, _first_and_last, selection)
    return row["first"], row["last"]


def _first_and_last(source: Source, selection: Selection) -> Any:
    table = _selected(source, selection)
    whole = table.filter(table.column == WHOLE)
    return whole.agg(first=whole.day.min(), last=whole.day.max())


def split_window(window: Window) -> tuple[Window | None, list[Window]]:
    """The whole months of a window (None without any), then the pieces at its edges."""
    start, end = window.start, window.end
    first = start if start is None or start.day == 1 else _next_month(start)
    last = end if end is None or end.day == 1 else end.replace(day=1)
    if first is not None and last is not None and first >= last:
        return None, [window]
    edges = []
    if first != start:
        edges.append(Window(start, first))
    if last != end:
        edges.append(Window(last, end))
    return Window(first, last), edges


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _is_counted(piece: Source, column: str) -> bool:
    """Whether rollups know a column: with few values everywhere, or with none at all."""
    return column not in piece.columns or piece.most.get(column, MOST_VALUES + 1) <= MOST_VALUES


def _selected(counts: Source, selection: Selection) -> Any:
    table = table_of(counts)
    if selection.surveys:
        table = table.filter(table.survey.isin(list(selection.surveys)))
    if selection.metric:
        table = table.filter(table.metric == selection.metric)
    for condition in limited(table.day, selection.window):
        table = table.filter(condition)
    if selection.ratings:
        table = table.filter(table.rating.isin(list(selection.ratings)))
    return table


def _run(piece: Source, build: Build, selection: Selection, *shape: Hashable) -> list[Row]:
    if piece.rollup is None:
        raise ValueError("this piece has no rollup")
    rows: list[Row] = ask(piece.rollup, build, selection, *shape)
    for row in rows:
        if "n" in row:
            row["n"] = int(row["n"])  # engines add whole numbers up in wider types
    return rows


def _unknown(whole: list[Row], known: list[Row]) -> list[Row]:
    """Those of whom a column knows nothing: the whole less those of whom it does."""
    left: Counter[tuple[Any, ...]] = Counter()
    for row in whole:
        left[tuple(row[name] for name in _KEYS)] += row["n"]
    for row in known:
        left[tuple(row[name] for name in _KEYS)] -= row["n"]
    return [
        {**dict(zip(_KEYS, key, strict=True)), "group_0": None, "n": n}
        for key, n in left.items()
        if n
    ]
