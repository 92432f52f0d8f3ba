"""Differences: worked examples with their source; test and interval agree for every input."""

import pytest
from hypothesis import assume, given, settings

from gloed.stats import (
    Histogram,
    NetCounts,
    Reason,
    Refusal,
    difference,
    mover_p_values,
    permutation_p_value,
)
from gloed.stats.difference import difference_of_scored
from gloed.stats.scored import scored
from tests.stats.strategies import histograms, net_counts


def test_mover_difference_matches_reference():
    # methods.md 2.1: MOVER on ratesci's score limits; p by uniroot on the level
    change = difference(NetCounts(120, 50, 30), NetCounts(150, 40, 10))
    assert change.value == 25
    assert (change.low, change.high) == pytest.approx((12.0765270, 37.8703350), abs=5e-8)
    assert change.p_value == pytest.approx(1.949651e-04, rel=1e-6)
    assert change.n == 400
    assert change.exact_p_value is None


def test_exact_permutation_matches_r():
    # From R: coin::oneway_test(x ~ g, distribution = "exact"), 7/2/1 against 3/4/5
    change = difference(NetCounts(7, 2, 1), NetCounts(3, 4, 5))
    assert change.exact_p_value == pytest.approx(0.0437673781, abs=1e-10)


def test_permutation_of_means_counts_every_deal():
    # by hand: 4 answers over 2 + 2; 2 of 6 deals are as extreme
    assert permutation_p_value((2, 0), (0, 2), (0, 1)) == pytest.approx(2 / 6)


def test_differences_work_on_any_metric():
    before, after = [3, 3, 4, 5], [5, 5, 4, 4]
    change = difference(before, after, metric="csat_mean")
    assert change.value == pytest.approx(0.75)
    assert change.exact_p_value is not None
    effort = difference([1, 5], [1, 1], metric="ces", scale=(1, 5), polarity="low_is_good")
    assert effort.value == 2


def test_fractional_and_weighted_answers_have_no_exact_test():
    fractional = difference(NetCounts(7.5, 2, 1), NetCounts(3, 4, 5))
    assert fractional.exact_p_value is None
    weighted = difference_of_scored(
        scored([10, 3], weights=[1, 2]), scored([10, 9], weights=[1, 1])
    )
    assert weighted.exact_p_value is None
    single = difference_of_scored(scored([10], weights=[1]), scored([10, 9], weights=[1, 1]))
    assert single.standard_error is None


def test_no_change_has_p_one():
    assert difference(NetCounts(1, 1, 1), NetCounts(5, 5, 5)).p_value == 1


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ([], [9], Reason.NO_ANSWERS),
        ([9], [], Reason.NO_ANSWERS),
    ],
)
def test_an_empty_side_is_refused(before, after, reason):
    with pytest.raises(Refusal) as refused:
        difference(before, after)
    assert refused.value.reason is reason


def test_different_scales_are_refused():
    five, ten = Histogram.of([1] * 5, scale=(1, 5)), Histogram.of([1] * 10, scale=(1, 10))
    with pytest.raises(Refusal) as refused:
        difference(five, ten, metric="csat_mean")
    assert refused.value.reason is Reason.DIFFERENT_SCALES


def test_top_two_of_five_points_are_not_the_top_two_of_ten():
    # methods.md 1.4: never compare them
    five, ten = Histogram.of([1] * 5, scale=(1, 5)), Histogram.of([1] * 10, scale=(1, 10))
    for pair in ((five, ten), (ten, five)):
        with pytest.raises(Refusal) as refused:
            difference(*pair, metric="csat")
        assert refused.value.reason is Reason.DIFFERENT_SCALES
    assert difference(five, five, metric="csat").value == 0


def test_counts_and_answers_of_one_question_compare():
    answers, counts = [10, 9, 8, 2], NetCounts(2, 1, 1)
    classed = Histogram((-1, 0, 1), (1, 1, 2))
    for before in (answers, counts, classed):
        for after in (answers, counts, classed):
            assert difference(before, after).value == 0


@given(net_counts, net_counts)
def test_test_and_interval_agree(before, after):
    change = difference(before, after)
    assume(abs(change.p_value - 0.05) > 1e-6)
    assert change.excludes(0) == (change.p_value < 0.05)
    assert -200 <= change.low <= change.value <= change.high <= 200


@given(net_counts, net_counts)
def test_the_other_way_round_is_the_mirror(before, after):
    there, back = difference(before, after), difference(after, before)
    assert (back.low, back.value, back.high) == pytest.approx(
        (-there.high, -there.value, -there.low), abs=1e-6
    )
    assert back.p_value == pytest.approx(there.p_value, abs=1e-9)


@settings(max_examples=30)
@given(histograms(1, 5), histograms(1, 5))
def test_means_agree_with_their_test_too(before, after):
    change = difference(before, after, metric="csat_mean")
    assume(abs(change.p_value - 0.05) > 1e-4)
    assert change.excludes(0) == (change.p_value < 0.05)


@given(net_counts, net_counts)
def test_many_pairs_at_once_are_the_pairs_one_by_one(before, after):
    rows = [[side.detractors, side.passives, side.promoters] for side in (before, after)]
    both = mover_p_values([rows[0], rows[1]], [rows[1], rows[0]], (-1, 0, 1))
    assert both.tolist() == pytest.approx([difference(before, after).p_value] * 2, abs=1e-9)


@pytest.mark.parametrize(
    "crowd", [NetCounts(0, 0, 1e9), NetCounts(1e9, 0, 0), NetCounts(0, 0, 9), NetCounts(3, 0, 1e12)]
)
def test_a_unanimous_crowd_does_not_hide_a_sure_difference(crowd):
    few = NetCounts(10, 20, 30)
    for change in (difference(crowd, few), difference(few, crowd)):
        assert change.excludes(0)
        assert change.p_value < 0.05
