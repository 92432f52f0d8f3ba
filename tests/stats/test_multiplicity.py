"""Many comparisons: adjusted p-values against R, and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.stats import (
    Reason,
    Refusal,
    benjamini_hochberg,
    benjamini_yekutieli,
    holm,
    selected_confidence,
)

EXAMPLE = [0.001, 0.012, 0.021, 0.04, 0.3]
p_values = st.lists(st.floats(0, 1), max_size=30)


def test_benjamini_hochberg_matches_r():
    # From R: p.adjust(p, "BH")
    assert benjamini_hochberg(EXAMPLE) == pytest.approx((0.005, 0.03, 0.035, 0.05, 0.3))


def test_nothing_to_compare_is_nothing():
    assert benjamini_hochberg([]) == ()


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan"), None])
def test_no_probability_is_refused(wrong):
    with pytest.raises(Refusal) as refused:
        benjamini_hochberg([0.5, wrong])
    assert refused.value.reason is Reason.BAD_PROBABILITY


@given(p_values)
def test_adjusting_never_helps_and_keeps_the_order(values):
    adjusted = benjamini_hochberg(values)
    assert all(p <= q <= 1 for p, q in zip(values, adjusted, strict=True))
    by_value = sorted(zip(values, adjusted, strict=True))
    assert [q for _, q in by_value] == sorted(adjusted)


@given(p_values, st.randoms(use_true_random=False))
def test_the_order_given_does_not_matter(values, random):
    places = random.sample(range(len(values)), len(values))
    shuffled = benjamini_hochberg([values[place] for place in places])
    straight = benjamini_hochberg(values)
    assert shuffled == pytest.approx([straight[place] for place in places])


def test_holm_and_yekutieli_match_r():
    # From R: p.adjust(p, "holm"); p.adjust(p, "BY")
    assert holm(EXAMPLE) == pytest.approx((0.005, 0.048, 0.063, 0.08, 0.3))
    by_hand = [q * (1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5) for q in (0.005, 0.03, 0.035, 0.05, 0.3)]
    assert benjamini_yekutieli(EXAMPLE) == pytest.approx([min(q, 1) for q in by_hand])


@given(p_values)
def test_the_stricter_corrections_are_stricter(values):
    believable = benjamini_hochberg(values)
    for stricter in (holm(values), benjamini_yekutieli(values)):
        assert all(p <= q + 1e-12 for p, q in zip(believable, stricter, strict=True))


def test_intervals_of_picked_comparisons_are_wider():
    # Benjamini & Yekutieli 2005: level 1 - .05 R/m
    assert selected_confidence(selected=3, total=12) == pytest.approx(0.9875)
    for picked, total in ((0, 5), (6, 5)):
        with pytest.raises(Refusal):
            selected_confidence(selected=picked, total=total)
