"""In the sample organisation the dip rings within weeks, and leads to its true cause."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from gloed.analysis.changes.asked import read_change
from gloed.analysis.changes.report import Verdict, change_report
from gloed.analysis.monitors import operations, queries, rules
from gloed.analysis.monitors.models import Monitor

TODAY = date(2026, 11, 21)
WEEK = rules.WEEK


@pytest.fixture
def watch(sample, sample_source, subject_of):
    """Watch a survey every Monday from `start` on; the first ring, with its monitor and subject."""

    def run(key, start, *, weeks, monitors=1):
        subject = subject_of(key)
        monitor = Monitor(
            kind=Monitor.Kind.WEEKLY,
            about=subject.key,
            usual_from=start - 26 * WEEK,
            usual_until=start,
            run_from=start,
            judged_until=start,
        )
        limit = rules.limit_of(rules.USUAL_PROMISE, monitors)
        for week in range(1, weeks + 1):
            today = start + week * WEEK
            reading = queries.read(sample_source, [subject], monitor, today=today, least=5)
            bell = queries.bell_of(monitor, reading, limit=limit, least=5)
            if bell is not None:
                return bell, monitor, subject
            monitor.judged_until = today
        return None, monitor, subject

    return run


@pytest.mark.parametrize("key", ["bill", "phone"])
def test_the_dip_rings_within_a_month_and_says_when_it_began(sample, watch, key):
    starts = sample.dip.starts_on
    bell, _monitor, _subject = watch(key, starts, weeks=10)
    assert bell is not None
    assert not bell.is_up
    assert bell.until <= starts + 5 * WEEK
    assert abs(bell.begins_on - starts) <= 2 * WEEK


def test_an_alarm_opens_what_changed_on_the_true_cause(sample, sample_source, watch):
    bell, monitor, subject = watch("bill", sample.dip.starts_on, weeks=10)
    verdicts = {}
    for weeks in (0, 6):
        address = operations.changes_address(monitor, bell, today=bell.until)
        address = queries.up_to(address, bell.until + weeks * WEEK)
        asked = read_change(QueryDict(address), today=TODAY)
        assert asked.has_periods
        assert asked.window.start == bell.begins_on == asked.past.end
        report = change_report(sample_source, subject, asked, names={}, minimum=5)
        assert report.change.high < 0
        verdicts[weeks] = report.verdict
    # a week in, nobody can say where; with what came in since, it is the planted contract
    assert verdicts == {0: Verdict.EVERYWHERE, 6: Verdict.PLACE}
    assert report.focus.columns == ("attr:contract",)
    assert report.focus.keys == ((sample.dip.contract,),)


def test_half_a_year_without_anything_planted_is_quiet(sample, watch):
    before = rules.monday_of(sample.dip.starts_on) - 26 * WEEK
    watched = ("bill", "phone", "relationship", "switching", "welcome")
    for key in watched:
        bell, _monitor, _subject = watch(key, before, weeks=26, monitors=len(watched))
        assert bell is None, key


def test_a_week_that_is_not_over_is_not_judged(sample, sample_source, watch):
    start = sample.dip.starts_on
    _bell, monitor, subject = watch("bill", start, weeks=1)
    sunday = start + 3 * WEEK - timedelta(days=1)
    reading = queries.read(sample_source, [subject], monitor, today=sunday, least=5)
    assert reading.spans[-1].until == start + 2 * WEEK
