"""A score by time and up to two columns: what can be said of every cell, and what cannot."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from gloed.analysis import queries, scores, words
from gloed.analysis.changes.rules import ALPHA, Key, hide_in_table
from gloed.analysis.changes.segments import sizes_of
from gloed.analysis.changes.subjects import Subject
from gloed.analysis.explorer.asked import ExploreAsked, Versus, Which
from gloed.analysis.filters import coarsened, periods_between, usual_period
from gloed.analysis.measures import Measure, measure_of, p_value_of, ratings_of
from gloed.analysis.queries import Filter, Period, Query, Result, Selection, Window
from gloed.analysis.reports import choices_of
from gloed.analysis.schema import THEME
from gloed.analysis.scores import Point
from gloed.analysis.store import Source
from gloed.stats import Estimate, Histogram, Visibility, benjamini_hochberg, suppress
from gloed.surveys.rules import Metric

MOST_ROWS = 40
MOST_PERIODS = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One group in one period; `p_value` is against everybody else in that period, corrected."""

    start: date
    n: int
    estimate: Estimate | None = None
    p_value: float | None = None
    is_up: bool = False
    is_hidden: bool = False

    @property
    def is_clear(self) -> bool:
        """Whether it can be told from everybody else."""
        return self.p_value is not None and self.p_value < ALPHA


@dataclass(frozen=True, slots=True)
class Row:
    """One group: its score, the comparison asked for, and its periods."""

    key: Key
    n: int
    estimate: Estimate | None = None
    against: Estimate | None = None
    p_value: float | None = None
    is_hidden: bool = False
    cells: tuple[Cell, ...] = ()

    @property
    def is_clear(self) -> bool:
        """Whether the comparison is certain."""
        return self.p_value is not None and self.p_value < ALPHA


@dataclass(frozen=True)
class ExploreReport:
    """Everything the page shows; without `measure` nobody answered this."""

    subject: Subject
    asked: ExploreAsked
    names: Mapping[str, str]
    choices: Mapping[str, list[tuple[str | None, str]]]
    cut_off: datetime | None
    period: Period = Period.MONTH
    measure: Measure | None = None
    estimate: Estimate | None = None
    change: Estimate | None = None
    change_p: float | None = None
    is_withheld: bool = False
    points: tuple[Point, ...] = ()
    rows: tuple[Row, ...] = ()
    left_out: int = 0  # rows beyond the most that are shown
    comparisons: int = 0
    other_scales: int = 0


@dataclass(frozen=True, slots=True)
class _Held:
    """What rows are made of: their histograms in all and per period."""

    groups: dict[Key, Histogram]
    cells: dict[tuple[Key, date], Histogram]
    people: Mapping[Key, int]
    wholes: Mapping[date, Histogram] = field(default_factory=dict)  # everybody, per period


def explore(
    source: Source,
    subject: Subject,
    asked: ExploreAsked,
    *,
    names: Mapping[str, str],
    minimum: int,
    teams: Sequence[Filter] = (),
    cut_off: datetime | None = None,
) -> ExploreReport:
    """The score an address asks for. `teams` narrows it to what a colleague may see."""
    everything = subject.selection(queries.ALL_TIME, teams)
    splitting = queries.splitting_columns(source)
    each = queries.run_each(source, everything, splitting) if splitting else {}
    choices = choices_of(each, names)
    asked = replace(
        asked,
        by=asked.by if asked.by in choices else "",
        then=asked.then if asked.by in choices and asked.then in choices else "",
    )
    report = ExploreReport(subject, asked, names, choices, cut_off)
    whole = queries.run(source, Query(everything))
    if whole.scale is None:
        return report
    measure = measure_of(subject.metric, whole.scale)
    filters = [*teams, *(Filter(column, (value,)) for column, value in asked.filters)]
    ratings = ratings_of(subject.metric, whole.scale, asked.band) if asked.band else ()
    selection = subject.selection(asked.window, filters, ratings)
    total = _merged(_run(source, asked, Query(selection)), measure)
    report = replace(report, measure=measure)
    if total is None or not total.n:
        return report
    everybody = _merged(whole, measure)
    if total.n < minimum or (
        subject.metric is Metric.ENPS
        and bool(asked.filters)
        and everybody is not None
        and 0 < everybody.n - total.n < minimum
    ):
        return replace(report, is_withheld=True)
    return _told(source, report, measure, selection, total, minimum=minimum)


