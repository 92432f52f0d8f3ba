"""The same customers twice: worked example with its source, and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.stats import Caveat, NetCounts, Reason, Refusal, Transitions, paired_change

EXAMPLE = Transitions(((10, 5, 5), (4, 30, 6), (2, 8, 80)))
tables = st.lists(st.integers(0, 40), min_size=9, max_size=9).filter(any)


def table(cells):
    return Transitions((tuple(cells[:3]), tuple(cells[3:6]), tuple(cells[6:])))


def test_paired_change_matches_reference():
    # methods.md 2.3, from R: t.test(after - before) for the SE, emplik for the score limits
    change = paired_change(EXAMPLE)
    assert change.value == pytest.approx(3.33333333, abs=1e-8)
    assert change.standard_error == pytest.approx(4.76909014, abs=1e-8)
    assert (change.low, change.high) == pytest.approx((-6.22626957, 13.6922477), abs=1e-7)
    assert change.caveats == (Caveat.PAIRED_ONLY,)
    assert change.p_value > 0.05


def test_the_flow_keeps_both_margins():
    assert EXAMPLE.before == NetCounts(90, 40, 20)
    assert EXAMPLE.after == NetCounts(91, 43, 16)


def test_people_who_answered_once_are_left_out():
    assert Transitions.from_scores([9, None, 3], [3, 9, 99]).rows == ((0,) * 3, (0,) * 3, (1, 0, 0))


@given(tables, tables)
def test_merging_adds(first, second):
    merged = table(first) + table(second)
    assert merged == table([a + b for a, b in zip(first, second, strict=True)])


@given(tables)
def test_the_value_lies_inside_and_the_test_agrees(cells):
    change = paired_change(table(cells))
    assert -200 <= change.low <= change.value <= change.high <= 200
    if abs(change.p_value - 0.05) > 1e-6:
        assert change.excludes(0) == (change.p_value < 0.05)


def test_one_pair_has_no_standard_error():
    assert paired_change(Transitions.from_scores([3], [9])).standard_error is None


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: paired_change(table([0] * 9)), Reason.NO_ANSWERS),
        (lambda: Transitions(((1, 2, 3),)), Reason.DIFFERENT_LENGTHS),
        (lambda: Transitions(((1, 2, 3), (1, 2), (1, 2, 3))), Reason.DIFFERENT_LENGTHS),
        (lambda: table([-1] + [0] * 8), Reason.NEGATIVE_COUNT),
        (lambda: Transitions.from_scores([1], [1, 2]), Reason.DIFFERENT_LENGTHS),
    ],
)
def test_impossible_pairs_are_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason


def test_only_transitions_add_to_transitions():
    with pytest.raises(TypeError):
        EXAMPLE + 1
