"""When a wave comes again: days of the month and working days, moved off holidays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.fieldwork.rules import CountedIn, Every, Rhythm, day_in, is_working_day, next_turn
from gloed.fieldwork.rules.recurring import LAST

AMSTERDAM = "Europe/Amsterdam"


def rhythm(number=1, counted_in="days", every="month", **fields):
    values = {"at": time(9), "zone": AMSTERDAM, **fields}
    return Rhythm(Every(every), CountedIn(counted_in), number, **values)


@pytest.mark.parametrize(
    ("asked", "month", "day"),
    [
        (rhythm(1), date(2026, 12, 1), date(2026, 12, 1)),  # a Tuesday
        (rhythm(1), date(2026, 1, 1), date(2026, 1, 2)),  # New Year
        (rhythm(31), date(2026, 2, 1), date(2026, 3, 2)),  # 28 February is a Saturday
        (rhythm(25), date(2026, 12, 1), date(2026, 12, 28)),  # Christmas, then a weekend
        (rhythm(25, country=""), date(2026, 12, 1), date(2026, 12, 25)),
        (rhythm(1, "working_days"), date(2026, 5, 1), date(2026, 5, 1)),
        (rhythm(1, "working_days", country="DE"), date(2026, 5, 1), date(2026, 5, 4)),
        (rhythm(3, "working_days"), date(2026, 4, 1), date(2026, 4, 7)),  # Easter lies between
        (rhythm(LAST, "working_days"), date(2026, 2, 1), date(2026, 2, 27)),
        (rhythm(LAST), date(2026, 6, 1), date(2026, 6, 30)),
    ],
)
def test_the_day_of_a_month(asked, month, day):
    assert day_in(asked, month) == day


def test_a_quarter_takes_its_own_month():
    asked = rhythm(1, every="quarter", month=2)
    found, at = [], datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(4):
        at = next_turn(asked, after=at).at
        found.append(at.astimezone(ZoneInfo(AMSTERDAM)).strftime("%d-%m %H:%M"))
    assert found == ["02-02 09:00", "01-05 09:00", "03-08 09:00", "02-11 09:00"]


def test_it_comes_at_the_same_hour_before_and_after_both_changes_of_the_clock():
    at = datetime(2026, 2, 20, tzinfo=UTC)
    hours = []
    for _ in range(9):
        at = next_turn(rhythm(1), after=at).at
        hours.append(at.hour)
    assert hours == [8, 7, 7, 7, 7, 7, 7, 7, 8]  # March to November, in UTC


def test_a_turn_that_moved_into_the_next_month_is_not_lost():
    asked = rhythm(31)
    turn = next_turn(asked, after=datetime(2026, 3, 1, tzinfo=UTC))
    assert (turn.month, turn.at.date()) == (date(2026, 2, 1), date(2026, 3, 2))
    assert next_turn(asked, after=turn.at).month == date(2026, 3, 1)


def test_a_month_that_had_its_turn_is_passed_over():
    turn = next_turn(rhythm(15), after=datetime(2026, 6, 2, tzinfo=UTC), beyond=date(2026, 6, 1))
    assert turn.month == date(2026, 7, 1)


@given(
    number=st.integers(1, 31) | st.just(LAST),
    counted_in=st.sampled_from(["days", "working_days"]),
    every=st.sampled_from(["month", "quarter"]),
    month=st.integers(1, 3),
    country=st.sampled_from(["NL", "DE", ""]),
    days=st.integers(0, 6000),
)
def test_a_turn_is_later_on_a_working_day_and_each_month_has_one(
    number, counted_in, every, month, country, days
):
    asked = rhythm(number, counted_in, every, month=month, country=country)
    after = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=days)
    first = next_turn(asked, after=after)
    second = next_turn(asked, after=first.at)
    assert after < first.at < second.at
    assert is_working_day(first.at.astimezone(ZoneInfo(AMSTERDAM)).date(), country)
    apart = (second.month.year - first.month.year) * 12 + second.month.month - first.month.month
    assert apart == (3 if every == "quarter" else 1)
