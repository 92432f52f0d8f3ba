"""Deadlines in working hours, over both changes of the clock.

The Netherlands changed to summer time on 29 March 2026 at 02:00 and back on 25 October at 03:00
(Directive 2000/84/EC); Good Friday was 3 April, Easter Monday 6 April, King's Day 27 April.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.loop.cases.rules import WorkingHours, after, before, between, is_worked

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HOURS = WorkingHours()
ROUND_THE_CLOCK = WorkingHours(frozenset(range(7)), time(0), time(23, 59), country="")


def at(text: str) -> datetime:
    """A moment on the clock in Amsterdam."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-03-02 10:30", 2, "2026-03-02 12:30"),  # within a day
        ("2026-03-02 15:00", 2, "2026-03-02 17:00"),  # the end of a day, not the next morning
        ("2026-03-02 16:00", 2, "2026-03-03 10:00"),  # over night
        ("2026-03-07 12:00", 0, "2026-03-09 09:00"),  # Saturday: the first moment at work
        ("2026-03-27 16:00", 8, "2026-03-30 16:00"),  # over the weekend the clock goes forward
        ("2026-10-23 16:00", 8, "2026-10-26 16:00"),  # and the one it goes back
        ("2026-04-02 16:00", 2, "2026-04-07 10:00"),  # Good Friday and Easter Monday are free
        ("2026-04-24 16:30", 1, "2026-04-28 09:30"),  # King's Day is a Monday
    ],
)
def test_a_deadline_falls_on_the_clock_people_work_by(start, hours, due):
    assert after(HOURS, at(start), timedelta(hours=hours)) == at(due)


def test_hours_the_clock_skips_or_repeats_count_as_they_happen():
    night = WorkingHours(frozenset(range(7)), time(1), time(6), country="")
    # in spring 01:00 to 06:00 are four hours, in autumn six
    assert after(night, at("2026-03-29 01:00"), timedelta(hours=4)) == at("2026-03-29 06:00")
    assert after(night, at("2026-10-25 01:00"), timedelta(hours=6)) == at("2026-10-25 06:00")
    assert between(night, at("2026-03-29 00:00"), at("2026-03-30 00:00")) == timedelta(hours=4)
    assert between(night, at("2026-10-25 00:00"), at("2026-10-26 00:00")) == timedelta(hours=6)


def test_a_reminder_is_counted_back_over_the_weekend():
    due = at("2026-03-30 10:00")
    assert before(HOURS, due, timedelta(hours=2)) == at("2026-03-27 16:00")


def test_hours_that_never_are_are_refused():
    with pytest.raises(ValueError, match="at least one day"):
        WorkingHours(frozenset())
    with pytest.raises(ValueError, match="after it begins"):
        WorkingHours(opens=time(17), closes=time(9))
    assert not is_worked(HOURS, date(2026, 4, 3))


moments = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
spans = st.integers(1, 40 * 60).map(lambda minutes: timedelta(minutes=minutes))


@given(moments, spans)
def test_so_much_time_at_work_lies_between_start_and_deadline(start, worked):
    for hours in (HOURS, ROUND_THE_CLOCK):
        due = after(hours, start, worked)
        assert between(hours, start, due) == worked
        assert is_worked(hours, due.astimezone(AMSTERDAM).date())


@given(moments, spans, spans)
def test_more_hours_are_never_earlier(start, one, two):
    assert after(HOURS, start, one) <= after(HOURS, start, one + two)


@given(moments, spans)
def test_counting_back_leads_to_where_one_came_from(start, worked):
    due = after(HOURS, start, worked)
    assert between(HOURS, before(HOURS, due, worked), due) == worked