def _told(
    source: Source,
    report: ExploreReport,
    measure: Measure,
    selection: Selection,
    total: Histogram,
    *,
    minimum: int,
) -> ExploreReport:
    asked = report.asked
    period, starts = _time(source, asked, selection)
    query = Query(selection, period=period, week_starts=words.week_starts())
    over_time = _run(source, asked, query)
    trend = scores.trend_of(measure, over_time, minimum=minimum, periods=starts)
    rows, left_out = _rows(
        source, asked, measure, selection, total, period, starts, minimum=minimum
    )
    change = _change(source, asked, measure, selection, total, minimum=minimum)
    rows, change_p, comparisons = _corrected(rows, p_value_of(change) if change else None)
    return replace(
        report,
        period=period,
        estimate=measure.estimate(total),
        change=change,
        change_p=change_p,
        points=trend.points,
        rows=rows,
        left_out=left_out,
        comparisons=comparisons,
        other_scales=int(over_time.other_scales),
    )


def _time(source: Source, asked: ExploreAsked, selection: Selection) -> tuple[Period, list[date]]:
    """How time is cut, and the first day of every period.

    Where people are asked every few months, so that most months are empty, it is cut by quarter.
    """
    first, last = queries.find_days(source, selection)
    if first is None or last is None:
        return Period.MONTH, []
    wanted = asked.period or usual_period(first, last)
    starting = words.week_starts()
    if asked.period is None and wanted is Period.MONTH:
        months = queries.run(source, Query(selection, period=Period.MONTH)).by_period()
        held = sum(month is not None for month in months)
        if held < len(periods_between(first, last, Period.MONTH, starts=starting)) / 2:
            wanted = Period.QUARTER
    period = coarsened(wanted, first, last, most=MOST_PERIODS)
    return period, periods_between(first, last, period, starts=starting)


def _rows(
    source: Source,
    asked: ExploreAsked,
    measure: Measure,
    selection: Selection,
    total: Histogram,
    period: Period,
    starts: Sequence[date],
    *,
    minimum: int,
) -> tuple[tuple[Row, ...], int]:
    """The largest groups, by what can be known of them, and how many more there are."""
    if not asked.columns:
        return (), 0
    held = _held(source, asked, measure, selection, period)
    hidden = _hidden(held, asked.columns, minimum)
    shut = _hidden_cells(held, hidden, minimum)
    before, hidden_before = None, frozenset[Key]()
    if asked.versus is Versus.BEFORE and asked.before is not None:
        past = replace(selection, window=asked.before)
        before = _held(source, asked, measure, past, None)
        hidden_before = _hidden(before, asked.columns, minimum)
    largest = sorted(held.groups, key=lambda key: -held.groups[key].n)[:MOST_ROWS]
    cells = _cells(measure, held, [key for key in largest if key not in hidden], starts, shut)
    found = []
    for key in largest:
        own = held.groups[key]
        if key in hidden:
            found.append(Row(key, int(own.n), is_hidden=True))
            continue
        side: Histogram | None = _minus(total, own)
        if asked.versus is Versus.BEFORE:
            known = before is not None and key in before.groups and key not in hidden_before
            side = before.groups[key] if before is not None and known else None
        against = measure.difference(side, own) if side is not None and side.n else None
        found.append(
            Row(
                key,
                int(own.n),
                measure.estimate(own),
                against,
                p_value_of(against) if against else None,
                cells=cells[key],
            )
        )
    return tuple(sorted(found, key=_by_lower_bound)), len(held.groups) - len(largest)


def _cells(
    measure: Measure,
    held: _Held,
    keys: Sequence[Key],
    starts: Sequence[date],
    shut: frozenset[Key],
) -> dict[Key, tuple[Cell, ...]]:
    """Groups over time, each period against everybody else in it; all reckoned at once."""
    wholes = held.wholes
    shown = [
        (key, start)
        for key in keys
        for start in starts
        if (key, start) in held.cells and (_name(key), start.isoformat()) not in shut
    ]
    sides = {place: _minus(wholes[place[1]], held.cells[place]) for place in shown}
    tested = [place for place in shown if sides[place].n]
    p_values = measure.p_values([(sides[place], held.cells[place]) for place in tested])
    known = dict(zip(tested, p_values, strict=True))
    estimates = measure.estimates([held.cells[place] for place in shown])
    score = dict(zip(shown, estimates, strict=True))

    def cell(key: Key, start: date) -> Cell:
        place = (key, start)
        own = held.cells.get(place)
        if own is None:
            return Cell(start, 0)
        if place not in score:
            return Cell(start, int(own.n), is_hidden=True)
        is_up = place in known and measure.mean(own) > measure.mean(sides[place])
        return Cell(start, int(own.n), score[place], known.get(place), is_up)

    return {key: tuple(cell(key, start) for start in starts) for key in keys}


