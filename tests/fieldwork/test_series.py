"""Waves that come again: made once for each turn, on the clock of the house."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError

from gloed.base.models import Job
from gloed.fieldwork import operations
from gloed.fieldwork.models import Invitation, Wave
from gloed.fieldwork.operations import CannotStart
from gloed.fieldwork.rules import Policy
from tests.fieldwork.conftest import MAIL, NOW

APRIL_1 = datetime(2026, 4, 1, 7, tzinfo=UTC)  # 9:00 in Amsterdam
MAY_1 = datetime(2026, 5, 1, 7, tzinfo=UTC)


@pytest.fixture
def make_series(organisation, survey):
    def make(is_begun=True, **values):
        plan = {"survey": survey, "name": "Maandmeting", "channel": MAIL.name, "number": 1}
        series = operations.keep_series(organisation, {**plan, **values}, now=NOW)
        if is_begun:
            operations.begin_series(series, now=NOW)
        series.refresh_from_db()
        return series

    return make


def test_each_turn_is_a_wave_of_its_own_in_the_ledger(make_series, make_people, organisation):
    make_people(3)
    organisation.language = "nl"
    organisation.save()
    series = make_series(segment={"regio": ["Zuid"]}, reminders=1)
    assert (series.next_at, series.next_month) == (APRIL_1, date(2026, 4, 1))
    assert operations.make_due_waves(now=APRIL_1 - timedelta(minutes=1)) == 0
    assert operations.make_due_waves(now=APRIL_1) == 1
    assert operations.make_due_waves(now=APRIL_1) == 0
    wave = Wave.objects.get()
    assert (wave.name, wave.starts_at, wave.state) == (
        "Maandmeting, april 2026",
        APRIL_1,
        "scheduled",
    )
    assert (wave.segment, wave.reminders, wave.series) == ({"regio": ["Zuid"]}, 1, series)
    operations.write_wave(wave.pk, now=APRIL_1)
    assert Invitation.objects.filter(wave=wave).count() == 2
    series.refresh_from_db()
    assert series.next_at == MAY_1
    assert Job.objects.filter(kind="fieldwork.write_wave").count() == 1


def test_a_quarter_is_named_as_one(make_series):
    series = make_series(every="quarter", month=1, name="Kwartaal")
    operations.make_due_waves(now=series.next_at)
    assert Wave.objects.get().name == "Kwartaal, 2e kwartaal van 2026"


def test_after_a_long_standstill_only_the_newest_turn_is_made_up_for(make_series):
    series = make_series()
    late = MAY_1 + timedelta(days=3)
    assert operations.make_due_waves(now=late) == 1
    wave = Wave.objects.get()
    assert (wave.month, wave.starts_at) == (date(2026, 5, 1), late)
    series.refresh_from_db()
    assert series.next_month == date(2026, 6, 1)


def test_a_turn_at_which_the_survey_is_closed_asks_nobody_and_is_remembered(make_series, survey):
    series = make_series()
    survey.state = "closed"
    survey.save()
    assert operations.make_due_waves(now=APRIL_1) == 0
    series.refresh_from_db()
    assert (series.missed_at, series.next_at) == (APRIL_1, MAY_1)
    assert not Wave.objects.exists()
    with pytest.raises(CannotStart, match="survey_not_open"):
        operations.begin_series(make_series(is_begun=False), now=NOW)


def test_pausing_stopping_and_going_on(make_series):
    series = make_series()
    assert operations.pause_series(series, now=NOW)
    assert operations.make_due_waves(now=APRIL_1) == 0
    assert operations.begin_series(series, now=APRIL_1 + timedelta(days=1))
    series.refresh_from_db()
    assert series.next_at == MAY_1
    assert operations.stop_series(series, now=NOW)
    assert not operations.begin_series(series, now=NOW)
    series.refresh_from_db()
    assert (series.state, series.next_at) == ("stopped", None)


def test_a_month_that_had_its_turn_has_no_second_one_after_a_change(make_series):
    series = make_series()
    operations.make_due_waves(now=APRIL_1)
    series.refresh_from_db()
    operations.keep_series(
        series.organisation, {"number": 15}, series=series, now=APRIL_1 + timedelta(days=1)
    )
    series.refresh_from_db()
    assert series.next_month == date(2026, 5, 1)
    assert series.next_at == datetime(2026, 5, 15, 7, tzinfo=UTC)  # the day after Ascension Day


def test_other_holidays_move_the_next_turn(make_series, organisation):
    series = make_series()
    operations.make_due_waves(now=APRIL_1)
    operations.keep_policy(organisation, Policy(country="DE"), now=APRIL_1)
    series.refresh_from_db()
    assert series.next_at == datetime(2026, 5, 4, 7, tzinfo=UTC)  # 1 May is a holiday there


def test_another_clock_of_the_house_moves_the_next_turn(make_series, organisation):
    series = make_series()
    assert operations.plan_anew(now=NOW) == 0
    organisation.time_zone = "Europe/London"
    organisation.save()
    assert operations.plan_anew(now=NOW) == 1
    series.refresh_from_db()
    assert series.next_at == APRIL_1 + timedelta(hours=1)


def test_the_database_itself_allows_one_wave_for_a_turn(make_series, make_wave):
    series = make_series(opens=time(10))
    assert series.next_at == APRIL_1 + timedelta(hours=1)
    make_wave(series=series, month=date(2026, 4, 1))
    with pytest.raises(IntegrityError):
        make_wave(series=series, month=date(2026, 4, 1))
