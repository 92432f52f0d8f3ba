"""When people are asked: working days, hours on a clock, and an even trickle over them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SATURDAY, SUNDAY = 5, 6
KINGS_DAY, LIBERATION_DAY = (4, 27), (5, 5)
LONGEST_SEARCH = 400  # days looked ahead before giving up on finding a working day


@dataclass(frozen=True, slots=True)
class Window:
    """When invitations may leave: so many working days, between two times of the day.

    `zone` is an IANA name. Nothing leaves before `not_before`; the first day counts only while
    something of its hours is left.
    """

    not_before: datetime
    days: int
    opens: time
    closes: time
    zone: str


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the rule of Meeus, Jones and Butcher.

    J. Meeus, Astronomical Algorithms (1991), chapter 8.

    >>> easter(2026), easter(2008)
    (datetime.date(2026, 4, 5), datetime.date(2008, 3, 23))
    """
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, skipped = divmod(century, 4)
    moon = (century + 8) // 25
    correction = (century - moon + 1) // 3
    epact = (19 * golden + century - leap - correction + 15) % 30
    quarter, left = divmod(rest, 4)
    weekday = (32 + 2 * skipped + 2 * quarter - epact - left) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """The Dutch public holidays, as the Algemene termijnenwet counts them (article 3).

    New Year, Good Friday, Easter Monday, King's Day (27 April, or 26 when that is a Sunday),
    5 May, Ascension Day, Whit Monday and both days of Christmas.
    """
    sunday = easter(year)
    kings_day = date(year, *KINGS_DAY)
    if kings_day.weekday() == SUNDAY:
        kings_day -= timedelta(days=1)
    moving = {sunday + timedelta(days=shift) for shift in (-2, 1, 39, 50)}
    fixed = {date(year, 1, 1), date(year, *LIBERATION_DAY), date(year, 12, 25), date(year, 12, 26)}
    return frozenset(moving | fixed | {kings_day})


def is_working_day(day: date) -> bool:
    """Whether it is Monday to Friday and no public holiday."""
    return day.weekday() < SATURDAY and day not in holidays(day.year)


@lru_cache(maxsize=256)
def openings(window: Window) -> tuple[tuple[datetime, datetime], ...]:
    """The hours in which invitations may leave, in UTC, one piece for each day, half-open.

    Real time passes between both ends: an hour that the clock skips or repeats is counted as it
    happens. Raises ValueError for hours that never open.
    """
    found = tuple(_openings(window))
    if not found:
        raise ValueError("the hours of this window never open")
    return found


def _openings(window: Window) -> Iterator[tuple[datetime, datetime]]:
    zone = ZoneInfo(window.zone)
    day = window.not_before.astimezone(zone).date()
    left = max(window.days, 1)
    for _ in range(LONGEST_SEARCH + 2 * left):
        if is_working_day(day):
            opens, closes = (
                datetime.combine(day, at, zone).astimezone(UTC)
                for at in (window.opens, window.closes)
            )
            opens = max(opens, window.not_before.astimezone(UTC))
            if opens < closes:
                yield opens, closes
                left -= 1
                if not left:
                    return
        day += timedelta(days=1)


def schedule(zones: Sequence[str], window: Window) -> list[datetime]:
    """Due moments for people in the order given, evenly over the working hours, in UTC.

    `zones` holds each recipient's own time zone, empty for that of the window: the hours are
    theirs, on their clock.
    """
    count = len(zones)
    return [
        _moment(replace(window, zone=zone or window.zone), 2 * number + 1, 2 * count)
        for number, zone in enumerate(zones)
    ]


def _moment(window: Window, part: int, of: int) -> datetime:
    """The moment when part / of of the open time has passed."""
    pieces = openings(window)
    passed = sum((closes - opens for opens, closes in pieces), timedelta()) * part / of
    for opens, closes in pieces[:-1]:
        if passed < closes - opens:
            return opens + passed
        passed -= closes - opens
    return pieces[-1][0] + passed


def next_opening(window: Window) -> datetime:
    """The first moment at which something may leave."""
    return openings(window)[0][0]
