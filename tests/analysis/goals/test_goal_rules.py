"""What a volume can show of a goal, and how far one is: the decisions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.analysis.goals.rules import (
    Outlook,
    Standing,
    course_on,
    guessed,
    moved_to,
    promise_of,
    standing_of,
)
from gloed.stats import Estimate, NetCounts, Shares

SET, DUE = date(2026, 1, 1), date(2026, 7, 1)
COUNTS = st.builds(NetCounts, st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))


def promised(counts, goal, a_day, *, days=90):
    return promise_of(counts, goal, answers_per_day=a_day, days=days, set_on=SET, due_on=DUE)


def test_five_points_take_more_than_three_thousand_answers_a_wave():
    """Methods 2.4: 40 to 45 takes 3,258 answers a wave; with 500 only 12.8 points can be seen."""
    found = promised(NetCounts(550_000, 300_000, 150_000), 45, 500 / 90)
    assert found.outlook is Outlook.LATER
    assert found.needed == pytest.approx(3258, abs=3)
    assert found.days == pytest.approx(587, abs=1)
    assert found.visible == pytest.approx(12.8, abs=0.1)
    assert found.shows_on == date(2027, 8, 11)


def test_more_answers_show_it_in_time_and_too_few_never_do():
    assert promised(NetCounts(5500, 3000, 1500), 45, 40).outlook is Outlook.IN_TIME
    wider = promised(NetCounts(5500, 3000, 1500), 45, 20)
    assert (wider.outlook, wider.shows_on) == (Outlook.WIDER, DUE)
    assert 90 < wider.days <= 181
    assert promised(NetCounts(55, 30, 15), 41, 0.5).outlook is Outlook.NOT_IN_TEN_YEARS
    assert promised(NetCounts(55, 30, 15), 30, 5).outlook is Outlook.ALREADY
    assert promised(NetCounts(0, 0, 0), 30, 5).outlook is Outlook.NO_VOLUME
    assert promised(NetCounts(55, 30, 15), 60, 0).outlook is Outlook.NO_VOLUME


def test_the_line_runs_from_start_to_goal_and_not_beyond():
    line = {"set_on": SET, "due_on": DUE}
    assert course_on(10, 30, on=SET, **line) == 10
    assert course_on(10, 30, on=DUE, **line) == 30
    assert course_on(10, 30, on=date(2030, 1, 1), **line) == 30


@pytest.mark.parametrize(
    ("low", "high", "is_due", "expected"),
    [
        (41, 50, False, Standing.THERE),
        (31, 50, False, Standing.ON_COURSE),
        (29, 45, False, Standing.UNKNOWN),
        (10, 29, False, Standing.BEHIND),
        (40, 50, True, Standing.REACHED),
        (39, 50, True, Standing.CANNOT_TELL),
        (30, 39, True, Standing.NOT_REACHED),
    ],
)
def test_nothing_is_called_certain_inside_an_interval(low, high, is_due, expected):
    now = Estimate((low + high) / 2, low, high, 100, "test")
    assert standing_of(now, 40, course=30, is_due=is_due) is expected


def test_without_answers_nothing_is_said():
    assert standing_of(None, 40, course=30, is_due=False) is Standing.NO_ANSWERS


@given(COUNTS, st.floats(-100, 100), st.floats(0.01, 500), st.sampled_from([30, 90, 365]))
def test_every_goal_gets_an_answer(counts, goal, a_day, days):
    found = promised(counts, goal, a_day, days=days)
    if found.outlook is Outlook.LATER:
        assert found.expected < found.needed
        assert found.shows_on > DUE
    if found.outlook is Outlook.IN_TIME:
        assert found.expected >= found.needed


@given(COUNTS, st.floats(-100, 100))
def test_moved_shares_are_shares_with_that_score(counts, goal):
    moved = moved_to(guessed(counts), goal)
    assert isinstance(moved, Shares)
    assert moved.nps == pytest.approx(goal, abs=1e-6)
