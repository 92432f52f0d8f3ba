"""The steps as plain values."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from gloed.loop.leaks.rules import (
    Count,
    Step,
    Tally,
    age_bands,
    read_window,
    widest_leak,
)

TODAY = date(2026, 3, 31)
counts = st.builds(Count, st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))


def test_an_address_names_a_period_or_two_days():
    assert read_window("365d", "", "", today=TODAY)[1].days == 365
    name, window = read_window("30d", "2026-02-01", "2026-02-28", today=TODAY)
    assert (name, window.first, window.days) == ("", date(2026, 2, 1), 28)


def test_what_cannot_be_read_is_the_usual_period():
    for wrong in (("", "x", "y"), ("7d", "", ""), ("", "2026-03-02", "2026-03-01")):
        assert read_window(*wrong, today=TODAY)[0] == "90d"


@given(st.lists(st.integers(0, 400)))
def test_every_age_lies_in_one_band(ages):
    assert sum(age_bands(ages)) == len(ages)


@given(counts, counts, counts)
def test_counts_add_up_in_any_order(one, two, three):
    assert (one + two) + three == three + (two + one)


def test_the_oldest_of_two_is_kept():
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    assert (Count(oldest=late) + Count(oldest=early) + Count()).oldest == early


def test_a_tally_is_the_same_whichever_way_it_is_added_up():
    tally = Tally({Step.READ: {(1, 2): Count(5, 3, 2), (1, None): Count(4, 4), (2, 2): Count(1)}})
    assert tally.total(Step.READ) == Count(10, 7, 2)
    assert tally.by_team(Step.READ)[1] == Count(9, 7, 2)
    assert tally.by_touchpoint(Step.READ)[2] == Count(6, 3, 2)
    assert tally.total(Step.TOLD) == Count()


def test_a_leak_of_a_few_is_no_leak_and_answering_is_nobodys_duty():
    assert widest_leak({Step.READ: Count(4, 0, 4), Step.ANSWERED: Count(99, 1, 98)}) is None
