"""Small groups stay hidden, also from whoever can subtract."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.stats import Reason, Refusal, Visibility, filters_reveal_nobody, suppress

SHOWN, EMPTY, SMALL, BESIDE = (
    Visibility.SHOWN,
    Visibility.NO_RESPONSES,
    Visibility.TOO_SMALL,
    Visibility.COMPLEMENTARY,
)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        # methods.md 3.5: the threshold itself is shown, an empty group says so
        ([5, 6, 0], (SHOWN, SHOWN, EMPTY)),
        # one small group would follow by subtraction: the next smallest goes with it
        ([40, 3, 12], (SHOWN, SMALL, BESIDE)),
        # two small groups hold five together: nothing more is hidden
        ([40, 3, 2], (SHOWN, SMALL, SMALL)),
        ([40, 2, 2], (BESIDE, SMALL, SMALL)),
        ([], ()),
    ],
)
def test_what_is_hidden(sizes, expected):
    assert suppress(sizes).cells == expected


def test_a_total_below_the_threshold_is_hidden_too():
    assert suppress([2, 1]).total_shown is False
    assert suppress([2, 3]).total_shown is True
    assert suppress([0, 0]).total_shown is True


def test_the_threshold_can_be_set():
    assert suppress([9, 30], threshold=10).hidden == (0, 1)


@pytest.mark.parametrize(
    ("sizes", "threshold", "reason"),
    [([3], 0, Reason.BAD_SETTING), ([-1], 5, Reason.NEGATIVE_COUNT)],
)
def test_impossible_sizes_are_refused(sizes, threshold, reason):
    with pytest.raises(Refusal) as refused:
        suppress(sizes, threshold=threshold)
    assert refused.value.reason is reason


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 12))
def test_nobody_follows_by_subtraction(sizes, threshold):
    result = suppress(sizes, threshold=threshold)
    hidden = sum(sizes[place] for place in result.hidden)
    if result.total_shown:
        assert hidden == 0 or hidden >= threshold
    for size, cell in zip(sizes, result.cells, strict=True):
        assert cell is not SHOWN or size >= threshold
        assert (cell is EMPTY) == (size == 0)


def test_filters_that_differ_by_few_people_are_refused():
    everyone = frozenset(range(50))
    assert filters_reveal_nobody([everyone], everyone)
    assert not filters_reveal_nobody([everyone], everyone - {1, 2})
    assert not filters_reveal_nobody([everyone - {1}], everyone)
    assert not filters_reveal_nobody([], frozenset({1, 2}))
    assert filters_reveal_nobody([], frozenset())
    assert filters_reveal_nobody([everyone], everyone - {1, 2}, threshold=2)
