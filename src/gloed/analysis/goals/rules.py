"""Goals as decisions on plain values: what a volume can show, and how far one is. No Django.

Everything here is on the scale of an NPS, -100 to 100, with three classes; see
`Measure.net_counts` for how any other score comes there and back.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil
from typing import Final

from gloed.stats import (
    Estimate,
    NetCounts,
    Refusal,
    Shares,
    answers_needed,
    detectable_change,
)

AT_MOST: Final = timedelta(days=3653)
"""What shows later than in ten years is not promised."""


class Outlook(StrEnum):
    """What the present volume of answers can show of a goal."""

    IN_TIME = "in_time"
    WIDER = "wider"  # in time, when measured over more days
    LATER = "later"
    NOT_IN_TEN_YEARS = "not_in_ten_years"
    ALREADY = "already"  # the score stands there already
    NO_VOLUME = "no_volume"  # too few answers of late to tell


@dataclass(frozen=True, slots=True)
class Promise:
    """What a goal asks of the answers. `expected` is the number in the window by the due day,
    `needed` the number that shows the change with 80% power, `visible` the smallest change (in
    points) that the expected number shows."""

    outlook: Outlook
    expected: int = 0
    needed: int = 0
    visible: float | None = None
    shows_on: date | None = None
    days: int = 0  # so many days hold the answers needed


class Standing(StrEnum):
    """How far a goal is, as far as that can be said."""

    NO_ANSWERS = "no_answers"
    REACHED = "reached"  # on the due day: the whole interval lies at or above it
    NOT_REACHED = "not_reached"
    CANNOT_TELL = "cannot_tell"  # on the due day the interval lies around it
    THERE = "there"  # before that day: for certain at or above the goal
    ON_COURSE = "on_course"  # for certain at or above the line from start to goal
    BEHIND = "behind"  # for certain below that line
    UNKNOWN = "unknown"  # on course cannot be said yet


def guessed(counts: NetCounts) -> Shares:
    """Shares of promoters and detractors, with three answers added so that none is certain."""
    n = counts.n + 3
    return Shares((counts.promoters + 0.75) / n, (counts.detractors + 0.75) / n)


def moved_to(shares: Shares, nps: float) -> Shares:
    """The same shares moved to another NPS: half from each end as far as there is room.

    >>> moved = moved_to(Shares(0.55, 0.15), 45)
    >>> round(moved.promoters, 3), round(moved.detractors, 3)
    (0.575, 0.125)
    """
    aim = min(100.0, max(-100.0, nps)) / 100
    detractors = max(0.0, -aim, shares.detractors - (aim - shares.nps / 100) / 2)
    detractors = min(detractors, (1 - aim) / 2)
    return Shares(aim + detractors, detractors)


def promise_of(
    counts: NetCounts,
    goal: float,
    *,
    answers_per_day: float,
    days: int,
    set_on: date,
    due_on: date,
) -> Promise:
    """Whether so many answers a day can show the way from the present score to the goal, and when.

    The score is measured over the last `days` days before `due_on`, those since `set_on` at most.
    """
    if counts.n == 0 or answers_per_day <= 0:
        return Promise(Outlook.NO_VOLUME)
    before = guessed(counts)
    present = 100 * (counts.promoters - counts.detractors) / counts.n
    if present >= goal:
        return Promise(Outlook.ALREADY)
    after = moved_to(before, goal)
    try:
        needed = answers_needed(before, after)
    except Refusal:
        return Promise(Outlook.ALREADY)
    span = min(days, (due_on - set_on).days)
    expected = max(1, round(answers_per_day * span))
    visible = detectable_change(expected, before, after)
    if expected >= needed:
        return Promise(Outlook.IN_TIME, expected, needed, visible, due_on, span)
    wait = ceil(needed / answers_per_day)
    if wait > AT_MOST.days:
        return Promise(Outlook.NOT_IN_TEN_YEARS, expected, needed, visible)
    if wait <= (due_on - set_on).days:
        return Promise(Outlook.WIDER, expected, needed, visible, due_on, wait)
    shows_on = set_on + timedelta(days=wait)
    return Promise(Outlook.LATER, expected, needed, visible, shows_on, wait)


def course_on(start: float, goal: float, *, set_on: date, due_on: date, on: date) -> float:
    """Where the straight line from start to goal is on a day.

    >>> from datetime import date
    >>> course_on(20, 40, set_on=date(2026, 1, 1), due_on=date(2026, 1, 11), on=date(2026, 1, 6))
    30.0
    """
    share = (on - set_on).days / (due_on - set_on).days
    return start + (goal - start) * min(1.0, max(0.0, share))


def standing_of(now: Estimate | None, goal: float, *, course: float, is_due: bool) -> Standing:
    """What may be said of the present score; `now` has the interval that decides."""
    if now is None or now.low is None or now.high is None:
        return Standing.NO_ANSWERS
    if is_due:
        if now.low >= goal:
            return Standing.REACHED
        return Standing.NOT_REACHED if now.high < goal else Standing.CANNOT_TELL
    if now.low >= goal:
        return Standing.THERE
    if now.low >= course:
        return Standing.ON_COURSE
    return Standing.BEHIND if now.high < course else Standing.UNKNOWN
