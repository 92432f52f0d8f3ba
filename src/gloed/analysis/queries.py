"""Questions to the projection as frozen values, and their answers: counts, never rows.

A query is built once as an Ibis expression and runs on every engine. The same queries answer for
an organisation's projection and for a table in memory:

    source = store.projection_of(organisation)            # or store.from_arrow(table)
    result = run(source, Query(Selection(surveys=(survey_id,)), by=("team",)))
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from gloed.analysis.schema import stored_name
from gloed.analysis.store import Source, engine
from gloed.stats import Histogram
from gloed.surveys.rules import Scale

MOST_VALUES = 100
"""A column with more values than this in one file does not split answers into groups."""

FEW = 10
"""Groups of more than this many times the smallest group are not asked for distinct people."""

Group = tuple[str | None, ...]


class Period(StrEnum):
    """How finely time is cut."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class Doubt(StrEnum):
    """What a reader must know about a result besides its numbers."""

    OTHER_SCALES = "other_scales"  # some answers were given on another scale and stand apart
    NOT_PROJECTED = "not_projected"  # nothing is projected yet


@dataclass(frozen=True, slots=True)
class Window:
    """Local days from `start` up to, not including, `end`; open where None.

    Answers without a date are inside only when both ends are open.
    """

    start: date | None = None
    end: date | None = None


ALL_TIME = Window()


