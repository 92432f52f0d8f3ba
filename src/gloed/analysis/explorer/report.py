"""A score by time and up to two columns: what can be said of every cell, and what cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from gloed.analysis import queries, words
from gloed.analysis.breaks import Break
from gloed.analysis.changes.subjects import Subject, breaks_within
from gloed.analysis.coverage.models import PopulationTable
from gloed.analysis.coverage.queries import SurveyWeights
from gloed.analysis.explorer.asked import ExploreAsked, Versus, Which
from gloed.analysis.explorer.counting import Counting, Refused, Tally, counting_for
from gloed.analysis.explorer.groups import Before, Cell, Row, Table, aimed, corrected
from gloed.analysis.explorer.scoring import Scoring, against
from gloed.analysis.explorer.silent import Silent
from gloed.analysis.filters import coarsened, periods_between, usual_period
from gloed.analysis.goals.queries import GoalLine
from gloed.analysis.measures import Measure, measure_of, ratings_of
from gloed.analysis.queries import (
    Filter,
    Period,
    Query,
    Result,
    Selection,
    Window,
    next_period,
)
from gloed.analysis.reports import choices_of
from gloed.analysis.scores import ENOUGH_FOR_A_TREND, shown_periods
from gloed.analysis.store import Source
from gloed.stats import Estimate
from gloed.surveys.models import Survey
from gloed.surveys.rules import Metric

MOST_PERIODS = 60


@dataclass(frozen=True)
class ExploreReport:
    """Everything the page shows; without `measure` nobody answered this.

    `which`, `weights` and `silent` say how it was counted; `refused` what of the address did not
    hold. Without a goal in `goal` nothing is held against one.
    """

    subject: Subject
    asked: ExploreAsked
    names: Mapping[str, str]
    choices: Mapping[str, list[tuple[str | None, str]]]
    cut_off: datetime | None
    goals: Sequence[GoalLine] = ()
    has_tables: bool = False
    period: Period = Period.MONTH
    measure: Measure | None = None
    estimate: Estimate | None = None
    change: Estimate | None = None
    change_p: float | None = None
    is_withheld: bool = False
    points: tuple[Cell, ...] = ()
    rows: tuple[Row, ...] = ()
    left_out: int = 0  # rows beyond the most that are shown
    comparisons: int = 0
    counted: Result | None = None  # what was counted, with what was not
    goal: GoalLine | None = None
    which: Which = Which.ALL
    weights: SurveyWeights | None = None
    unknown: int = 0  # answers that are of no known stratum and stay out
    silent: int = 0  # asked without an answer, where they are in the base
    refused: tuple[Refused, ...] = ()
    breaks: tuple[tuple[Survey, Break], ...] = ()  # where a question changed, in its course

    @property
    def is_past_unweighted(self) -> bool:
        """Whether a comparison is missing because the time before cannot be weighted."""
        is_asked = self.asked.versus is Versus.BEFORE and self.asked.before is not None
        return self.weights is not None and is_asked and self.change is None


def explore(
    source: Source,
    subject: Subject,
    asked: ExploreAsked,
    *,
    names: Mapping[str, str],
    minimum: int,
    teams: Sequence[Filter] = (),
    cut_off: datetime | None = None,
    goals: Sequence[GoalLine] = (),
    tables: Sequence[PopulationTable] = (),
) -> ExploreReport:
    """The score an address asks for.

    `teams` narrows it to what a colleague may see; `goals` are those about the subject, `tables`
    the population tables in use.
    """
    everything = subject.selection(queries.ALL_TIME, teams)
    splitting = queries.splitting_columns(source)
    each = queries.run_each(source, everything, splitting) if splitting else {}
    choices = choices_of(each, names)
    goal = next((one for one in goals if one.key == asked.goal), None)
    asked = replace(
        asked,
        by=asked.by if asked.by in choices else "",
        then=asked.then if asked.by in choices and asked.then in choices else "",
        versus=Versus.REST if asked.versus is Versus.GOAL and goal is None else asked.versus,
        goal=asked.goal if goal is not None else "",
        weighted=asked.weighted and bool(tables),
    )
    report = ExploreReport(
        subject, asked, names, choices, cut_off, goals, has_tables=bool(tables), goal=goal
    )
    whole = queries.run(source, Query(everything))
    if whole.scale is None:
        return report
    measure = measure_of(subject.metric, whole.scale)
    filters = [*teams, *(Filter(column, (value,)) for column, value in asked.filters)]
    ratings = ratings_of(subject.metric, whole.scale, asked.band) if asked.band else ()
    selection = subject.selection(asked.window, filters, ratings)
    counting, refused = _counting(source, measure, report, selection, tables, bool(teams))
    total = counting.whole(selection)
    report = replace(report, measure=measure, refused=refused, which=_which(counting))
    if total is None or not total.n:
        return report
    everybody = Counting(source, measure).whole(everything)
    if total.n < minimum or (
        subject.metric is Metric.ENPS
        and bool(asked.filters)
        and everybody is not None
        and 0 < everybody.n - total.n < minimum
    ):
        return replace(report, is_withheld=True)
    before = _before(report, counting, selection, tables, bool(teams))
    aim = goal.value if goal is not None else None
    table = Table(counting, asked, minimum, before, aim)
    return _told(report, table, selection, total)


def _counting(
    source: Source,
    measure: Measure,
    report: ExploreReport,
    selection: Selection,
    tables: Sequence[PopulationTable],
    has_own_teams: bool,
) -> tuple[Counting, tuple[Refused, ...]]:
    return counting_for(
        source,
        measure,
        report.asked,
        report.subject.selection(selection.window, ()),
        selection,
        silent=Silent(report.subject.surveys[0].organisation, report.subject),
        tables=tables,
        has_own_teams=has_own_teams,
    )


def _which(counting: Counting) -> Which:
    return Which.ASKED if counting.silent is not None else counting.which


def _before(
    report: ExploreReport,
    counting: Counting,
    selection: Selection,
    tables: Sequence[PopulationTable],
    has_own_teams: bool,
) -> Before | None:
    """The same time before, counted alike; None where it is not asked for or cannot be."""
    window: Window | None = report.asked.before
    if report.asked.versus is not Versus.BEFORE or window is None:
        return None
    past = replace(selection, window=window)
    if counting.weights is None:
        return Before(counting, past)
    own, _refused = _counting(
        counting.source, counting.measure, report, past, tables, has_own_teams
    )
    return Before(own, past) if own.weights is not None else None


def _told(report: ExploreReport, table: Table, selection: Selection, total: Tally) -> ExploreReport:
    asked, counting, scoring = report.asked, table.counting, table.scoring
    counted = counting.run(Query(selection))
    plain = sum(c.histogram.n for c in counted.cells if c.scale == counting.measure.scale)
    period, starts = _time(counting.source, asked, selection)
    rows, left_out = table.rows(selection, total, period, starts)
    estimate = scoring.estimate(total)
    change, change_p = _change(table, estimate, total)
    rows, points, change_p, comparisons = corrected(
        rows, _points(table, selection, period, starts), change_p
    )
    return replace(
        report,
        period=period,
        estimate=estimate,
        change=change,
        change_p=change_p,
        points=points,
        rows=rows,
        left_out=left_out,
        comparisons=comparisons,
        counted=counted,
        weights=counting.weights,
        unknown=int(plain - total.n) if counting.weights is not None else 0,
        silent=int(total.silent),
        breaks=_breaks(report.subject, period, starts) if len(points) > 1 else (),
    )


def _breaks(
    subject: Subject, period: Period, starts: Sequence[date]
) -> tuple[tuple[Survey, Break], ...]:
    ends = Window(starts[0], next_period(starts[-1], period))
    return tuple(breaks_within(subject, ends, ends))


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


def _points(
    table: Table, selection: Selection, period: Period, starts: Sequence[date]
) -> tuple[Cell, ...]:
    """The whole in each period; against a goal where there is one."""
    held = table.counting.periods(selection, period)
    if sum(own.n for own in held.values()) < ENOUGH_FOR_A_TREND:
        return ()
    sizes = [int(held[start].n) if start in held else 0 for start in starts]
    seen = shown_periods(table.counting.measure.metric, sizes, minimum=table.minimum)
    shown = [start for start, is_open in zip(starts, seen, strict=True) if is_open]
    tallies = [held[start] for start in shown]
    estimates = dict(zip(shown, table.scoring.estimates(tallies), strict=True))
    found = aimed(table.scoring, tallies, table.aim) if table.aim is not None else []
    tested = dict(zip(shown, found, strict=False))
    points = []
    for start, n in zip(starts, sizes, strict=True):
        p_value, is_up = tested.get(start, (None, False))
        is_hidden = bool(n) and start not in estimates
        points.append(Cell(start, n, estimates.get(start), p_value, is_up, is_hidden))
    return tuple(points)


def _change(table: Table, estimate: Estimate, total: Tally) -> tuple[Estimate | None, float | None]:
    """The whole against the time before or a goal, where that is asked for and can be told."""
    scoring: Scoring = table.scoring
    if table.aim is not None:
        return against(estimate, table.aim), scoring.p_values_against([total], table.aim)[0]
    if table.before is None:
        return None, None
    past = table.before.counting.whole(table.before.selection)
    if past is None or past.n < max(1, table.minimum):
        return None, None
    change = scoring.difference(past, total)
    return change, scoring.p_value(change)
