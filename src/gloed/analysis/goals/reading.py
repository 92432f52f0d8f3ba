"""What the answers say of a goal: its start, where it stands, what can be seen by its day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from gloed.analysis import queries
from gloed.analysis.breaks import Break
from gloed.analysis.changes.subjects import Subject, breaks_within
from gloed.analysis.goals.models import Goal
from gloed.analysis.goals.queries import filters_for
from gloed.analysis.goals.rules import (
    Promise,
    Standing,
    course_on,
    promise_of,
    standing_of,
)
from gloed.analysis.measures import Measure, measure_of
from gloed.analysis.queries import Filter, Period, Query, Window
from gloed.analysis.store import Source
from gloed.stats import Estimate, Histogram, NetCounts, anytime_score

OF_LATE = 365
"""So many days tell how many answers come in; waves come a few times a year."""
Days = Mapping[date, Histogram]
"""Answers per local day."""


@dataclass(frozen=True, slots=True)
class Point:
    """The score of one month on the way."""

    start: date
    n: int
    estimate: Estimate | None
    is_hidden: bool = False


@dataclass(frozen=True)
class Progress:
    """A goal with everything that can be said of it. Without `measure` nobody gave a rating."""

    goal: Goal
    subject: Subject | None
    standing: Standing = Standing.NO_ANSWERS
    measure: Measure | None = None
    now: Estimate | None = None
    start: Estimate | None = None
    course: float | None = None  # where the straight line is today, in the unit of the score
    promise: Promise | None = None
    window: Window = queries.ALL_TIME
    is_due: bool = False
    is_withheld: bool = False
    points: tuple[Point, ...] = ()
    breaks: tuple[Break, ...] = ()  # where a question changed, in its course

    @property
    def visible(self) -> float | None:
        """The smallest change the volume shows, in the unit of the score."""
        if self.promise is None or self.promise.visible is None or self.measure is None:
            return None
        return self.promise.visible * self.measure.net_unit


def progress_of(
    source: Source,
    goal: Goal,
    subject: Subject | None,
    *,
    today: date,
    minimum: int,
    teams: Sequence[Filter] = (),
    with_points: bool = False,
) -> Progress:
    """How a goal stands today. `teams` narrows it to what a colleague may see."""
    progress = Progress(goal, subject, is_due=today >= goal.due_on)
    if subject is None:
        return progress
    end = min(today, goal.due_on) + timedelta(days=1)
    window = Window(end - timedelta(days=goal.days), end)
    first = min(goal.set_on - timedelta(days=goal.days), end - timedelta(days=goal.days))
    first = min(first, today - timedelta(days=OF_LATE)).replace(day=1)
    selection = subject.selection(Window(first, end), [*teams, *filters_for(goal)])
    result = queries.run(source, Query(selection, period=Period.DAY))
    if result.scale is None:
        return replace(progress, window=window)
    measure = measure_of(subject.metric, result.scale)
    days = {day: h for day, h in result.by_period().items() if day is not None and h.n}
    present = summed(days, window, measure)
    progress = replace(progress, measure=measure, window=window)
    if not present.n:
        return progress
    if present.n < minimum:
        return replace(progress, is_withheld=True)
    return _stood(progress, measure, days, present, today=today, minimum=minimum,
                  with_points=with_points)  # fmt: skip


def _stood(
    progress: Progress,
    measure: Measure,
    days: Days,
    present: Histogram,
    *,
    today: date,
    minimum: int,
    with_points: bool,
) -> Progress:
    goal = progress.goal
    begin = Window(goal.set_on - timedelta(days=goal.days), goal.set_on)
    start = summed(days, begin, measure)
    aim = measure.points_of(goal.value)
    started = measure.net_counts(start) if start.n >= minimum else None
    now = deciding(measure, present, is_due=progress.is_due)
    course = _course(goal, started, aim, today)
    promise = promise_of(
        started or measure.net_counts(present),
        aim,
        answers_per_day=rate_of(days, today=today),
        days=goal.days,
        set_on=goal.set_on,
        due_on=goal.due_on,
    )
    line = aim if course is None else course
    return replace(
        progress,
        standing=standing_of(now, aim, course=line, is_due=progress.is_due),
        now=measure.from_points(now),
        start=measure.estimate(start) if started else None,
        course=None if course is None else measure.value_of(course),
        promise=promise,
        points=_points(measure, days, minimum=minimum) if with_points else (),
        breaks=_breaks(progress.subject, days) if with_points else (),
    )


def _breaks(subject: Subject | None, days: Days) -> tuple[Break, ...]:
    """Where a question was asked otherwise between the first and the last answer."""
    if subject is None:
        return ()
    held = Window(min(days), max(days) + timedelta(days=1))
    return tuple(one for _survey, one in breaks_within(subject, held, held))


def _course(goal: Goal, started: NetCounts | None, aim: float, today: date) -> float | None:
    if started is None:
        return None
    start = 100 * (started.promoters - started.detractors) / started.n
    return course_on(start, aim, set_on=goal.set_on, due_on=goal.due_on, on=today)


def deciding(measure: Measure, histogram: Histogram, *, is_due: bool) -> Estimate:
    """The score with the interval that decides, in points.

    On the due day the ordinary one: it is looked at once. Before, one that stays honest however
    often somebody looks.
    """
    if not is_due:
        return anytime_score(measure.net_counts(histogram))
    own = measure.estimate(histogram)
    ends = (own.low, own.high)
    low, high = (None if end is None else measure.points_of(end) for end in ends)
    return replace(own, value=measure.points_of(own.value), low=low, high=high)


def summed(days: Days, window: Window, measure: Measure) -> Histogram:
    """The answers of a window of local days."""
    start, end = window.start or date.min, window.end or date.max
    whole = Histogram.empty((measure.scale.minimum, measure.scale.maximum))
    for day, own in days.items():
        if start <= day < end:
            whole += Histogram(own.values, own.counts)
    return whole


def rate_of(days: Days, *, today: date) -> float:
    """Answers a day over the last year, or since the first answer in it."""
    since = today - timedelta(days=OF_LATE - 1)
    n = sum(own.n for day, own in days.items() if since <= day <= today)
    first = min((day for day in days if day >= since), default=today)
    return float(n) / max(7, (today - first).days + 1)


def _points(measure: Measure, days: Days, *, minimum: int) -> tuple[Point, ...]:
    """Month by month; a small month is hidden, and with it what it could be reckoned from."""
    months: dict[date, Histogram] = {}
    for day, own in sorted(days.items()):
        start = day.replace(day=1)
        plain = Histogram(own.values, own.counts)
        months[start] = months[start] + plain if start in months else plain
    return tuple(
        Point(start, 0, None, is_hidden=True)
        if own.n < minimum
        else Point(start, int(own.n), measure.estimate(own))
        for start, own in months.items()
    )
