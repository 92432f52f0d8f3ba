"""Barriers in order, what could be won, and how far second answers drift: on plain values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.analysis.passives.moving import movement_in
from gloed.analysis.passives.rules import (
    Barrier,
    From,
    Judged,
    Lift,
    Name,
    in_order,
    strongest,
    won_at_most,
)
from gloed.coding.queries import share_of
from gloed.stats import Transitions

TABLE = Transitions(((10, 5, 5), (4, 30, 6), (2, 8, 80)))  # methods.md 2.3


def barrier(key, n, of, lift=Lift.UNJUDGED):
    return Barrier(Name(From.THEME, key), key, share_of(n, of), n, Judged(lift))


def test_what_can_be_lifted_stands_first_and_the_surely_largest_on_top():
    found = in_order(
        [
            barrier("theirs", 90, 100, Lift.NOT_OURS),
            barrier("unknown", 50, 100),
            barrier("lucky", 3, 4, Lift.OURS),  # 75%, but of four people
            barrier("sure", 60, 100, Lift.OURS),
        ]
    )
    assert [one.label for one in found] == ["sure", "lucky", "unknown", "theirs"]


def test_what_could_be_won_is_the_passives_it_holds_back():
    # 30% are passives and half of them name it: 15 of 100 answers would become promoters
    won = won_at_most(share_of(50, 100), share_of(30, 100))
    assert won.value == pytest.approx(15)
    assert won.low < 15 < won.high


def test_the_first_barrier_somebody_names_is_the_strongest_we_know():
    order = {Name(From.THEME, "price"): 0, Name(From.THEME, "waiting"): 1}
    assert strongest(reversed(list(order)), order) == Name(From.THEME, "price")
    assert strongest([Name(From.THEME, "new")], order) == Name(From.THEME, "new")
    assert strongest([], order) is None


def test_the_worked_example_of_the_methods_by_where_people_began():
    found = movement_in(TABLE, minimum=5)
    assert found.passives.n == 40
    assert found.passives.to_promoters.value == pytest.approx(6 / 40)
    assert found.passives.to_detractors.value == pytest.approx(4 / 40)
    assert found.others.n == 110
    assert found.others.to_promoters.value == pytest.approx(85 / 110)
    # mean after 75/150 = .5; both times share 14.2e-2 .. of the variance: see the next test
    assert found.drift.verdict == "same"
    assert 0 < found.drift.expected < 50


def test_without_anything_that_lasts_everybody_drifts_to_the_middle():
    # who answers what is chance alone: the first answer tells nothing about the second
    chance = movement_in(Transitions(((20, 20, 60), (20, 20, 60), (20, 20, 60))), minimum=5)
    assert chance.drift.expected == pytest.approx(40)  # the net score of everybody
    assert chance.drift.now.value == pytest.approx(40)
    assert chance.drift.verdict == "same"
    # nobody ever changes: nothing drifts
    still = movement_in(Transitions(((50, 0, 0), (0, 50, 0), (0, 0, 50))), minimum=5)
    assert still.drift.expected == pytest.approx(0, abs=1e-9)


def test_passives_who_rise_beyond_the_drift_are_told_apart():
    risen = movement_in(Transitions(((80, 10, 10), (5, 15, 80), (10, 10, 80))), minimum=5)
    assert risen.drift.verdict == "more"


def test_few_people_are_not_told():
    found = movement_in(Transitions(((2, 0, 0), (1, 2, 1), (0, 0, 60))), minimum=5)
    assert found.passives is None
    assert found.drift is None
    few = movement_in(Transitions(((2, 0, 0), (1, 8, 1), (0, 0, 2))), minimum=5)
    assert few.passives is not None
    assert few.drift is None  # of fourteen people nobody knows how far answers drift


counts = st.integers(min_value=0, max_value=200)
rows = st.tuples(counts, counts, counts)


@given(st.tuples(rows, rows, rows))
def test_shares_of_a_group_add_up_and_lie_in_their_intervals(table):
    found = movement_in(Transitions(table), minimum=1)
    for went in (found.passives, found.others):
        if went is not None:
            assert sum(one.value for one in went.shares) == pytest.approx(1)
            assert all(one.low <= one.value <= one.high for one in went.shares)
    if found.drift is not None:
        assert -100 - 1e-9 <= found.drift.expected <= 100 + 1e-9