def _held(
    source: Source,
    asked: ExploreAsked,
    measure: Measure,
    selection: Selection,
    period: Period | None,
) -> _Held:
    by = asked.columns
    groups = _on_scale(_run(source, asked, Query(selection, by=by)), measure)
    cells: dict[tuple[Key, date], Histogram] = {}
    if period is not None:
        query = Query(selection, by=by, period=period, week_starts=words.week_starts())
        for cell in _run(source, asked, query).cells:
            if cell.scale == measure.scale and cell.period is not None and cell.histogram.n:
                cells[cell.group, cell.period] = cell.histogram
    wholes: dict[date, Histogram] = {}
    if period is not None:  # not the sum of the groups: with themes an answer stands in several
        over_time = Query(selection, period=period, week_starts=words.week_starts())
        for whole in _run(source, asked, over_time).cells:
            if whole.scale == measure.scale and whole.period is not None:
                wholes[whole.period] = whole.histogram
    return _Held(groups, cells, queries.count_people(source, selection, by), wholes)


def _hidden(held: _Held, columns: Sequence[str], minimum: int) -> frozenset[Key]:
    """The groups of which nothing may be told, and those that would give them away."""
    sizes = {key: sizes_of(own, held.people.get(key)) for key, own in held.groups.items()}
    if THEME in columns:  # no parts of a whole: what one of them hides no other gives away
        return frozenset(key for key, size in sizes.items() if size < max(1, minimum))
    if len(columns) > 1:
        return hide_in_table(sizes, threshold=max(1, minimum), hides=_hides(minimum))
    shut = _hides(minimum)(list(sizes.values())) if sizes else []
    return frozenset(key for key, is_shut in zip(sizes, shut, strict=True) if is_shut)


def _hidden_cells(held: _Held, hidden: frozenset[Key], minimum: int) -> frozenset[Key]:
    """The cells of groups and periods that may not be shown, as both margins are."""
    sizes: dict[Key, int] = {}
    for (key, start), own in held.cells.items():
        n = sizes_of(own, held.people.get(key))
        sizes[_name(key), start.isoformat()] = min(n, max(0, minimum - 1)) if key in hidden else n
    return hide_in_table(sizes, threshold=max(1, minimum), hides=_hides(minimum))


def _hides(minimum: int) -> Callable[[Sequence[int]], list[bool]]:
    def hides(sizes: Sequence[int]) -> list[bool]:
        cells = suppress(sizes, threshold=max(1, minimum)).cells
        return [c not in {Visibility.SHOWN, Visibility.NO_RESPONSES} for c in cells]

    return hides


def _change(
    source: Source,
    asked: ExploreAsked,
    measure: Measure,
    selection: Selection,
    total: Histogram,
    *,
    minimum: int,
) -> Estimate | None:
    """The whole against the same time before, where that is asked for and can be told."""
    window: Window | None = asked.before
    if asked.versus is not Versus.BEFORE or window is None:
        return None
    past = _merged(_run(source, asked, Query(replace(selection, window=window))), measure)
    if past is None or past.n < max(1, minimum):
        return None
    return measure.difference(past, total)


def _corrected(
    rows: Sequence[Row], change: float | None
) -> tuple[tuple[Row, ...], float | None, int]:
    """The same with all p-values on the page corrected together, and how many those are."""
    raw = [r.p_value for r in rows if r.p_value is not None]
    raw += [c.p_value for r in rows for c in r.cells if c.p_value is not None]
    raw += [] if change is None else [change]
    adjusted = iter(benjamini_hochberg(raw) if raw else ())
    fresh = [r if r.p_value is None else replace(r, p_value=next(adjusted)) for r in rows]
    fresh = [
        replace(
            row,
            cells=tuple(
                c if c.p_value is None else replace(c, p_value=next(adjusted)) for c in row.cells
            ),
        )
        for row in fresh
    ]
    return tuple(fresh), next(adjusted, None), len(raw)


def _run(source: Source, asked: ExploreAsked, query: Query) -> Result:
    if asked.which is Which.LATEST:
        return queries.run_latest(source, query)
    return queries.run(source, query)


def _on_scale(result: Result, measure: Measure) -> dict[Key, Histogram]:
    return {
        cell.group: cell.histogram
        for cell in result.cells
        if cell.scale == measure.scale and cell.histogram.n
    }


def _merged(result: Result, measure: Measure) -> Histogram | None:
    return _sum([cell.histogram for cell in result.cells if cell.scale == measure.scale])


def _sum(histograms: Sequence[Histogram]) -> Histogram | None:
    if not histograms:
        return None
    return sum(histograms[1:], start=histograms[0])


def _minus(whole: Histogram, part: Histogram) -> Histogram:
    left = tuple(max(0.0, a - b) for a, b in zip(whole.counts, part.counts, strict=True))
    return Histogram(whole.values, left)


def _name(key: Key) -> str:
    return "\x1f".join("\x00" if value is None else value for value in key)


def _by_lower_bound(row: Row) -> tuple[bool, float, tuple[str, ...]]:
    low = row.estimate.low if row.estimate else None
    return (row.is_hidden, -(low or 0.0), tuple(value or "" for value in row.key))
