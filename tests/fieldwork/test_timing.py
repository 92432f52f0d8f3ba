"""Working days, Dutch holidays and an even trickle, over every change of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.fieldwork.rules import Window, holidays, is_working_day, schedule
from gloed.fieldwork.rules.timing import next_opening, openings


def test_the_holidays_of_2025_and_2027():
    # Rijksoverheid's list, with Good Friday and 5 May after the Algemene termijnenwet
    assert sorted(day for day in holidays(2025) if day.weekday() < 6) == [
        date(2025, 1, 1), date(2025, 4, 18), date(2025, 4, 21), date(2025, 4, 26),
        date(2025, 5, 5), date(2025, 5, 29), date(2025, 6, 9), date(2025, 12, 25),
        date(2025, 12, 26),
    ]  # fmt: skip
    assert date(2027, 4, 27) in holidays(2027)


def test_kings_day_is_a_saturday_when_it_would_be_a_sunday():
    assert date(2025, 4, 26) in holidays(2025)
    assert date(2025, 4, 27) not in holidays(2025)


def test_weekends_and_holidays_are_no_working_days():
    assert is_working_day(date(2026, 4, 7))
    assert not is_working_day(date(2026, 4, 4))  # Saturday
    assert not is_working_day(date(2026, 4, 6))  # Easter Monday


def test_each_country_keeps_its_own_holidays_and_none_keeps_none():
    unity_day = date(2025, 10, 3)
    assert not is_working_day(unity_day, "DE")
    assert is_working_day(unity_day, "NL")
    assert is_working_day(date(2025, 12, 25), "")
    assert not is_working_day(date(2025, 12, 27), "")  # a Saturday
    with pytest.raises(ValueError, match="no public holidays are known of XX"):
        is_working_day(unity_day, "XX")


@pytest.mark.parametrize(
    ("sunday", "before", "after"),
    [  # in Amsterdam the clock goes forward on 29 March 2026 and back on 25 October 2026
        (date(2026, 3, 29), "08:15", "07:15"),
        (date(2026, 10, 25), "07:15", "08:15"),
    ],
)
def test_over_a_change_of_the_clock_people_are_asked_at_the_same_hour_of_theirs(
    sunday, before, after
):
    friday = datetime.combine(sunday - timedelta(days=2), time(), UTC)
    moments = schedule([""] * 2, window(friday, days=2, opens=9, closes=9.5))
    local = [moment.astimezone(ZoneInfo("Europe/Amsterdam")) for moment in moments]
    assert [f"{moment:%a %H:%M}" for moment in local] == ["Fri 09:15", "Mon 09:15"]
    assert [f"{moment:%H:%M}" for moment in moments] == [before, after]


def window(begins, days=2, opens=9, closes=17, zone="Europe/Amsterdam"):
    hours, minutes = divmod(round(closes * 60), 60)
    return Window(begins, days, time(opens), time(hours, minutes), zone)


def test_four_people_over_two_days_leave_at_eleven_and_three():
    begins = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday; Amsterdam is one hour ahead
    local = [
        moment.astimezone(ZoneInfo("Europe/Amsterdam")).strftime("%a %H:%M")
        for moment in schedule([""] * 4, window(begins))
    ]
    assert local == ["Mon 11:00", "Mon 15:00", "Tue 11:00", "Tue 15:00"]


def test_what_is_left_of_the_first_day_counts_and_an_evening_does_not():
    afternoon = datetime(2026, 3, 6, 15, tzinfo=UTC)  # Friday 16:00 in Amsterdam
    evening = datetime(2026, 3, 6, 17, tzinfo=UTC)
    assert next_opening(window(afternoon)) == afternoon
    assert next_opening(window(evening)) == datetime(2026, 3, 9, 8, tzinfo=UTC)


def test_nothing_leaves_on_holidays():
    begins = datetime(2026, 4, 2, 16, tzinfo=UTC)  # the evening before Good Friday
    assert next_opening(window(begins)) == datetime(2026, 4, 7, 7, tzinfo=UTC)


def test_hours_are_those_of_the_recipient():
    begins = datetime(2026, 3, 2, tzinfo=UTC)
    here, there = schedule(["", "America/New_York"], window(begins, days=1, opens=9, closes=10))
    assert here == datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
    assert there == datetime(2026, 3, 2, 14, 45, tzinfo=UTC)


def test_hours_that_never_open_are_refused():
    with pytest.raises(ValueError, match="never open"):
        openings(window(datetime(2026, 3, 2, tzinfo=UTC), opens=17, closes=9))


def test_nobody_to_ask_is_no_moment():
    assert schedule([], window(datetime(2026, 3, 2, tzinfo=UTC))) == []


Y2020 = datetime(2020, 1, 1, tzinfo=UTC)
ZONES = ["Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Gaza"]


@given(
    begins=st.integers(0, 15 * 365 * 24 * 3600).map(lambda seconds: Y2020 + timedelta(0, seconds)),
    count=st.integers(0, 60),
    days=st.integers(1, 15),
    opens=st.integers(0, 22),
    hours=st.integers(1, 12),
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=5),
)
def test_a_trickle_stays_in_hours_and_on_working_days(begins, count, days, opens, hours, zones):
    closes = min(opens + hours, 23)
    asked = window(begins, days, opens, closes, zones[0])
    people = [zones[number % len(zones)] for number in range(count)]
    moments = schedule(people, asked)
    assert len(moments) == count
    for zone, moment in zip(people, moments, strict=True):
        local = moment.astimezone(ZoneInfo(zone))
        assert moment >= begins
        assert is_working_day(local.date())
        assert time(opens) <= local.time() <= time(closes)


@given(
    begins=st.integers(0, 15 * 365 * 24 * 3600).map(lambda seconds: Y2020 + timedelta(0, seconds)),
    count=st.integers(2, 60),
    days=st.integers(1, 15),
)
def test_a_trickle_is_even_in_open_time(begins, count, days):
    asked = window(begins, days)
    pieces = openings(asked)

    def open_time(until):
        return sum(
            (max(min(until, closes) - opens, timedelta()) for opens, closes in pieces), timedelta()
        )

    passed = [open_time(moment) for moment in schedule([""] * count, asked)]
    gaps = {round((b - a).total_seconds(), 3) for a, b in pairwise(passed)}
    assert max(gaps) - min(gaps) < 0.01
