"""When people are asked: working days, hours on a clock, and an even trickle over them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SATURDAY = 5
LONGEST_SEARCH = 400  # days looked ahead before giving up on finding a working day


@dataclass(frozen=True, slots=True)
class Window:
    """When invitations may leave: so many working days, between two times of the day.

    `zone` is an IANA name, `country` whose public holidays are kept. Nothing leaves before
    `not_before`; the first day counts only while something of its hours is left.
    """

    not_before: datetime
    days: int
    opens: time
    closes: time
    zone: str
    country: str = "NL"


@lru_cache(maxsize=256)
def holidays(year: int, country: str = "NL") -> frozenset[date]:
    """The public holidays of a country (ISO 3166-1, two letters; "" for none) on working days.

    The Dutch ones as the Algemene termijnenwet counts them (article 3): Good Friday and 5 May
    too. Raises ValueError for a country that is not known.
    """
    if not country:
        return frozenset()
    import holidays as libraries  # noqa: PLC0415 - heavy, only where a working day is sought

    categories = ("public", "optional") if country == "NL" else ("public",)
    try:
        found = libraries.country_holidays(country, years=year, categories=categories)
    except NotImplementedError:
        raise ValueError(f"no public holidays are known of {country}") from None
    return frozenset(found)


def is_working_day(day: date, country: str = "NL") -> bool:
    """Whether it is Monday to Friday and no public holiday."""
    return day.weekday() < SATURDAY and day not in holidays(day.year, country)


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
        if is_working_day(day, window.country):
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
