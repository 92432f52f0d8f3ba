"""Working hours: when a deadline falls that is counted in hours at work."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gloed.fieldwork.rules import holidays

LONGEST_SEARCH = 1000  # days looked ahead or back


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """On which weekdays (Monday is 0) and between which times on the clock of `zone` we work.

    `country` (ISO 3166-1, "" for none) says whose public holidays are free.
    """

    weekdays: frozenset[int] = frozenset(range(5))
    opens: time = time(9)
    closes: time = time(17)
    zone: str = "Europe/Amsterdam"
    country: str = "NL"

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise ValueError("at least one day of the week is worked, from 0 to 6")
        if self.opens >= self.closes:
            raise ValueError("a working day ends after it begins")


def is_worked(hours: WorkingHours, day: date) -> bool:
    """Whether somebody works on this day."""
    return day.weekday() in hours.weekdays and day not in holidays(day.year, hours.country)


def after(hours: WorkingHours, start: datetime, worked: timedelta) -> datetime:
    """The moment, in UTC, at which so much time at work has passed since `start`.

    Time is what really passes: an hour the clock skips or repeats inside working hours counts as it
    happens. A deadline that would fall at the end of a day falls there, not on the next morning;
    no time at all is the first moment at work from `start` on.

    >>> friday = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)  # 16:00; the clock changes on Sunday
    >>> after(WorkingHours(), friday, timedelta(hours=2)).isoformat()  # Monday, 10:00 by the clock
    '2026-03-30T08:00:00+00:00'
    """
    left = worked
    day = start.astimezone(ZoneInfo(hours.zone)).date()
    for _ in range(LONGEST_SEARCH):
        opens, closes = _ends(hours, day)
        opens = max(opens, start.astimezone(UTC))
        if opens < closes and is_worked(hours, day):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        day += timedelta(days=1)
    raise ValueError("the deadline is more than three years away")


def before(hours: WorkingHours, end: datetime, worked: timedelta) -> datetime:
    """The moment, in UTC, from which so much time at work passes until `end`."""
    left = worked
    day = end.astimezone(ZoneInfo(hours.zone)).date()
    for _ in range(LONGEST_SEARCH):
        opens, closes = _ends(hours, day)
        closes = min(closes, end.astimezone(UTC))
        if opens < closes and is_worked(hours, day):
            if left <= closes - opens:
                return closes - left
            left -= closes - opens
        day -= timedelta(days=1)
    raise ValueError("that is more than three years ago")


def between(hours: WorkingHours, start: datetime, end: datetime) -> timedelta:
    """The time at work between two moments; negative when `end` comes first."""
    if end < start:
        return -between(hours, end, start)
    total = timedelta()
    day = start.astimezone(ZoneInfo(hours.zone)).date()
    last = end.astimezone(ZoneInfo(hours.zone)).date()
    while day <= last:
        if is_worked(hours, day):
            opens, closes = _ends(hours, day)
            total += max(
                timedelta(), min(closes, end.astimezone(UTC)) - max(opens, start.astimezone(UTC))
            )
        day += timedelta(days=1)
    return total


def _ends(hours: WorkingHours, day: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(hours.zone)
    return (
        datetime.combine(day, hours.opens, zone).astimezone(UTC),
        datetime.combine(day, hours.closes, zone).astimezone(UTC),
    )