@dataclass(frozen=True, slots=True)
class Filter:
    """Only answers whose `column` has one of these values; None stands for "nothing known"."""

    column: str
    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which answers: of these surveys (all when empty), of this metric, in this window, filtered.

    `ratings` keeps only answers with one of these ratings, for a band.
    """

    surveys: tuple[str, ...] = ()
    metric: str = ""
    window: Window = ALL_TIME
    filters: tuple[Filter, ...] = ()
    ratings: tuple[int, ...] = ()

    def narrowed(self, *filters: Filter) -> "Selection":
        """The same with further filters."""
        return replace(self, filters=(*self.filters, *filters))


@dataclass(frozen=True, slots=True)
class Query:
    """A histogram for each group and period. `week_starts` is 0 for Sunday, 1 for Monday."""

    selection: Selection = Selection()
    by: tuple[str, ...] = ()
    period: Period | None = None
    week_starts: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """The answers of one group in one period on one scale. `period` is its first day.

    `histogram` holds beside the counts how many gave no rating (`missing`) or one that could not
    be read (`out_of_range`).
    """

    metric: str
    scale: Scale
    group: Group
    period: date | None
    histogram: Histogram


@dataclass(frozen=True, slots=True)
class Result:
    """What came out, with the query it answers, the cut-off of the data and what to doubt."""

    query: Query
    cells: tuple[Cell, ...]
    cut_off: datetime | None
    doubts: tuple[Doubt, ...] = ()
    other_scales: float = 0  # answers on other scales than the main one

    @property
    def scale(self) -> Scale | None:
        """The scale on which most answers were given; None without any."""
        return _main_scale(self.cells)

    def merged(self) -> Histogram | None:
        """All cells on the main scale together; None without any."""
        scale = self.scale
        if scale is None:
            return None
        whole = Histogram.empty((scale.minimum, scale.maximum))
        for cell in self.cells:
            if cell.scale == scale:
                whole += cell.histogram
        return whole

    def by_group(self) -> dict[Group, Histogram]:
        """The main scale per group, periods together."""
        return self._summed(lambda cell: cell.group)

    def by_period(self) -> dict[date | None, Histogram]:
        """The main scale per period, groups together; None holds the undated."""
        return self._summed(lambda cell: cell.period)

    def _summed(self, key: Any) -> dict[Any, Histogram]:
        scale = self.scale
        sums: dict[Any, Histogram] = {}
        for cell in self.cells:
            if cell.scale == scale:
                name = key(cell)
                sums[name] = sums[name] + cell.histogram if name in sums else cell.histogram
        return sums


@lru_cache(maxsize=512)
def run(source: Source, query: Query) -> Result:
    """Count ratings per group and period: one pass over the columns it needs."""
    table = engine().table(source)
    rows = _selected(table, source, query.selection)
    groups = {f"group_{place}": _column(rows, source, name) for place, name in enumerate(query.by)}
    if query.period is not None:
        groups["period"] = _start_of(rows.local_date, query.period, query.week_starts)
    counted = _counted(rows.select(**_needed(rows), **groups), list(groups))
    cells = _cells(engine().run(counted).to_pylist(), width=len(query.by))
    return _result(source, query, cells)


@lru_cache(maxsize=128)
def run_each(source: Source, selection: Selection, columns: tuple[str, ...]) -> dict[str, Result]:
    """The same answers split by each of several columns, in one go."""
    if not columns:
        return {}
    import ibis  # noqa: PLC0415  # heavy, see store

    rows = _selected(engine().table(source), source, selection)
    branches = [
        _counted(
            rows.select(**_needed(rows), group_0=_column(rows, source, name)), ["group_0"]
        ).mutate(place=ibis.literal(place, "int64"))
        for place, name in enumerate(columns)
    ]
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    counted = ibis.union(*branches) if len(branches) > 1 else branches[0]
    for row in engine().run(counted).to_pylist():
        found[row["place"]].append(row)
    return {
        name: _result(source, Query(selection, by=(name,)), _cells(found[place], width=1))
        for place, name in enumerate(columns)
    }


@lru_cache(maxsize=256)
def count_people(source: Source, selection: Selection, by: tuple[str, ...]) -> dict[Group, int]:
    """Distinct people with a rating per group. Who is not known counts as somebody else each time.

    Kept apart from the histograms because people cannot be added up over ratings.
    """
    rows = _selected(engine().table(source), source, selection)
    rows = rows.filter(rows.rating.notnull())
    groups = {f"group_{place}": _column(rows, source, name) for place, name in enumerate(by)}
    chosen = rows.select("person", **groups)
    people = chosen.person.nunique() + chosen.person.isnull().sum().fill_null(0)
    counted = chosen.group_by(list(groups)).agg(n=people) if groups else chosen.agg(n=people)
    return {
        tuple(row[f"group_{place}"] for place in range(len(by))): int(row["n"])
        for row in engine().run(counted).to_pylist()
    }


def count_few_people(
    source: Source, results: dict[str, Result], *, minimum: int
) -> dict[str, dict[Group, int]]:
    """Distinct people of the small groups of several splits, where answers and people may differ.

    Only groups of up to ten times the smallest group that is shown are looked at.
    """
    found: dict[str, dict[Group, int]] = {}
    for column, result in results.items():
        histograms = result.by_group()
        few = tuple(g[0] for g, h in histograms.items() if minimum <= h.n < FEW * minimum)
        if few:
            narrowed = result.query.selection.narrowed(Filter(column, few))
            found[column] = count_people(source, narrowed, (column,))
    return found


@lru_cache(maxsize=64)
def find_days(source: Source, selection: Selection) -> tuple[date | None, date | None]:
    """The first and the last local day on which somebody answered."""
    rows = _selected(engine().table(source), source, selection)
    found = engine().run(rows.agg(first=rows.local_date.min(), last=rows.local_date.max()))
    (row,) = found.to_pylist()
    return row["first"], row["last"]


def list_keys(
    source: Source,
    selection: Selection,
    *,
    after: tuple[datetime | None, int] | None,
    limit: int,
    with_text: bool = False,
) -> list[tuple[datetime | None, int]]:
    """Moment and record key of answers, newest first and the undated last.

    `after` is the last pair of the piece before. A response with several ratings comes once, so
    that a piece may be a little shorter than `limit`.
    """
    import ibis  # noqa: PLC0415  # heavy, see store

    rows = _selected(engine().table(source), source, selection)
    if with_text:
        rows = rows.filter(rows.has_verbatim)
    if after is not None:
        at, key = after
        is_later = rows.responded_at.isnull() & (rows.response_id < key)
        if at is not None:
            moment = ibis.literal(at.astimezone(UTC), "timestamp('UTC', 6)")
            same = (rows.responded_at == moment) & (rows.response_id < key)
            is_later = rows.responded_at.isnull() | (rows.responded_at < moment) | same
        rows = rows.filter(is_later)
    listed = (
        rows.select("responded_at", "response_id")
        .order_by([ibis.desc("responded_at", nulls_first=False), ibis.desc("response_id")])
        .limit(limit)
    )
    found = engine().run(listed).to_pylist()
    return list(dict.fromkeys((row["responded_at"], row["response_id"]) for row in found))


@lru_cache(maxsize=256)
def list_strongest(
    source: Source, selection: Selection, *, is_high_first: bool, limit: int
) -> list[int]:
    """Record keys of answers with words: the outermost ratings first, then the newest."""
    import ibis  # noqa: PLC0415  # heavy, see store

    rows = _selected(engine().table(source), source, selection)
    rows = rows.filter(rows.has_verbatim)
    rating = ibis.desc("rating") if is_high_first else ibis.asc("rating")
    ordered = rows.select("rating", "responded_at", "response_id").order_by(
        [rating, ibis.desc("responded_at", nulls_first=False), ibis.desc("response_id")]
    )
    found = engine().run(ordered.limit(limit)).to_pylist()
    return list(dict.fromkeys(row["response_id"] for row in found))


def keep_keys(source: Source, selection: Selection, keys: tuple[int, ...]) -> list[int]:
    """Those of these record keys that a selection holds, in the order given."""
    rows = _selected(engine().table(source), source, selection)
    kept = engine().run(rows.filter(rows.response_id.isin(list(keys))).select("response_id"))
    held = set(kept["response_id"].to_pylist())
    return [key for key in keys if key in held]


@lru_cache(maxsize=128)
def count_responses(source: Source, selection: Selection, *, with_text: bool = False) -> int:
    """How many responses a selection holds, with or without a rating."""
    rows = _selected(engine().table(source), source, selection)
    if with_text:
        rows = rows.filter(rows.has_verbatim)
    (row,) = engine().run(rows.agg(n=rows.response_id.nunique())).to_pylist()
    return int(row["n"])


def splitting_columns(source: Source) -> tuple[str, ...]:
    """Columns by which answers may be split: known in the projection, with not too many values."""
    return tuple(
        name
        for name in source.columns
        if name in source.most and 0 < source.most[name] <= MOST_VALUES
    )


def _selected(table: Any, source: Source, selection: Selection) -> Any:
    """The rows of a selection."""
    if selection.surveys:
        table = table.filter(table.survey.isin(list(selection.surveys)))
    if selection.metric:
        table = table.filter(table.metric == selection.metric)
    if selection.window.start is not None:
        table = table.filter(table.local_date >= selection.window.start)
    if selection.window.end is not None:
        table = table.filter(table.local_date < selection.window.end)
    if selection.ratings:
        table = table.filter(table.rating.isin(list(selection.ratings)))
    for only in selection.filters:
        table = table.filter(_matches(_column(table, source, only.column), only.values))
    return table


def _matches(column: Any, values: tuple[str | None, ...]) -> Any:
    known = [value for value in values if value is not None]
    condition = column.isin(known)
    if None in values:
        condition = condition | column.isnull()
    return condition


def _column(table: Any, source: Source, name: str) -> Any:
    """A column by its logical name; one that no answer ever had is empty for all."""
    import ibis  # noqa: PLC0415  # heavy, see store

    if name not in source.columns:
        return ibis.null("string")
    return table[stored_name(name)].cast("string")


def _needed(rows: Any) -> dict[str, Any]:
    names = ("metric", "scale_minimum", "scale_maximum", "high_is_good", "rating", "unreadable")
    return {name: rows[name] for name in names}


def _counted(rows: Any, groups: list[str]) -> Any:
    import ibis  # noqa: PLC0415  # heavy, see store

    return rows.group_by([*_needed(rows), *groups]).agg(n=ibis._.count())


def _start_of(day: Any, period: Period, week_starts: int) -> Any:
    """The first day of the period a day falls in."""
    import ibis  # noqa: PLC0415  # heavy, see store

    if period is Period.DAY:
        return day
    if period is Period.WEEK and week_starts == 0:
        one = ibis.interval(days=1)
        return ((day + one).truncate("W") - one).cast("date")
    return day.truncate({Period.WEEK: "W", Period.MONTH: "M", Period.QUARTER: "Q"}[period])


def _cells(rows: list[dict[str, Any]], *, width: int) -> list[Cell]:
    """Histograms from counted rows."""
    gathered: defaultdict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
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


def _histogram(scale: Scale, rows: list[dict[str, Any]]) -> Histogram:
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
    main = _main_scale(tuple(cells))
    others = sum(cell.histogram.n for cell in cells if cell.scale != main)
    doubts = [Doubt.OTHER_SCALES] if others else []
    if source.cut_off is None and not source.rows:
        doubts.append(Doubt.NOT_PROJECTED)
    ordered = sorted(cells, key=_order)
    return Result(query, tuple(ordered), source.cut_off, tuple(doubts), others)


def _order(cell: Cell) -> tuple[Any, ...]:
    named = tuple((name is None, name or "") for name in cell.group)
    return (cell.period is None, cell.period or date.min, named, cell.metric, cell.scale.values)


def _main_scale(cells: tuple[Cell, ...]) -> Scale | None:
    answers: defaultdict[Scale, float] = defaultdict(float)
    for cell in cells:
        answers[cell.scale] += cell.histogram.n
    return max(answers, key=lambda scale: (answers[scale], scale.maximum), default=None)


def _day(moment: Any) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


def next_period(start: date, period: Period) -> date:
    """The first day of the period after the one that begins on `start`."""
    if period is Period.DAY:
        return start + timedelta(days=1)
    if period is Period.WEEK:
        return start + timedelta(days=7)
    months = 1 if period is Period.MONTH else 3
    number = start.month - 1 + months
    return date(start.year + number // 12, number % 12 + 1, 1)
