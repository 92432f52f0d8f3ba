"""The silent, the targets and the repeated: worked examples with their source."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.stats import (
    Caveat,
    Dispositions,
    NetCounts,
    Reason,
    Refusal,
    kish_base,
    latest_per_customer,
    nonresponse_bounds,
    nps,
    post_stratify,
    rake,
    rake_groups,
    raked_score,
    repeated_respondents,
    response_rate,
    tipping_point,
    trim_weights,
)

LABELS = {
    "a": ["m", "m", "f", "f", "m", "f", "f", "f"],
    "b": ["y", "o", "y", "o", "o", "y", "o", "y"],
}
TARGETS = {"a": {"m": 490, "f": 510}, "b": {"y": 350, "o": 650}}
SCORES = [9, 7, 0, 9, 9, 7, 0, 9]


def test_post_stratification_matches_r():
    # From R: svymean(~z, postStratify(design, ~h, targets)); weights 75 and 350
    targets = {"A": 300, "B": 700}
    found = post_stratify({"A": NetCounts(2, 1, 1), "B": NetCounts(1, 0, 1)}, targets)
    assert found.weights == {"A": 75, "B": 350}
    assert found.targets == targets
    score = found.score
    assert score.value == pytest.approx(7.5)
    assert score.standard_error == pytest.approx(55.9072893, abs=1e-7)
    assert score.n == 6
    # never more than Kish's base of the weights
    assert score.effective_n < (4 * 75 + 2 * 350) ** 2 / (4 * 75**2 + 2 * 350**2)
    assert -100 < score.low < score.value < score.high < 100
    weights = rake({"h": list("AAAABB")}, {"h": {"A": 300, "B": 700}}).weights
    assert weights == pytest.approx((75, 75, 75, 75, 350, 350))


def test_raking_matches_r():
    # From R: rake(d, list(~a, ~b), list(pa, pb), control = list(maxit = 2000, epsilon = 1e-13))
    fitted = rake(LABELS, TARGETS)
    assert fitted.weights[:4] == pytest.approx(
        (111.191568, 189.404216, 79.6028105, 135.595784), abs=5e-7
    )
    assert fitted.largest_error < 1e-12
    result = raked_score(SCORES, LABELS, TARGETS)
    assert result.score.value == pytest.approx(30.0595784, abs=5e-8)
    assert result.score.standard_error == pytest.approx(28.140518, abs=5e-7)
    assert result.targets == TARGETS
    assert result.weighting.effective_n == pytest.approx(kish_base(fitted.weights))
    assert result.trimming_shift is None
    assert Caveat.WEIGHTED in result.score.caveats


def test_raking_on_other_scales_and_the_other_way_round():
    ratings = [5, 4, 1, 5, 5, 3, 1, 4]
    mean = raked_score(ratings, LABELS, TARGETS, metric="csat_mean").score
    turned = raked_score(
        [6 - rating for rating in ratings],
        LABELS,
        TARGETS,
        metric="csat_mean",
        polarity="low_is_good",
    ).score
    assert (turned.value, turned.low, turned.high) == pytest.approx(
        (mean.value, mean.low, mean.high)
    )
    ten = raked_score([2 * r for r in ratings], LABELS, TARGETS, metric="csat", scale=(1, 10))
    assert 0 <= ten.score.low <= ten.score.value <= ten.score.high <= 100


def test_margins_that_pull_hard_are_still_met():
    labels = {"a": list("xxxxxxxxxy"), "b": list("pppppppqqp")}
    fitted = rake(labels, {"a": {"x": 1, "y": 9}, "b": {"p": 9.1, "q": 0.9}})
    assert fitted.largest_error < 1e-8
    together = sum(w for w, b in zip(fitted.weights, labels["b"], strict=True) if b == "q")
    assert together == pytest.approx(0.9, rel=1e-8)


def test_a_start_weight_of_zero_stays_zero():
    start = [1, 1, 1, 1, 1, 1, 1, 0]
    assert rake(LABELS, TARGETS, start=start).weights[-1] == 0
    assert raked_score(SCORES, LABELS, TARGETS, start=start).score.n == 7


def test_trimming_states_what_it_shifts():
    result = raked_score(SCORES, LABELS, TARGETS, cap=1.2)
    full = raked_score(SCORES, LABELS, TARGETS)
    assert result.trimming_shift == pytest.approx(result.score.value - full.score.value)
    assert Caveat.WEIGHTS_TRIMMED in result.score.caveats


def counted():
    """The same answers as counts per joint group."""
    groups = {}
    for a, b, score in zip(LABELS["a"], LABELS["b"], SCORES, strict=True):
        one = NetCounts.from_scores([score])
        groups[a, b] = groups[a, b] + one if (a, b) in groups else one
    return groups


def test_raking_counts_is_raking_their_answers():
    # the value and error of R's rake() as above, from four groups instead of eight answers
    found = rake_groups(counted(), list(TARGETS.values()))
    assert found.score.value == pytest.approx(30.0595784, abs=1e-6)
    assert found.score.standard_error == pytest.approx(28.140518, abs=1e-5)
    assert found.weights["m", "y"] == pytest.approx(111.191568 * 8 / 1000, rel=1e-7)
    assert sum(found.weights[g] * found.sizes[g] for g in found.weights) == pytest.approx(8)
    assert found.trimming_shift is None


@pytest.mark.parametrize("cap", [1.05, 1.2, 1.4, 5])
def test_trimming_counts_is_trimming_their_answers(cap):
    single = raked_score(SCORES, LABELS, TARGETS, cap=cap)
    found = rake_groups(counted(), list(TARGETS.values()), cap=cap)
    assert found.score.value == pytest.approx(single.score.value, abs=1e-6)
    assert found.score.low == pytest.approx(single.score.low, abs=1e-6)
    assert (found.trimming_shift or 0) == pytest.approx(single.trimming_shift, abs=1e-6)


def test_counts_that_cannot_be_raked_are_refused_by_name():
    with pytest.raises(Refusal, match="Nobody answered for: C"):
        rake_groups({("A",): NetCounts(1, 0, 0)}, [{"A": 1, "C": 2}])
    with pytest.raises(Refusal, match="no target for: B"):
        rake_groups({("A",): NetCounts(1, 0, 0), ("B",): NetCounts(1, 0, 0)}, [{"A": 1}])
    with pytest.raises(Refusal, match="one label per variable"):
        rake_groups({("A", "x"): NetCounts(1, 0, 0)}, [{"A": 1}])
    with pytest.raises(Refusal, match="Nobody has answered"):
        rake_groups({("A",): NetCounts(0, 0, 0)}, [{"A": 1}])
    with pytest.raises(Refusal, match="below the mean"):
        rake_groups({("A",): NetCounts(9, 0, 0), ("B",): NetCounts(1, 0, 0)},
                    [{"A": 1, "B": 1}], cap=0.5)  # fmt: skip


def test_trimmed_weights_keep_their_sum_and_their_cap():
    # by hand: the cap of (2, 2, 2, 10) is 2 * 4; the 2 too many go to the three others
    assert trim_weights([2, 2, 2, 10], cap=2) == pytest.approx((8 / 3, 8 / 3, 8 / 3, 8))
    # spreading lifts another above the cap: repeated, as survey::trimWeights(strict = TRUE)
    assert trim_weights([1, 3.8, 10], cap=1.0001) == pytest.approx(
        (4.93240, 4.93383, 4.93383), 1e-3
    )


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=30), st.floats(1.05, 6))
def test_trimming_is_honest_for_all_weights(weights, cap):
    trimmed = trim_weights(weights, cap=cap)
    assert sum(trimmed) == pytest.approx(sum(weights))
    assert max(trimmed) <= cap * sum(weights) / len(weights) * (1 + 1e-9)
    assert kish_base(trimmed) >= kish_base(weights) - 1e-9


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: kish_base([0, 0]), Reason.NO_ANSWERS),
        (lambda: trim_weights([0]), Reason.NO_ANSWERS),
        (lambda: trim_weights([1, 2], cap=0.9), Reason.BAD_SETTING),
        (lambda: post_stratify({"A": NetCounts(1, 0, 0)}, {"A": 1, "B": 2}), Reason.EMPTY_CELL),
        (lambda: post_stratify({"A": NetCounts(1, 0, 0)}, {}), Reason.NO_TARGET),
        (lambda: post_stratify({"A": NetCounts(1, 0, 0)}, {"A": 0}), Reason.NO_TARGET),
        (
            lambda: post_stratify({"A": NetCounts(1, 0, 0), "B": NetCounts(1, 0, 0)}, {"A": 1}),
            Reason.NO_TARGET,
        ),
        (lambda: rake({}, {}), Reason.DIFFERENT_LENGTHS),
        (lambda: rake({"a": ["x"]}, {"b": {"x": 1}}), Reason.NO_TARGET),
        (lambda: rake({"a": ["x"]}, {"a": {"x": 1, "y": 1}}), Reason.EMPTY_CELL),
        (lambda: rake({"a": ["x"]}, {"a": {"x": 1}}, start=[0]), Reason.NO_ANSWERS),
        (
            lambda: rake(LABELS, {"a": TARGETS["a"], "b": {"y": 1, "o": 1}}),
            Reason.NO_CONVERGENCE,
        ),
        (lambda: raked_score([9, None], {"a": "xx"}, {"a": {"x": 1}}), Reason.NOT_A_NUMBER),
        (lambda: raked_score([9], {"a": "xx"}, {"a": {"x": 1}}), Reason.DIFFERENT_LENGTHS),
    ],
)
def test_what_cannot_be_weighted_is_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason


def test_an_empty_target_is_named():
    with pytest.raises(Refusal, match="Nobody answered for: B, C"):
        post_stratify({"A": NetCounts(1, 0, 0)}, {"A": 1, "C": 2, "B": 1})


def test_one_raked_answer_is_possible():
    assert raked_score([9], {"a": ["x"]}, {"a": {"x": 10}}).score.standard_error == 0


# Several answers per customer: methods.md 4.5


def test_repeated_respondents_match_r():
    # From R: svymean(~z, svydesign(ids = ~c)); naive standard error 35.0382444
    scores, customers = [9, 9, 0, 7, 9, 0, 0, 9], [1, 1, 2, 2, 3, 4, 4, 5]
    score = repeated_respondents(scores, customers)
    assert score.standard_error == pytest.approx(46.8098506, abs=1e-7)
    naive = repeated_respondents(scores, range(8))
    assert naive.standard_error == pytest.approx(35.0382444, abs=1e-7)
    assert Caveat.REPEATED_RESPONDENTS in score.caveats
    assert Caveat.REPEATED_RESPONDENTS not in naive.caveats
    assert score.effective_n < naive.effective_n
    assert (score.value, naive.value) == pytest.approx((12.5, nps(scores).value))


def test_repeated_respondents_take_weights_and_other_scales():
    score = repeated_respondents(
        [5, 1, None, 3], ["x", "y", "y", "y"], metric="csat_mean", weights=[1, 1, 1, 2]
    )
    assert score.value == pytest.approx(3)
    effort = repeated_respondents(
        [1, 1], [1, 2], metric="ces", scale=(1, 5), polarity="low_is_good"
    )
    assert (effort.value, effort.high) == (5, 5)


def test_the_latest_answer_per_customer():
    assert latest_per_customer(["a", "a", "b"], [2, 1, 5]) == (0, 2)
    assert latest_per_customer(["a", "a"], [1, 1]) == (1,)


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: repeated_respondents([9, 9], [1, 1]), Reason.TOO_FEW),
        (lambda: repeated_respondents([9], [1, 1]), Reason.DIFFERENT_LENGTHS),
        (lambda: latest_per_customer([1], []), Reason.DIFFERENT_LENGTHS),
    ],
)
def test_repeated_answers_that_say_nothing_are_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason


# The silent: methods.md 4.1


def test_worst_case_bounds_match_reference():
    # Manski 1989: 20% response and NPS 40 is compatible with -72 to 88
    bounds = nonresponse_bounds(40, invited=500, answered=100)
    assert (bounds.low, bounds.high) == pytest.approx((-72, 88))
    nobody = nonresponse_bounds(0, invited=500, answered=0)
    assert (nobody.low, nobody.high) == (-100, 100)


def test_tipping_point_puts_everybodys_score_on_the_target():
    silent = tipping_point(40, target=20, invited=500, answered=100)
    assert 0.2 * 40 + 0.8 * silent == pytest.approx(20)
    assert tipping_point(40, target=-90, invited=500, answered=100) is None


def test_aapor_response_rates():
    # AAPOR Standard Definitions, RR1 to RR6, by hand
    sent = Dispositions(complete=40, partial=10, refused=5, not_reached=20, other=5, unknown=120)
    rates = [response_rate(sent, definition=d, eligible_share=0.5).value for d in range(1, 7)]
    assert rates == pytest.approx(
        [20, 25, 100 * 40 / 140, 100 * 50 / 140, 100 * 40 / 80, 100 * 50 / 80]
    )


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: nonresponse_bounds(40, invited=0, answered=0), Reason.NO_ANSWERS),
        (lambda: nonresponse_bounds(40, invited=5, answered=6), Reason.IMPOSSIBLE_COUNTS),
        (lambda: nonresponse_bounds(math.nan, invited=5, answered=5), Reason.BAD_SETTING),
        (lambda: tipping_point(40, target=0, invited=5, answered=5), Reason.IMPOSSIBLE_COUNTS),
        (lambda: response_rate(Dispositions(0)), Reason.NO_ANSWERS),
        (lambda: response_rate(Dispositions(1), definition=7), Reason.BAD_SETTING),
        (lambda: response_rate(Dispositions(1), eligible_share=2), Reason.BAD_PROBABILITY),
        (lambda: Dispositions(-1), Reason.NEGATIVE_COUNT),
    ],
)
def test_impossible_invitations_are_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason
