"""NPS and eNPS: worked examples with their source, then laws for every input."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gloed.stats import (
    Caveat,
    Histogram,
    NetCounts,
    Reason,
    Refusal,
    WeightedHistogram,
    enps,
    nps,
    p_value_against,
)
from tests.stats.strategies import histograms, net_counts, scores


@pytest.mark.parametrize(
    ("classes", "confidence", "expected"),
    [
        # From R: 100 * ratesci::pairbinci(x = c(0, p, d, n), contrast = "RD", method = "Score",
        #    skew = FALSE, bcf = FALSE, level = confidence, precis = 14)$estimates[1, ]
        ((120, 50, 30), 0.95, (34.1079433, 54.5705873)),
        ((120, 50, 30), 0.90, (35.9410083, 53.1256513)),
        ((120, 50, 30), 0.99, (30.4439775, 57.2896163)),
        ((9, 0, 0), 0.95, (40.1709903, 100)),
        ((0, 3, 0), 0.95, (-56.1497032, 56.1497032)),
        ((7, 2, 1), 0.95, (4.89242316, 85.8858317)),
        ((2, 0, 0), 0.95, (-31.5239545, 100)),
    ],
)
def test_score_interval_matches_r(classes, confidence, expected):
    score = nps(NetCounts(*classes), confidence=confidence)
    assert (score.low, score.high) == pytest.approx(expected, abs=5e-8)
    assert score.method == "score"


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        # by hand: n' = 203, P' = 120.75/203, D' = 30.75/203, z = 1.959964
        ("adjusted_wald", (34.1354192, 54.5345316)),
        # From R: quantiles of the Dirichlet(120.5, 50.5, 30.5) difference by numerical integration
        ("dirichlet", (34.1377062, 54.5474016)),
    ],
)
def test_named_alternatives_match_their_reference(method, expected):
    score = nps(NetCounts(120, 50, 30), method=method)
    assert (score.low, score.high) == pytest.approx(expected, abs=5e-8)
    assert score.method == method


def test_wald_is_the_plain_formula():
    score = nps(NetCounts(120, 50, 30), method="wald")
    reach = 1.959963985 * math.sqrt((0.75 - 0.45**2) / 200)
    assert (score.low, score.high) == pytest.approx((45 - 100 * reach, 45 + 100 * reach))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        # From R: mcnemar.test(matrix(c(0, 30, 120, 50), 2), correct = FALSE)
        (0, 2.00489608e-13),
        # the level at which the interval of the same counts touches 50
        (50, 0.322881801),
    ],
)
def test_p_value_against_a_target(target, expected):
    assert p_value_against(NetCounts(120, 50, 30), target) == pytest.approx(expected, rel=1e-8)


def test_the_p_value_is_the_inversion_of_the_interval():
    p_value = p_value_against(NetCounts(120, 50, 30), 50)
    assert nps(NetCounts(120, 50, 30), confidence=1 - p_value).high == pytest.approx(50, abs=1e-9)


def test_a_target_no_score_can_reach_is_refused():
    with pytest.raises(Refusal) as refused:
        p_value_against(NetCounts(1, 1, 1), 101)
    assert refused.value.reason is Reason.BAD_SETTING


def test_scores_are_counted_in_the_classes_of_a_0_to_10_scale():
    score = nps([10, 9, 8, 7, 6, 0, None, float("nan"), 11, 7.5])
    assert (score.value, score.n) == (0.0, 6)
    assert score.caveats == (Caveat.SMALL_BASE, Caveat.MISSING_ANSWERS, Caveat.OUT_OF_RANGE)


def test_balance_is_zero_and_never_minus_zero():
    assert math.copysign(1, nps([0, 10]).value) == 1
    assert math.copysign(1, nps([7]).value) == 1


def test_two_promoters_and_a_detractor_are_not_rounded():
    assert nps(NetCounts(2, 0, 1)).value == pytest.approx(100 / 3)


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: nps([]), Reason.NO_ANSWERS),
        (lambda: nps([None, 99]), Reason.NO_ANSWERS),
        (lambda: nps(NetCounts(0, 0, 0)), Reason.NO_ANSWERS),
        (lambda: nps([9], weights=[0]), Reason.NO_ANSWERS),
        (lambda: nps(Histogram.of([1] * 5, scale=(1, 5))), Reason.WRONG_SCALE),
        (lambda: nps([9], confidence=1), Reason.BAD_CONFIDENCE),
        (lambda: nps([9], confidence=0), Reason.BAD_CONFIDENCE),
        (lambda: nps([9], confidence=math.nan), Reason.BAD_CONFIDENCE),
        (lambda: nps([9], method="bootstrap"), Reason.UNKNOWN_METHOD),
        (lambda: nps([9], method="wilson"), Reason.UNKNOWN_METHOD),
        (lambda: nps([9], weights=[-1]), Reason.NEGATIVE_WEIGHT),
        (lambda: nps([9], weights=[math.nan]), Reason.NOT_A_NUMBER),
        (lambda: nps([9], weights=[1, 2]), Reason.DIFFERENT_LENGTHS),
        (lambda: nps(NetCounts(1, 1, 1), weights=[1]), Reason.BAD_SETTING),
        (lambda: nps(["nine"]), Reason.NOT_A_NUMBER),
        (lambda: nps([[9, 10]]), Reason.NOT_A_NUMBER),
    ],
)
def test_what_cannot_be_scored_is_refused_with_a_reason(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason
    assert str(refused.value).endswith(".")


# Weighted answers: methods.md 4.3


def test_weighted_nps_matches_r():
    # From R: svymean(~z, svydesign(ids = ~1, weights = ~w, data = d)); Kish n = sum(w)^2 / sum(w^2)
    answers = [10, 7, 0, 9, 10, 8]
    score = nps(answers, weights=[1, 2, 1, 0.5, 1.5, 3])
    assert score.value == pytest.approx(22.2222222, abs=1e-7)
    assert score.standard_error == pytest.approx(25.1015314, abs=1e-7)
    assert score.effective_n == pytest.approx(4.62857143, abs=1e-8)
    assert (score.low, score.high) == pytest.approx((-40.5110628, 69.4012504), abs=1e-7)
    assert score.n == 6
    assert Caveat.WEIGHTED in score.caveats


def test_the_effective_base_is_the_smaller_of_both():
    # methods.md 4.3: sum of shares times squares over the variance is 6.26995646, Kish's is less
    score = nps([10, 7, 0, 9, 10, 8], weights=[1, 2, 1, 0.5, 1.5, 3])
    share = (1 + 0.5 + 1.5) / 9 + 1 / 9 - (2 / 9) ** 2
    assert share / (score.standard_error / 100) ** 2 == pytest.approx(6.26995646, abs=1e-7)


def test_kish_base_of_five_weights():
    # From R: sum(c(1,1,2,2,4))^2 / sum(c(1,1,2,2,4)^2); all alike, so the variance says nothing
    score = nps([10] * 5, weights=[1, 1, 2, 2, 4])
    assert score.effective_n == pytest.approx(3.84615385, abs=1e-8)
    assert score.standard_error == 0


def test_one_weighted_answer_has_no_standard_error():
    score = nps([10], weights=[2.5])
    assert (score.standard_error, score.effective_n) == (None, 1.0)


def test_answers_of_weight_zero_are_dropped_first():
    with_zero = nps([10, 7, 0, 3, None], weights=[1, 2, 1, 0, 0])
    assert with_zero == nps([10, 7, 0], weights=[1, 2, 1])


@given(st.lists(st.tuples(st.integers(0, 10), st.floats(0.1, 9)), min_size=2, max_size=20))
def test_equal_parts_merge_into_the_weighted_whole(rows):
    half = len(rows) // 2
    parts = [
        WeightedHistogram.from_scores([r[0] for r in part], [r[1] for r in part])
        for part in (rows[:half], rows[half:])
    ]
    whole = nps([r[0] for r in rows], weights=[r[1] for r in rows])
    merged = nps(parts[0] + parts[1])
    assert (merged.value, merged.low, merged.high, merged.effective_n) == pytest.approx(
        (whole.value, whole.low, whole.high, whole.effective_n)
    )


@given(scores(0, 10))
def test_equal_weights_change_nothing_but_the_variance_correction(ratings):
    plain, weighted = nps(ratings), nps(ratings, weights=[2.5] * len(ratings))
    assert weighted.value == pytest.approx(plain.value, abs=1e-9)
    assert weighted.effective_n <= len(ratings) * (1 + 1e-9)


# eNPS


def test_enps_snapshot_matches_r():
    # From R: svymean(~x, svydesign(ids = ~1, data = d, fpc = ~N)), N = 80
    score = enps(NetCounts(30, 20, 10), head_count=80)
    assert score.value == pytest.approx(33.3333333, abs=1e-7)
    assert score.standard_error == pytest.approx(4.85185425, abs=1e-8)
    assert score.effective_n == pytest.approx(240)
    assert Caveat.FINITE_POPULATION in score.caveats
    wide = nps(NetCounts(120, 80, 40))
    assert (score.low, score.high) == pytest.approx((wide.low, wide.high))


def test_enps_of_everybody_has_no_sampling_error():
    score = enps(NetCounts(30, 20, 10), head_count=60)
    assert (score.low, score.value, score.high) == pytest.approx((100 / 3,) * 3)
    assert Caveat.WHOLE_POPULATION in score.caveats


def test_enps_without_head_count_is_an_nps():
    assert enps(NetCounts(30, 20, 10)) == nps(NetCounts(30, 20, 10))


def test_weighted_and_single_answers_keep_an_honest_error_in_a_snapshot():
    assert enps([9], head_count=10).standard_error is None
    weighted = enps([9, 3, 8], weights=[1, 2, 1], head_count=6)
    plain = nps([9, 3, 8], weights=[1, 2, 1])
    assert weighted.standard_error == pytest.approx(plain.standard_error * math.sqrt(0.5))


@pytest.mark.parametrize("heads", [59, 0, math.nan])
def test_more_answers_than_heads_are_refused(heads):
    with pytest.raises(Refusal) as refused:
        enps(NetCounts(30, 20, 10), head_count=heads)
    assert refused.value.reason is Reason.IMPOSSIBLE_COUNTS


# Laws


@given(net_counts, st.sampled_from(["score", "wald", "adjusted_wald"]))
def test_the_score_lies_inside_its_own_interval(counts, method):
    score = nps(counts, method=method)
    assert -100 <= score.low <= score.value <= score.high <= 100


@settings(max_examples=20, deadline=None)
@given(net_counts)
def test_the_posterior_interval_stays_on_the_scale(counts):
    score = nps(counts, method="dirichlet")
    assert -100 <= score.low <= score.value <= score.high <= 100


@given(net_counts)
def test_mirrored_answers_mirror_the_interval(counts):
    score, mirror = nps(counts), nps(counts.mirrored())
    assert (mirror.low, mirror.value, mirror.high) == pytest.approx(
        (-score.high, -score.value, -score.low), abs=1e-7
    )


@given(net_counts)
def test_the_interval_is_never_without_width(counts):
    score = nps(counts)
    assert score.high - score.low > 0


@given(histograms(0, 10), histograms(0, 10))
def test_merged_histograms_score_like_the_whole(first, second):
    merged, whole = nps(first + second), NetCounts.from_histogram(first)
    whole += NetCounts.from_histogram(second)
    assert (merged.low, merged.value, merged.high) == pytest.approx(
        (nps(whole).low, nps(whole).value, nps(whole).high), abs=1e-9
    )


@given(scores(0, 10), st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(ratings, random):
    shuffled = random.sample(ratings, len(ratings))
    assert nps(shuffled) == nps(ratings)


@given(net_counts, st.floats(0.5, 0.98))
def test_more_confidence_is_wider(counts, confidence):
    narrow, wide = nps(counts, confidence=confidence), nps(counts, confidence=confidence + 0.01)
    assert wide.low <= narrow.low + 1e-9
    assert wide.high >= narrow.high - 1e-9


def test_answers_already_in_classes_are_taken_as_they_are():
    classed = Histogram((-1, 0, 1), (30, 50, 120))
    assert nps(classed) == nps(NetCounts(120, 50, 30))
