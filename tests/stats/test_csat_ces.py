"""CSAT and CES: worked examples with their source, polarity, and laws for every input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.stats import (
    Histogram,
    NetCounts,
    Polarity,
    Reason,
    Refusal,
    ces,
    ces_net_ease,
    ces_top3,
    csat,
    csat_mean,
    p_value_against,
)
from tests.stats.strategies import histograms


def test_top_two_share_matches_r():
    # From R: prop.test(43, 60, correct = FALSE)
    share = csat(Histogram.of([7, 5, 5, 23, 20], scale=(1, 5)))
    assert share.value == pytest.approx(100 * 43 / 60)
    assert (share.low, share.high) == pytest.approx((59.2327148, 81.4931716), abs=5e-8)


def test_top_two_of_ten_points():
    share = csat([10, 9, 8, 1], scale=(1, 10))
    assert share.value == 50


@pytest.mark.parametrize("method", ["score", "wilson"])
def test_a_share_has_one_interval_under_two_names(method):
    share = csat(Histogram.of([7, 5, 5, 23, 20], scale=(1, 5)), method=method)
    assert share.low == pytest.approx(59.2327148, abs=5e-8)


def test_mean_matches_r():
    # From R: emplik::el.test weights put into S(mu), uniroot on S(mu) = qchisq(.95, 1)
    mean = csat_mean(Histogram.of([1, 4, 10, 25, 20], scale=(1, 5)))
    assert (mean.value, mean.low, mean.high) == pytest.approx(
        (3.98333333, 3.70541788, 4.20335789), abs=5e-9
    )


def test_four_fives_do_not_prove_perfection():
    # methods.md 1.4: 1 + 4 * 4 / (4 + z^2)
    mean = csat_mean([5, 5, 5, 5])
    assert (mean.low, mean.high) == pytest.approx((3.04043665, 5), abs=5e-9)


def test_a_scale_on_which_one_is_best():
    school = [1, 1, 2, 5]
    assert csat(school, polarity="low_is_good").value == 75
    assert csat_mean(school, polarity=Polarity.LOW_IS_GOOD).value == pytest.approx(3.75)


def test_effort_mean_matches_r():
    # From R: emplik::el.test weights put into S(mu), uniroot on S(mu) = qchisq(.95, 1)
    ease = ces(Histogram.of([2, 3, 5, 10, 20, 30, 30], scale=(1, 7)))
    assert (ease.value, ease.low, ease.high) == pytest.approx(
        (5.53, 5.20858075, 5.78800293), abs=5e-9
    )


def test_original_effort_is_shown_as_ease():
    # Dixon, Freeman & Toman 2010: 1-5 effort, low is good; ease = 6 - effort
    efforts = [1, 1, 2, 3, 5]
    ease = ces(efforts, scale=(1, 5), polarity="low_is_good")
    turned = csat_mean([6 - effort for effort in efforts])
    assert (ease.value, ease.low, ease.high) == pytest.approx(
        (turned.value, turned.low, turned.high)
    )


def test_top_three_and_net_ease_of_seven_points():
    counted = Histogram.of([2, 3, 5, 10, 20, 30, 30], scale=(1, 7))
    assert ces_top3(counted).value == 80
    assert ces_net_ease(counted).value == 70
    assert ces_net_ease(counted, polarity="low_is_good").value == -70


def test_weighted_metrics_state_their_effective_base():
    ratings, weights = [5, 4, 3, 1, 5], [1, 2, 0.5, 1, 1]
    for metric in (csat, csat_mean):
        score = metric(ratings, weights=weights)
        assert score.effective_n < score.n == 5
    assert ces([7, 1], weights=[1, 3]).value == 2.5
    assert ces_top3([7, 1], weights=[1, 3]).value == pytest.approx(25)
    assert ces_net_ease([7, 1], weights=[1, 3]).value == pytest.approx(-50)


def test_a_mean_can_be_held_against_a_target():
    counted = Histogram.of([1, 4, 10, 25, 20], scale=(1, 5))
    high = csat_mean(counted, confidence=0.9).high
    assert p_value_against(counted, high, metric="csat_mean") == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: csat([]), Reason.NO_ANSWERS),
        (lambda: csat_mean([None]), Reason.NO_ANSWERS),
        (lambda: ces([1, 2], scale=(1, 5)), Reason.POLARITY_UNKNOWN),
        (lambda: ces([1, 2], polarity="downhill"), Reason.POLARITY_UNKNOWN),
        (lambda: ces_top3([1], scale=(1, 5), polarity="high_is_good"), Reason.WRONG_SCALE),
        (lambda: csat(NetCounts(1, 1, 1)), Reason.WRONG_SCALE),
        (lambda: p_value_against([1], 50, metric="happiness"), Reason.UNKNOWN_METRIC),
    ],
)
def test_what_cannot_be_scored_is_refused_with_a_reason(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason


@given(histograms(1, 7))
def test_a_mean_lies_inside_its_interval_on_the_scale(counted):
    ease = ces(counted)
    assert 1 <= ease.low <= ease.value <= ease.high <= 7
    assert ease.low < ease.high


@given(histograms(1, 7))
def test_turned_answers_turn_the_interval(counted):
    ease, hard = ces(counted), ces(counted.mirrored())
    assert (hard.low, hard.value, hard.high) == pytest.approx(
        (8 - ease.high, 8 - ease.value, 8 - ease.low), abs=1e-6
    )


@given(histograms(1, 5), st.sampled_from(["score", "wald", "dirichlet", "wilson"]))
def test_a_share_lies_inside_its_interval(counted, method):
    share = csat(counted, method=method)
    assert 0 <= share.low <= share.value <= share.high <= 100
