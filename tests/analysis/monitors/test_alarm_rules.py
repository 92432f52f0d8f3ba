"""When a monitor rings, on counts alone."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.analysis.monitors import rules
from gloed.analysis.monitors.rules import WEEK, Span
from gloed.stats import NetCounts

MONDAY = date(2026, 3, 2)
USUAL = NetCounts(480, 300, 220)
LIMIT = rules.limit_of(52, 1)
counts = st.builds(NetCounts, *[st.integers(0, 40)] * 3)


def weeks(*each):
    return [Span(MONDAY + i * WEEK, MONDAY + (i + 1) * WEEK, one) for i, one in enumerate(each)]


def test_a_fall_rings_in_the_week_it_is_certain_and_tells_when_it_began():
    calm, fallen = NetCounts(20, 12, 8), NetCounts(9, 12, 19)
    run = weeks(calm, calm, calm, fallen, fallen, fallen)
    bell = rules.rings_weekly(run, USUAL, limit=LIMIT, judged_until=MONDAY)
    assert bell is not None
    assert bell.begins_on == MONDAY + 3 * WEEK
    assert bell.until == MONDAY + 4 * WEEK
    assert (bell.aim, bell.is_up, bell.n) == (pytest.approx(26.0), False, 40)
    assert bell.value < bell.low < bell.aim < bell.high


def test_a_week_is_judged_once():
    run = weeks(*[NetCounts(9, 12, 19)] * 3)
    assert rules.rings_weekly(run, USUAL, limit=LIMIT, judged_until=MONDAY) is not None
    assert rules.rings_weekly(run, USUAL, limit=LIMIT, judged_until=run[-1].until) is None


def test_more_monitors_under_one_promise_make_each_less_keen():
    limits = [rules.limit_of(52, many) for many in (1, 2, 5, 20)]
    assert limits == sorted(set(limits))
    # one monitor, once in 370.4 weeks: `spc::xewma.crit(.2, 370.4, sided = "two")`
    assert rules.limit_of(370, 1) == pytest.approx(2.8590, abs=1e-3)


def test_a_running_monitor_rings_when_the_set_level_is_out_of_reach():
    whole = Span(MONDAY, MONDAY + 9 * WEEK, NetCounts(120, 50, 30))
    # 120/50/30 anytime -> 27.1453546, 59.5627766 (methods of anytime-valid intervals)
    assert rules.rings_running(whole, 27.2, least=5) is None
    bell = rules.rings_running(whole, 27.1, least=5)
    assert (bell.low, bell.high) == (pytest.approx(27.1453546), pytest.approx(59.5627766))
    assert bell.is_up


def test_few_answers_ring_nothing():
    whole = Span(MONDAY, MONDAY + WEEK, NetCounts(4, 0, 0))
    assert rules.rings_running(whole, -100, least=5) is None
    assert not rules.can_be_usual(NetCounts(20, 15, 10))
    assert not rules.can_be_usual(NetCounts(80, 0, 0))
    assert rules.can_be_usual(NetCounts(20, 15, 15))


@given(st.integers(1, 30))
def test_weeks_like_the_usual_ones_never_ring(many):
    run = weeks(*[NetCounts(48, 30, 22)] * many)
    assert rules.rings_weekly(run, USUAL, limit=LIMIT, judged_until=MONDAY) is None


@given(st.lists(counts, max_size=12), st.integers(1, 30))
def test_weeks_are_put_together_without_losing_answers(each, least):
    run = weeks(*each)
    found = rules.pooled(run, least=least)
    assert all(span.counts.n >= least for span in found)
    kept = [one for one in run if found and one.until <= found[-1].until]
    assert sum(s.counts.n for s in found) == sum(one.counts.n for one in kept)
    assert sum(one.counts.n for one in run[len(kept) :]) < least
    assert all(a.until <= b.start for a, b in pairwise(found))


@given(st.lists(counts, min_size=1, max_size=12))
def test_a_mirrored_world_rings_the_mirrored_alarm(each):
    run = weeks(*[one for one in each if one.n])
    usual = NetCounts(40, 30, 30)
    turned = [
        Span(
            s.start, s.until, NetCounts(s.counts.detractors, s.counts.passives, s.counts.promoters)
        )
        for s in run
    ]
    bell = rules.rings_weekly(run, usual, limit=LIMIT, judged_until=MONDAY)
    other = rules.rings_weekly(turned, NetCounts(30, 30, 40), limit=LIMIT, judged_until=MONDAY)
    assert (bell is None) == (other is None)
    if bell is not None:
        assert bell.until == other.until
        assert bell.value == pytest.approx(-other.value)
