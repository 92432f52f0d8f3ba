"""When a telephone may buzz: within hours of the recipient's own clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Hours:
    """From when until when, and whether Sundays and holidays are quiet all day."""

    opens: time = time(9)
    closes: time = time(20)
    rests_on_sundays: bool = True


def next_moment(
    hours: Hours, *, zone: str, now: datetime, is_holiday: Callable[[date], bool]
) -> datetime:
    """`now` when a message may go, else the first moment at which it may.

    `zone` is the recipient's; nothing goes on Sundays and holidays where those are quiet.
    """
    place = ZoneInfo(zone)
    day = now.astimezone(place).date()
    for _ in range(15):
        is_rest = hours.rests_on_sundays and (day.weekday() == SUNDAY or is_holiday(day))
        if not is_rest:
            opens = datetime.combine(day, hours.opens, place).astimezone(UTC)
            closes = datetime.combine(day, hours.closes, place).astimezone(UTC)
            if now < closes:
                return max(now, opens)
        day += timedelta(days=1)
    return now + timedelta(days=1)


def zone_or(name: object, other: str) -> str:
    """The time zone of this name; the other one where it is none."""
    if not isinstance(name, str) or not name:
        return other
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return other
    return name
