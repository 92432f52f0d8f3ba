"""When a monitor rings: decisions on counts, without a clock and without a database.

Two kinds, both from `gloed.stats` and both with a stated rate of false alarms. Weekly: an EWMA of
the score against a baseline whose own error counts. Running: an interval that holds however often
one looks, against a level that was set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from gloed.stats import NetCounts, Refusal, anytime_score, ewma_alarms, ewma_limit

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
REST: Final = 4 * WEEK
"""After an alarm a monitor is silent so long; what lasts longer rings again."""
LEAST_USUAL: Final = 50
"""Answers in the usual weeks below which nothing can be called unusual."""
CONFIDENCE: Final = 0.95
"""A running monitor rings for nothing, ever, with at most one in twenty."""
USUAL_PROMISE: Final = 52
PROMISES: Final = (26, 52, 104, 260)
"""Weeks between two false alarms of all weekly monitors together."""
USUAL_WEEKS: Final = (13, 26, 52)
"""How many weeks may make the usual level."""


@dataclass(frozen=True, slots=True)
class Span:
    """Answers between two days; `until` is not included."""

    start: date
    until: date
    counts: NetCounts


@dataclass(frozen=True, slots=True)
class Bell:
    """A ring: from when on it seems to be so, up to which day, and what was seen.

    In points of three classes (-100 to 100): the level or the score, with the limits of what
    was usual or the interval, and what it is held against.
    """

    begins_on: date
    until: date
    value: float
    low: float
    high: float
    aim: float
    n: float

    @property
    def is_up(self) -> bool:
        """Whether it rose."""
        return self.value > self.aim


@dataclass(frozen=True, slots=True)
class Watched:
    """One step of a weekly monitor, in points: its smoothed level and the limits it must keep."""

    span: Span
    level: float
    low: float
    high: float
    is_outside: bool


def monday_of(day: date) -> date:
    """The Monday of the week of a day: monitors count whole weeks."""
    return day - timedelta(days=day.weekday())


def pooled(weeks: Sequence[Span], *, least: int) -> list[Span]:
    """Weeks with fewer than `least` answers counted together with those after them.

    Nobody can be recognised in a step then, and a step is no single opinion. Weeks at the end that
    do not reach `least` wait.

    >>> monday = date(2026, 3, 2)
    >>> weeks = [Span(monday + i * WEEK, monday + (i + 1) * WEEK, NetCounts(n, 0, 0))
    ...          for i, n in enumerate((3, 4, 6, 1))]
    >>> [(str(one.start), one.counts.n) for one in pooled(weeks, least=5)]
    [('2026-03-02', 7), ('2026-03-16', 6)]
    """
    found: list[Span] = []
    start: date | None = None
    counts = NetCounts(0, 0, 0)
    for week in weeks:
        start = start or week.start
        counts = counts + week.counts
        if counts.n >= least:
            found.append(Span(start, week.until, counts))
            start, counts = None, NetCounts(0, 0, 0)
    return found


@lru_cache(maxsize=64)
def limit_of(weeks: int, monitors: int) -> float:
    """The limit at which so many monitors together ring for nothing once in `weeks` weeks."""
    return ewma_limit(weeks, monitors=max(1, monitors))


def watch(spans: Sequence[Span], usual: NetCounts, *, limit: float) -> list[Watched]:
    """Every step of a weekly monitor. Raises `Refusal` where the usual weeks say nothing."""
    points = ewma_alarms([span.counts for span in spans], usual, limit=limit)
    return [
        Watched(span, point.level, point.low, point.high, point.alarm)
        for span, point in zip(spans, points, strict=True)
    ]


def rings_weekly(
    spans: Sequence[Span], usual: NetCounts, *, limit: float, judged_until: date
) -> Bell | None:
    """The first step outside its limits that was not judged before; None where all is usual.

    It began, as far as one can tell, after the smoothed level was last on the other side of usual.
    """
    steps = watch(spans, usual, limit=limit)
    place = next(
        (i for i, one in enumerate(steps) if one.is_outside and one.span.until > judged_until), None
    )
    if place is None:
        return None
    step = steps[place]
    aim = (step.low + step.high) / 2
    begin = place
    while begin and (steps[begin - 1].level > aim) == (step.level > aim):
        begin -= 1
    counted = sum(one.span.counts.n for one in steps[begin : place + 1])
    return Bell(
        begins_on=steps[begin].span.start,
        until=step.span.until,
        value=step.level,
        low=step.low,
        high=step.high,
        aim=aim,
        n=counted,
    )


def rings_running(whole: Span, aim: float, *, least: int) -> Bell | None:
    """Whether all answers since the start, counted at any moment, differ from `aim` for certain."""
    if whole.counts.n < least:
        return None
    score = anytime_score(whole.counts, confidence=CONFIDENCE)
    if score.low is None or score.high is None or score.low <= aim <= score.high:
        return None
    return Bell(
        begins_on=whole.start,
        until=whole.until,
        value=score.value,
        low=score.low,
        high=score.high,
        aim=aim,
        n=whole.counts.n,
    )


def can_be_usual(counts: NetCounts) -> bool:
    """Whether weeks can say what is usual: enough answers, which do not all agree."""
    if counts.n < LEAST_USUAL:
        return False
    try:
        ewma_alarms([], counts, limit=1.0)
    except Refusal:
        return False
    return max(counts.promoters, counts.passives, counts.detractors) < counts.n


def next_run(bell: Bell) -> date:
    """When a monitor begins anew after it rang."""
    return bell.until + REST
