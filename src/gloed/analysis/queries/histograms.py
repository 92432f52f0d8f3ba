"""Histograms of ratings per group and period: whatever adds up exactly."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from gloed.analysis.queries.asked import (
    Cell,
    Doubt,
    Period,
    Query,
    Result,
    Selection,
    main_scale,
)
from gloed.analysis.queries.pieces import holds_none
from gloed.analysis.queries.rollups import has_rollup, rolled, rolled_each, split_window
from gloed.analysis.queries.rows import (
    ask,
    column_of,
    group_of,
    needed,
    packed,
    rows_of,
    start_of,
    unpacked,
)
from gloed.analysis.schema import MOST_VALUES
from gloed.analysis.store import EVERYTHING, Source
from gloed.stats import Histogram
from gloed.surveys.rules import Scale

KEPT_SPLITS = 16
"""Splits by every column that are kept: each is large, and of no use after the next answer."""

Row = dict[str, Any]
"""Counted answers: the columns of `rows.KINDS`, `metric`, the group, perhaps `period`, and `n`."""


@lru_cache(maxsize=512)
def run(source: Source, query: Query) -> Result:
    """Count ratings per group and period: one pass over the columns it needs."""
    rows = [row for piece in source.pieces for row in _counted(piece, query)]
    return _result(source, query, _cells(rows, width=len(query.by)))


@lru_cache(maxsize=KEPT_SPLITS)
def run_each(source: Source, selection: Selection, columns: tuple[str, ...]) -> dict[str, Result]:
    """The same answers split by each of several columns, in one go."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for piece in source.pieces:
        for column, rows in _counted_each(piece, selection, columns).items():
            found[column] += rows
    return {
        name: _result(source, Query(selection, by=(name,)), _cells(found[name], width=1))
        for name in columns
    }


def packed_result_of(source: Source, query: Query, rows: list[Row]) -> Result:
    """The answer to a query from counted rows with their kind in one number (see `packed`)."""
    counted = [row | unpacked(row["kind"]) for row in _with_metric(rows, query.selection)]
    return _result(source, query, _cells(counted, width=len(query.by)))


def splitting_columns(source: Source) -> tuple[str, ...]:
    """Columns by which answers may be split: known in the projection, with not too many values."""
    return tuple(
        name
        for name in source.columns
        if name in source.most and 0 < source.most[name] <= MOST_VALUES
    )


@lru_cache(maxsize=512)
def _counted(piece: Source, query: Query) -> list[Row]:
    if has_rollup(piece, query.selection) and set(query.by) <= {"survey", "metric"}:
        return rolled(piece, query)
    selection = query.selection
    if holds_none(piece, selection):
        return []
    found = ask(piece, _by_group, selection, query.by, query.period, query.week_starts)
    return _with_metric(found, selection)


def _by_group(
    source: Source,
    selection: Selection,
    by: tuple[str, ...],
    period: Period | None,
    week_starts: int,
) -> Any:
    rows = rows_of(source, selection)
    groups = {f"group_{place}": group_of(rows, source, name) for place, name in enumerate(by)}
    if period is not None:
        groups["period"] = start_of(rows.local_date, period, week_starts)
    return _histogram_of(rows.select(*needed(selection), **groups))


@lru_cache(maxsize=2 * KEPT_SPLITS)
def _counted_each(
    piece: Source, selection: Selection, columns: tuple[str, ...]
) -> dict[str, list[Row]]:
    """Whole months from the rollup where there is one, the rest by reading the answers."""
    if not has_rollup(piece, selection, columns):
        return _scanned_each(piece, selection, columns)
    whole, edges = split_window(selection.window)
    found: defaultdict[str, list[Row]] = defaultdict(list)
    if whole is not None:
        found |= rolled_each(piece, replace(selection, window=whole), columns)
    for edge in edges:
        for column, rows in _scanned_each(piece, replace(selection, window=edge), columns).items():
            found[column] += rows
    return found


def _scanned_each(
    piece: Source, selection: Selection, columns: tuple[str, ...]
) -> dict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    if columns and not holds_none(piece, selection):
        for row in _with_metric(ask(piece, _by_each, selection, columns), selection):
            found[columns[row["place"]]].append(row | unpacked(row["kind"]))
    return found


def _by_each(source: Source, selection: Selection, columns: tuple[str, ...]) -> Any:
    import ibis  # noqa: PLC0415  # heavy, see store

    rows = rows_of(source, selection)
    # chosen once and counted often; without the limit Ibis would write the choice into every
    # branch, and the engine would read the files once for each (three times as much work)
    names = {f"column_{place}": column_of(rows, source, name) for place, name in enumerate(columns)}
    metric = () if selection.metric else ("metric",)
    chosen = rows.select(*metric, kind=packed(rows), **names).limit(EVERYTHING)
    branches = [
        _histogram_of(chosen.select(*metric, "kind", group_0=chosen[f"column_{place}"])).mutate(
            place=ibis.literal(place, "int64")
        )
        for place in range(len(columns))
    ]
    return ibis.union(*branches) if len(branches) > 1 else branches[0]


def _histogram_of(rows: Any) -> Any:
    import ibis  # noqa: PLC0415  # heavy, see store

    return rows.group_by(rows.columns).agg(n=ibis._.count())


def _with_metric(rows: list[Row], selection: Selection) -> list[Row]:
    """Counted rows with the metric that was asked for."""
    return [row | {"metric": selection.metric} for row in rows] if selection.metric else rows


def _cells(rows: list[Row], *, width: int) -> list[Cell]:
    """Histograms from counted rows."""
    gathered: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row["scale_minimum"] is None:
            continue  # a version that asks for words only
        group = tuple(row[f"group_{place}"] for place in range(width))
        scale = Scale(row["scale_minimum"], row["scale_maximum"], row["high_is_good"])
        gathered[row["metric"], scale, group, _day(row.get("period"))].append(row)
    return [
        Cell(metric, scale, group, period, _histogram(scale, counted))
        for (metric, scale, group, period), counted in gathered.items()
    ]


def _histogram(scale: Scale, rows: list[Row]) -> Histogram:
    counts = [0] * len(scale.values)
    missing = unreadable = 0
    for row in rows:
        rating = row["rating"]
        if rating is None and not row["unreadable"]:
            missing += row["n"]
        elif rating in scale:
            counts[rating - scale.minimum] += row["n"]
        else:
            unreadable += row["n"]
    ends = (scale.minimum, scale.maximum)
    plain = Histogram.of(counts, scale=ends)
    return Histogram(plain.values, plain.counts, missing, unreadable)


def _result(source: Source, query: Query, cells: list[Cell]) -> Result:
    main = main_scale(tuple(cells))
    others = sum(cell.histogram.n for cell in cells if cell.scale != main)
    doubts = [Doubt.OTHER_SCALES] if others else []
    if source.cut_off is None and not source.rows:
        doubts.append(Doubt.NOT_PROJECTED)
    ordered = sorted(cells, key=_order)
    return Result(query, tuple(ordered), source.cut_off, tuple(doubts), others)


def _order(cell: Cell) -> tuple[Any, ...]:
    named = tuple((name is None, name or "") for name in cell.group)
    scale = (cell.scale.values, cell.scale.high_is_good)
    return (cell.period is None, cell.period or date.min, named, cell.metric, *scale)


def _day(moment: Any) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment
