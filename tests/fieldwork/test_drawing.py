"""Samples: random to everybody outside, the same each time, and never more than was asked."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from gloed.fieldwork.rules import Lot, Sampling, Skip, choose, draw, is_drawn
from gloed.fieldwork.rules.drawing import WHOLE

limits = st.none() | st.integers(0, 30)
lots = st.lists(st.tuples(st.integers(0, WHOLE - 1), st.sampled_from("abc")), max_size=60).map(
    lambda rows: [Lot(number, lot, group) for number, (lot, group) in enumerate(rows)]
)


def test_a_draw_is_uniform_and_its_own_for_each_seed():
    draws = [draw("wave 1", str(number)) for number in range(4000)]
    assert len(set(draws)) == 4000
    quarters = Counter(lot * 4 // WHOLE for lot in draws)
    assert set(quarters) == {0, 1, 2, 3}
    assert all(900 < count < 1100 for count in quarters.values())
    assert draw("wave 2", "1") != draws[1] == draw("wave 1", "1")


def test_a_share_of_all_events_is_drawn():
    drawn = [is_drawn("survey 1", str(number), percent=30) for number in range(4000)]
    assert 1100 < sum(drawn) < 1300
    assert all(is_drawn("x", str(number), percent=100) for number in range(100))
    assert not any(is_drawn("x", str(number), percent=0) for number in range(100))


def test_a_quota_of_the_policy_has_its_own_reason():
    chosen = choose([Lot(1, 5), Lot(2, 6), Lot(3, 7)], Sampling(size=2, quota=1))
    assert chosen == {1: None, 2: Skip.QUOTA_FULL, 3: Skip.QUOTA_FULL}


@given(lots, limits, limits, limits, st.none() | st.integers(0, 100))
def test_everybody_is_chosen_or_has_a_reason(people, size, group_size, quota, share):
    sampling = Sampling(share=share, size=size, group_size=group_size, quota=quota)
    found = choose(people, sampling)
    chosen = [lot for lot in people if found[lot.person] is None]
    assert set(found) == {lot.person for lot in people}
    assert len(chosen) <= min(limit for limit in (size, quota, 60) if limit is not None)
    if group_size is not None:
        assert max(Counter(lot.group for lot in chosen).values(), default=0) <= group_size
    if share is not None:
        assert all(lot.draw * 100 < share * WHOLE for lot in chosen)


@given(lots, st.integers(0, 60))
def test_a_size_is_met_exactly_by_the_lowest_lots(people, size):
    found = choose(people, Sampling(size=size))
    chosen = [lot.draw for lot in people if found[lot.person] is None]
    assert len(chosen) == min(size, len(people))
    assert sorted(chosen) == sorted(lot.draw for lot in people)[: len(chosen)]


@given(lots)
def test_the_order_of_the_people_does_not_matter(people):
    sampling = Sampling(size=10, group_size=5)
    assert choose(people, sampling) == choose(people[::-1], sampling)
