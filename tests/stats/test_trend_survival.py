"""Levels over time and customers who stay: worked examples with their source."""

from datetime import date

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gloed.stats import (
    Caveat,
    ClassRevenue,
    NetCounts,
    Reason,
    Refusal,
    back_test,
    correlation,
    forecast,
    local_level,
    log_rank,
    nps_trend,
    proportional_hazards,
    revenue_at_risk,
    survival_curve,
    time_since_answer,
)

WEEKS = [
    NetCounts(10, 5, 5),
    NetCounts(12, 6, 2),
    NetCounts(0, 0, 0),
    NetCounts(6, 2, 2),
    NetCounts(15, 9, 6),
]
NILE = [
    # annual flow at Aswan 1871-1970, Cobb 1978; datasets::Nile in R
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180,
    799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833,
    701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845,
    864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676,
    649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923,
    975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
]  # fmt: skip


def test_smoothed_levels_match_r():
    # From R: KFAS SSModel(y ~ SSMtrend(1, Q = 36), H = array(s2 / n)), exact diffuse start
    trend = nps_trend(WEEKS, drift_variance=36)
    assert trend.answer_variance == pytest.approx(6025)
    assert [level.value for level in trend.levels] == pytest.approx(
        [34.8878028, 36.0694157, 35.5862949, 35.1031742, 34.327463], abs=1e-7
    )
    assert [level.standard_error**2 for level in trend.levels] == pytest.approx(
        [108.755005, 95.998931, 100.207106, 97.9534395, 100.965572], abs=1e-5
    )
    assert trend.levels[2].n == 0


def test_likeliest_drift_matches_the_published_nile_series():
    # Durbin & Koopman 2012: 1469.18 beside an observation variance of 15098.5
    level = local_level(NILE, np.full(100, 15098.5))
    assert level.drift_variance == pytest.approx(1469.18, abs=0.5)
    # a hand-made scan: no other drift is likelier
    for drift in (0, 700, 1400, 1540, 3000):
        assert local_level(NILE, np.full(100, 15098.5), drift_variance=drift).log_likelihood <= (
            level.log_likelihood
        )


def test_calm_weeks_draw_a_flat_line():
    trend = nps_trend([NetCounts(20, 10, 10)] * 12)
    assert trend.is_flat
    assert {round(level.value, 9) for level in trend.levels} == {25.0}


def test_a_late_start_is_filled_backwards():
    trend = nps_trend([NetCounts(0, 0, 0), *WEEKS], drift_variance=36)
    first, second = trend.levels[:2]
    assert first.value == second.value
    assert first.standard_error**2 == pytest.approx(second.standard_error**2 + 36)


def test_a_forecast_grows_less_sure():
    trend = nps_trend(WEEKS * 4, drift_variance=36)
    near, far = forecast(trend, ahead=1), forecast(trend, ahead=5)
    measured = forecast(trend, ahead=1, answers=50)
    assert near.value == far.value == trend.levels[-1].value
    assert near.standard_error < far.standard_error
    assert measured.standard_error**2 == pytest.approx(
        near.standard_error**2 + trend.answer_variance / 50
    )


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 30)] * 3), min_size=3, max_size=12))
def test_a_trend_turns_with_its_answers(rows):
    weeks = [NetCounts(*row) for row in rows]
    try:
        trend = nps_trend(weeks, drift_variance=25)
    except Refusal:
        return
    turned = nps_trend([week.mirrored() for week in weeks], drift_variance=25)
    assert [level.value for level in turned.levels] == pytest.approx(
        [-level.value for level in trend.levels], abs=1e-9
    )


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: nps_trend(WEEKS[:1]), Reason.TOO_FEW),
        (lambda: nps_trend([NetCounts(5, 0, 0)] * 5), Reason.NO_VARIATION),
        (lambda: nps_trend([NetCounts(1, 1, 1)] * 3), Reason.TOO_FEW),
        (lambda: nps_trend(WEEKS, drift_variance=-1), Reason.BAD_SETTING),
        (lambda: local_level([1, 2], [1, 0]), Reason.NO_VARIATION),
        (lambda: local_level([1, 2], [1]), Reason.TOO_FEW),
        (lambda: forecast(nps_trend(WEEKS), ahead=1), Reason.TOO_FEW),
        (lambda: forecast(nps_trend(WEEKS * 4), ahead=6), Reason.TOO_FEW),
        (lambda: forecast(nps_trend(WEEKS * 4), ahead=1, answers=0), Reason.NO_ANSWERS),
    ],
)
def test_trends_that_cannot_be_drawn_are_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason


# Survival: methods.md 9.1. AML (Miller 1997) and 6-MP (Gehan 1965), as in R's survival and MASS.

MAINTAINED = (
    [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161],
    [True, True, False, True, True, False, True, True, False, True, False],
)
NOT_MAINTAINED = ([5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [True] * 5 + [False] + [True] * 6)
DRUG = (
    [10, 7, 6, 6, 6, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35],
    [True] * 9 + [False] * 12,
)
PLACEBO = ([1, 22, 3, 12, 8, 17, 2, 11, 8, 12, 2, 5, 4, 15, 8, 23, 5, 11, 4, 1, 8], [True] * 21)


def test_survival_matches_r():
    # From R: survfit(Surv(time, status) ~ 1, conf.type = "log-log"), maintained arm
    curve = survival_curve(*MAINTAINED)
    point = next(p for p in curve.points if p.time == 13)
    assert (point.share, point.low, point.high) == pytest.approx(
        (0.818182, 0.447429, 0.951162), abs=1e-6
    )
    assert (curve.median, curve.n, curve.lost) == (31, 11, 7)
    assert (curve.at(0), curve.at(13)) == (1, point.share)


def test_log_rank_matches_r():
    # From R: survdiff(Surv(time, status) ~ x, aml)
    test = log_rank({"maintained": MAINTAINED, "not": NOT_MAINTAINED})
    assert test.statistic == pytest.approx(3.396389, abs=1e-6)


def test_log_rank_of_the_6_mp_trial_matches_r():
    # From R: survdiff(Surv(time, cens) ~ treat, MASS::gehan)
    test = log_rank({"6-MP": DRUG, "control": PLACEBO})
    assert test.statistic == pytest.approx(16.792941, abs=1e-6)
    assert test.df == 1


def test_proportional_hazards_of_the_6_mp_trial_match_r():
    # From R: coxph(Surv(time, cens) ~ treat, MASS::gehan, ties = "efron")
    on_placebo = [[0]] * len(DRUG[0]) + [[1]] * len(PLACEBO[0])
    fitted = proportional_hazards(DRUG[0] + PLACEBO[0], DRUG[1] + PLACEBO[1], on_placebo)
    assert fitted.coefficients == pytest.approx((1.572125,), abs=5e-7)
    assert fitted.errors == pytest.approx((0.412397,), abs=5e-7)
    assert (fitted.n, fitted.lost) == (42, 30)


def test_turning_the_classes_turns_the_ratio():
    times, lost = [1, 4, 6, 9, 2, 3, 5, 7], [True] * 7 + [False]
    there = proportional_hazards(times, lost, [[0]] * 4 + [[1]] * 4)
    back = proportional_hazards(times, lost, [[1]] * 4 + [[0]] * 4)
    assert back.coefficients == pytest.approx([-there.coefficients[0]])
    assert (*back.errors, back.log_likelihood) == pytest.approx(
        (*there.errors, there.log_likelihood)
    )
    # Cox 1972, by hand: at equal rates whoever leaves is any of the 8, 7, 6, 5, 4, 3 still there
    alike = proportional_hazards(times, lost, [[1], [0], [1], [0], [0], [1], [1], [0]])
    assert alike.log_likelihood >= -sum(np.log(risk) for risk in range(3, 9))


def test_half_lost_is_the_median():
    # 23/24 * 22/23 * ... * 12/13 comes out a hair above one half in floating point
    curve = survival_curve(range(1, 25), [True] * 12 + [False] * 12)
    assert curve.at(12) > 0.5
    assert curve.median == 12


def test_nobody_lost_has_no_limits_and_no_median():
    curve = survival_curve([3, 4], [False, False])
    assert (curve.points, curve.median, curve.at(9)) == ((), None, 1.0)
    assert curve.caveats == (Caveat.NO_EVENTS,)


def test_everybody_lost_ends_at_nothing():
    last = survival_curve([1, 2], [True, True]).points[-1]
    assert (last.share, last.low, last.high) == (0, None, None)


def test_the_clock_starts_at_the_answer():
    answered = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 1), date(2026, 9, 1)]
    left = [date(2026, 1, 11), date(2026, 1, 1), date(2027, 1, 1), None]
    times, lost, kept = time_since_answer(answered, left, until=date(2026, 3, 1))
    assert (times, lost, kept) == ((10.0, 28.0), (True, False), (0, 2))


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: survival_curve([], []), Reason.NO_ANSWERS),
        (lambda: survival_curve([1], []), Reason.DIFFERENT_LENGTHS),
        (lambda: survival_curve([-1], [True]), Reason.NOT_A_NUMBER),
        (lambda: survival_curve([None], [True]), Reason.NOT_A_NUMBER),
        (lambda: survival_curve([np.inf], [True]), Reason.NOT_A_NUMBER),
        (lambda: log_rank({"a": ([1], [True])}), Reason.TOO_FEW),
        (lambda: proportional_hazards([1, 2], [False, False], [[0], [1]]), Reason.NO_VARIATION),
        (lambda: proportional_hazards([1, 2], [True, True], [[0]]), Reason.DIFFERENT_LENGTHS),
        (lambda: proportional_hazards([1, 2], [True] * 2, [[0], [np.nan]]), Reason.NOT_A_NUMBER),
        (lambda: proportional_hazards([1, 2], [True] * 2, [[1], [0]]), Reason.NO_CONVERGENCE),
        (lambda: proportional_hazards([1, 2], [True] * 2, [[1], [1]]), Reason.NO_CONVERGENCE),
        (lambda: log_rank({"a": ([1], [False]), "b": ([1], [False])}), Reason.NO_VARIATION),
        (
            lambda: time_since_answer([date(2026, 1, 1)], [], until=date(2026, 1, 1)),
            Reason.DIFFERENT_LENGTHS,
        ),
    ],
)
def test_lives_that_cannot_be_followed_are_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason


# Revenue at risk: methods.md 9.2

CLASSES = {
    "promoters": ClassRevenue(600, 300, 15),
    "passives": ClassRevenue(300, 200, 20),
    "detractors": ClassRevenue(100, 100, 20),
}


def test_revenue_at_risk_by_hand():
    risk = revenue_at_risk(CLASSES)
    assert risk.total.value == pytest.approx(600 * 0.05 + 300 * 0.1 + 100 * 0.2)
    assert risk.excess.value == pytest.approx(300 * 0.05 + 100 * 0.15)
    assert risk.total.low < risk.total.value < risk.total.high
    assert risk.total.caveats == (Caveat.NOT_CAUSAL_SAVING,)
    assert risk.churn["detractors"].value == 20
    assert revenue_at_risk(CLASSES) == risk


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (
            lambda: revenue_at_risk({"detractors": ClassRevenue(1, 1, 0)}),
            Reason.NO_COMPARISON_GROUP,
        ),
        (lambda: revenue_at_risk({"promoters": ClassRevenue(1, 0, 0)}), Reason.NO_ANSWERS),
        (lambda: revenue_at_risk(CLASSES, confidence=1), Reason.BAD_CONFIDENCE),
        (lambda: ClassRevenue(1, 1, 2), Reason.IMPOSSIBLE_COUNTS),
        (lambda: ClassRevenue(-1, 1, 1), Reason.NEGATIVE_COUNT),
    ],
)
def test_revenue_that_cannot_be_at_risk_is_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason


# The yearly back-test and what goes together: methods.md 9.2


def test_brier_score_and_groups_by_hand():
    chances, left = [0.0, 0.5, 0.5, 1.0], [False, True, False, False]
    test = back_test(chances, left)
    # (0 + .25 + .25 + 1)/4; the outcome's own variance 1/4 * 3/4
    assert test.brier.value == pytest.approx(0.375)
    assert test.brier_of_one_chance == pytest.approx(0.1875)
    assert [(decile.expected, decile.observed.value) for decile in test.deciles] == [
        (0, 0), (50, 50), (100, 0),
    ]  # fmt: skip
    assert [decile.fits for decile in test.deciles] == [True, True, False]
    assert not test.is_better


def test_chances_that_hold_are_better_than_one_for_all():
    random = np.random.default_rng(3)
    chances = random.uniform(size=2000)
    test = back_test(chances, random.uniform(size=2000) < chances)
    assert len(test.deciles) == 10
    assert sum(decile.observed.n for decile in test.deciles) == 2000
    assert test.is_better
    # Brier 1950: chances that are true have the score mean of p (1 - p), here 1/6
    assert test.brier.low < 1 / 6 < test.brier.high
    assert sum(decile.fits for decile in test.deciles) >= 8


def test_equal_chances_are_never_parted():
    test = back_test([0.1] * 95 + [0.2] * 5, [False] * 100)
    assert [decile.observed.n for decile in test.deciles] == [95, 5]
    assert back_test([0.3], [True]).brier.standard_error is None


def test_correlation_by_its_formula():
    # by hand: r = 29/35 from ranks with three swaps; atanh(r) -+ 1.959964/sqrt(3)
    score = correlation([1, 2, 3, 4, 5, 6, None], [2, 1, 4, 3, 6, 5, 9])
    assert score.value == pytest.approx(29 / 35)
    reach = 1.959963984540054 / np.sqrt(3)
    assert (score.low, score.high) == pytest.approx(
        (np.tanh(np.arctanh(29 / 35) - reach), np.tanh(np.arctanh(29 / 35) + reach))
    )
    assert (score.n, score.p_value < 0.05) == (6, score.excludes(0))
    assert Caveat.ASSOCIATION_ONLY in score.caveats


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=5, max_size=30))
def test_correlation_keeps_its_laws(pairs):
    first, second = zip(*pairs, strict=True)
    assume(len(set(first)) > 1)
    assume(len(set(second)) > 1)
    there = correlation(first, second)
    back = correlation([-x for x in first], second)
    assert -1 <= there.low <= there.value <= there.high <= 1
    assert (back.low, back.value, back.high) == pytest.approx(
        (-there.high, -there.value, -there.low), abs=1e-9
    )
    if abs(there.p_value - 0.05) > 1e-6:
        assert there.excludes(0) == (there.p_value < 0.05)


def test_limits_of_a_level_go_no_further_than_an_nps_can():
    # a normal level of 97 +- 6 would end at 103; a forecast of what five will say at 120
    high = nps_trend([NetCounts(10, 0, 0), NetCounts(9, 1, 0), NetCounts(11, 0, 0)])
    assert [level.high for level in high.levels] == [100, 100, 100]
    assert all(level.low < level.value < 100 for level in high.levels)
    ahead = nps_trend([NetCounts(30, 1, 0)] * 6 + [NetCounts(30, 0, 1)] * 6)
    assert forecast(ahead, ahead=3, answers=5).high == 100
    low = nps_trend([NetCounts(0, 0, 10), NetCounts(0, 1, 9)])
    assert [level.low for level in low.levels] == [-100, -100]


def test_a_group_lost_sight_of_before_anybody_left_does_not_count():
    # R survdiff: df is the number of groups with an expected number above 0, less 1
    seen = {
        "a": ([5, 6, 7, 8], [True] * 4),
        "b": ([6, 7, 9, 9], [True, True, False, False]),
    }
    expected = log_rank(seen)
    assert log_rank({**seen, "c": ([1, 1], [False, False])}) == expected
    assert log_rank({"c": ([1, 1], [False, False]), **seen}).p_value == pytest.approx(
        expected.p_value
    )
    assert expected.df == 1
