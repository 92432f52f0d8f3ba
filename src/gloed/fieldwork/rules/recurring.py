"""When a wave comes again: a day of the month or a working day of it, each month or quarter."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from gloed.fieldwork.rules.timing import is_working_day

LAST = -1
MOST_MONTHS = 240  # looked ahead


class Every(StrEnum):
    """How often a wave comes again. Stored: never rename one."""

    MONTH = "month"
    QUARTER = "quarter"


class CountedIn(StrEnum):
    """What `Rhythm.number` counts. Stored: never rename one."""

    DAYS = "days"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A day of each month or quarter, at a time on the clock of `zone` (an IANA name).

    `number` is 1 for the first day, 2 for the second, and LAST for the last one; a month that has
    fewer takes its last one. `month` (1 to 3) tells which month of a quarter. A calendar day on
    which nobody works moves to the next working day.
    """

    every: Every
    counted_in: CountedIn
    number: int
    at: time
    zone: str
    month: int = 1
    country: str = "NL"


@dataclass(frozen=True, slots=True)
class Turn:
    """One time that it comes: the month it belongs to, by its first day, and the moment in UTC."""

    month: date
    at: datetime


def next_turn(rhythm: Rhythm, *, after: datetime, beyond: date | None = None) -> Turn:
    """The first turn later than `after`, in a month later than `beyond` where one is given.

    >>> first = Rhythm(Every.MONTH, CountedIn.DAYS, 1, time(9), "Europe/Amsterdam")
    >>> next_turn(first, after=datetime(2026, 11, 22, tzinfo=UTC)).at.isoformat()
    '2026-12-01T08:00:00+00:00'
    """
    month = after.astimezone(ZoneInfo(rhythm.zone)).date().replace(day=1)
    month = _later(month, -1)  # a turn of last month may have moved into this one
    for _ in range(MOST_MONTHS):
        if _takes_part(rhythm, month) and (beyond is None or month > beyond):
            turn = Turn(month, _moment(rhythm, month))
            if turn.at > after:
                return turn
        month = _later(month, 1)
    raise ValueError("this rhythm never comes again")


def day_in(rhythm: Rhythm, month: date) -> date:
    """The day on which it comes in the month that begins on `month`."""
    length = calendar.monthrange(month.year, month.month)[1]
    days = [month.replace(day=number) for number in range(1, length + 1)]
    if rhythm.counted_in is CountedIn.WORKING_DAYS:
        days = [day for day in days if is_working_day(day, rhythm.country)] or days
    place = len(days) if rhythm.number == LAST else min(rhythm.number, len(days))
    day = days[place - 1]
    while not is_working_day(day, rhythm.country):
        day += timedelta(days=1)
    return day


def _moment(rhythm: Rhythm, month: date) -> datetime:
    zone = ZoneInfo(rhythm.zone)
    return datetime.combine(day_in(rhythm, month), rhythm.at, zone).astimezone(UTC)


def _takes_part(rhythm: Rhythm, month: date) -> bool:
    return rhythm.every is Every.MONTH or (month.month - 1) % 3 == rhythm.month - 1


def _later(month: date, by: int) -> date:
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)
