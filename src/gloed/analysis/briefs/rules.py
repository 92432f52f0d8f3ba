"""When a brief is due, and about which month: plain decisions, the clock is an argument."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Audience(StrEnum):
    """For whom a brief is written. Stored: never rename one."""

    DIRECTOR = "director"
    MANAGER = "manager"
    TEAM_LEAD = "team_lead"


def month_before(day: date) -> date:
    """The first day of the month before the one a day lies in.

    >>> month_before(date(2026, 3, 15)), month_before(date(2026, 1, 1))
    (datetime.date(2026, 2, 1), datetime.date(2025, 12, 1))
    """
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def due_at(month: date, *, day: int, hour: int, zone: str) -> datetime:
    """When the brief about a month is due: on `day` of the next one at `hour` on that clock, UTC.

    >>> due_at(date(2026, 2, 1), day=2, hour=8, zone="Europe/Amsterdam").isoformat()
    '2026-03-02T07:00:00+00:00'
    """
    on = next_month(month).replace(day=min(max(day, 1), 28))
    return datetime.combine(on, time(hour), ZoneInfo(zone)).astimezone(UTC)


def month_due(now: datetime, *, since: datetime, day: int, hour: int, zone: str) -> date | None:
    """The month whose brief should have gone by now; None where none should.

    Only the latest one: after a long pause nobody gets a pile. One that was due before `since`,
    when somebody subscribed, is not sent.
    """
    month = month_before(now.astimezone(ZoneInfo(zone)).date())
    if due_at(month, day=day, hour=hour, zone=zone) > now:
        month = month_before(month)
    due = due_at(month, day=day, hour=hour, zone=zone)
    return month if since <= due <= now else None


def next_due(now: datetime, *, day: int, hour: int, zone: str) -> datetime:
    """When the next brief goes."""
    month = month_before(now.astimezone(ZoneInfo(zone)).date())
    while (due := due_at(month, day=day, hour=hour, zone=zone)) <= now:
        month = next_month(month)
    return due
