"""Coming back after a case, beside what regression to the mean alone makes of it."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from gloed.base.models import Membership
from gloed.loop.cases import operations, recovery
from gloed.loop.cases.rules import Outcome

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def manager(organisation, make_staff):
    """Who looks at it."""
    return Membership.objects.get(staff=make_staff(organisation, "manager"))


def test_too_few_is_said_and_not_computed(manager, answer):
    case = operations.open_case(answer(2), now=NOW)
    operations.close_case(case, Outcome.SOLVED, staff=None, now=NOW)
    found, pairs = recovery.recovery_of(manager, now=NOW)
    assert found is None
    assert pairs.closed == 1


def test_people_who_only_had_a_bad_day_come_back_by_themselves(manager, answer, make_person):
    """Everybody's answers are drawn anew each time: all of the recovery is to be expected."""
    draw = random.Random(7)
    for number in range(40):
        person = make_person(f"A{number} x")
        for days in (60, 30):
            answer(draw.choice((2, 5, 8, 9, 10)), person=person, at=NOW - days * DAY)
    for number in range(20):
        person = make_person(f"B{number} x")
        case = operations.open_case(answer(2, person=person, at=NOW - 60 * DAY), now=NOW - 60 * DAY)
        operations.close_case(case, Outcome.SOLVED, staff=None, now=NOW - 50 * DAY)
        answer(draw.choice((2, 5, 8, 9, 10)), person=person, at=NOW - 10 * DAY)
    found, pairs = recovery.recovery_of(manager, now=NOW)
    assert (found.people, pairs.closed) == (20, 20)
    assert found.before == -100
    assert found.reliability < 0.3
    assert found.expected > -30
    assert found.verdict in ("same", "unknown")
    assert found.change.value > 50  # and yet it is no more than to be expected


def test_who_stays_where_they_are_needs_more_than_time(manager, answer, make_person):
    """Without a case nobody ever changes; those with one became promoters: that is more."""
    for number in range(40):
        person, rating = make_person(f"A{number} x"), (2, 10)[number % 2]
        for days in (60, 30):
            answer(rating, person=person, at=NOW - days * DAY)
    for number in range(12):
        person = make_person(f"B{number} x")
        case = operations.open_case(answer(2, person=person, at=NOW - 60 * DAY), now=NOW - 60 * DAY)
        operations.close_case(case, Outcome.SOLVED, staff=None, now=NOW - 50 * DAY)
        answer(9, person=person, at=NOW - 10 * DAY)
    found, _pairs = recovery.recovery_of(manager, now=NOW)
    assert found.reliability == pytest.approx(1.0, abs=0.01)
    assert found.expected == pytest.approx(-100, abs=2)
    assert found.verdict == "more"
