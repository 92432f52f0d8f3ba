"""One manner for all: results are frozen, refusals are typed and told in words, nothing is NaN."""

import dataclasses
import inspect
import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gloed.stats
from gloed.stats import (
    Band,
    ClassRevenue,
    Dispositions,
    Estimate,
    Histogram,
    Metric,
    NetCounts,
    ProportionalOdds,
    Refusal,
    RevenueLedger,
    Shares,
    Transitions,
    WeightedHistogram,
    ces,
    ces_net_ease,
    ces_top3,
    csat,
    csat_mean,
    enps,
    nps,
)
from tests.stats.strategies import scores

s = gloed.stats
NOBODY, SOME = NetCounts(0, 0, 0), NetCounts(5, 3, 2)
NAN, INF = math.nan, math.inf
ODDS = ProportionalOdds((0.1,), (0.1,), (0.0,), -1.0)
GUESS, GOAL = Shares(0.5, 0.2), Shares(0.55, 0.15)
CLASSES = {"promoters": ClassRevenue(9, 9, 1)}
LEDGER = RevenueLedger(100, 85)

REFUSED = {
    # what each public function answers to nothing, to holes and to the impossible
    "adjusted_wald_interval": [
        lambda: s.adjusted_wald_interval([0, 0, 0], (-1, 0, 1), 2),
        lambda: s.adjusted_wald_interval([1, 1, 1], (-1, 0, 1), NAN),
    ],
    "answers_needed": [
        lambda: s.answers_needed(GUESS, GUESS),
        lambda: s.answers_needed(Shares(1, 0), Shares(0, 1)),
        lambda: s.answers_needed(GUESS, GOAL, power=NAN),
        lambda: s.answers_needed(GUESS, GOAL, confidence=NAN),
    ],
    "anytime_score": [lambda: s.anytime_score([]), lambda: s.anytime_score([None])],
    "anytime_z": [lambda: s.anytime_z(NAN), lambda: s.anytime_z(INF)],
    "back_test": [
        lambda: s.back_test([], []),
        lambda: s.back_test([NAN], [True]),
        lambda: s.back_test([0.1], []),
        lambda: s.back_test([1.1], [True]),
        lambda: s.back_test([0.1], [True], confidence=1),
    ],
    "band_of": [lambda: s.band_of(Estimate(NAN, None, None, 1, "score"))],
    "benjamini_hochberg": [lambda: s.benjamini_hochberg([NAN])],
    "benjamini_yekutieli": [lambda: s.benjamini_yekutieli([NAN])],
    "can_be_ranked": [],
    "ces": [lambda: ces([]), lambda: ces([1], scale=(1, 5))],
    "ces_net_ease": [lambda: ces_net_ease([None])],
    "ces_top3": [lambda: ces_top3([])],
    "change_by_dimensions": [
        lambda: s.change_by_dimensions({("a",): SOME}, {}, ["x"]),
        lambda: s.change_by_dimensions({("a",): SOME}, {("a",): SOME}, ["x"], confidence=NAN),
    ],
    "change_point": [
        lambda: s.change_point([]),
        lambda: s.change_point([NOBODY] * 8),
        lambda: s.change_point([SOME] * 8, fewest=0),
    ],
    "change_without_comparison": [lambda: s.change_without_comparison({}, {"a": SOME})],
    "churn_rate": [lambda: s.churn_rate(start=0, end=0, new=0)],
    "class_values": [lambda: s.class_values(["good"])],
    "clustered_difference": [
        lambda: s.clustered_difference([], treated=[], after=[], teams=[]),
        lambda: s.clustered_difference([INF], treated=[True], after=[True], teams=["a"]),
    ],
    "correlation": [
        lambda: s.correlation([], []),
        lambda: s.correlation([1, 2, 3, NAN], [1, 2, 3, 4]),
        lambda: s.correlation([1, 2, 3], [1, 2]),
        lambda: s.correlation([1] * 9, range(9)),
        lambda: s.correlation(range(9), range(9), confidence=0),
    ],
    "csat": [lambda: csat([])],
    "csat_mean": [lambda: csat_mean([99])],
    "detectable_change": [
        lambda: s.detectable_change(NAN, GUESS),
        lambda: s.detectable_change(INF, GUESS),
    ],
    "difference": [lambda: s.difference([], [9]), lambda: s.difference([9], [None])],
    "difference_in_differences": [
        lambda: s.difference_in_differences(
            treated_before=SOME, treated_after=SOME, control_before=NOBODY, control_after=SOME
        )
    ],
    "dirichlet_interval": [lambda: s.dirichlet_interval([0, 0], (0, 1), 2)],
    "dirichlet_multinomial_log_likelihood": [
        lambda: s.dirichlet_multinomial_log_likelihood([], (1, 1, 1)),
        lambda: s.dirichlet_multinomial_log_likelihood([SOME], (1, 0, 1)),
        lambda: s.dirichlet_multinomial_log_likelihood([SOME], (1, 1)),
    ],
    "earned_growth": [lambda: s.earned_growth(LEDGER, earned_new=NAN)],
    "earned_growth_ratio": [lambda: s.earned_growth_ratio(LEDGER, earned_new=15)],
    "enps": [lambda: enps([]), lambda: enps(SOME, head_count=NAN)],
    "ewma_alarms": [
        lambda: s.ewma_alarms([], NOBODY, limit=3),
        lambda: s.ewma_alarms([SOME], SOME, limit=NAN),
        lambda: s.ewma_alarms([SOME], SOME, limit=-1),
    ],
    "ewma_limit": [lambda: s.ewma_limit(NAN), lambda: s.ewma_limit(INF)],
    "ewma_run_length": [lambda: s.ewma_run_length(NAN), lambda: s.ewma_run_length(INF)],
    "expected_returns": [
        lambda: s.expected_returns([]),
        lambda: s.expected_returns([SOME, NOBODY]),
    ],
    "filters_reveal_nobody": [],
    "fit_dirichlet_multinomial": [lambda: s.fit_dirichlet_multinomial([])],
    "forecast": [lambda: s.forecast(s.nps_trend([SOME] * 12), ahead=9)],
    "forecast_revenue_retention": [
        lambda: s.forecast_revenue_retention([], []),
        lambda: s.forecast_revenue_retention([0, 0], [1, 1]),
        lambda: s.forecast_revenue_retention([1, 2], [1]),
        lambda: s.forecast_revenue_retention([1, NAN], [1, 1]),
        lambda: s.forecast_revenue_retention([1, 2], [1, 1], repeats=0),
    ],
    "gross_revenue_retention": [lambda: s.gross_revenue_retention(RevenueLedger(0, 0))],
    "holm": [lambda: s.holm([2])],
    "homogeneity": [lambda: s.homogeneity([]), lambda: s.homogeneity([SOME, NOBODY])],
    "invitations_needed": [
        lambda: s.invitations_needed(0, response_rate=0.1),
        lambda: s.invitations_needed(INF, response_rate=0.1),
        lambda: s.invitations_needed(9, response_rate=NAN),
    ],
    "key_drivers": [lambda: s.key_drivers([], {}), lambda: s.key_drivers([], {"a": []})],
    "kish_base": [lambda: s.kish_base([]), lambda: s.kish_base([NAN])],
    "latest_per_customer": [lambda: s.latest_per_customer([1], [])],
    "lmg": [lambda: s.lmg([[1.0]]), lambda: s.lmg([[1, NAN], [NAN, 1]])],
    "local_level": [lambda: s.local_level([], []), lambda: s.local_level([1, 2], [INF, 1])],
    "log_rank": [lambda: s.log_rank({}), lambda: s.log_rank({"a": ([], []), "b": ([], [])})],
    "mix_and_rate": [lambda: s.mix_and_rate({}, {}), lambda: s.mix_and_rate({"a": SOME}, {})],
    "mover_p_values": [
        lambda: s.mover_p_values([[0, 0, 0]], [[1, 1, 1]], (-1, 0, 1)),
        lambda: s.mover_p_values([[1, 1, 1]] * 2, [[1, 1, 1]], (-1, 0, 1)),
    ],
    "multinomial_logit": [lambda: s.multinomial_logit([], np.zeros((0, 1)))],
    "net_revenue_retention": [lambda: s.net_revenue_retention(RevenueLedger(0, 0))],
    "nonresponse_bounds": [
        lambda: s.nonresponse_bounds(0, invited=0, answered=0),
        lambda: s.nonresponse_bounds(0, invited=INF, answered=INF),
    ],
    "nps": [lambda: nps([]), lambda: nps(NOBODY), lambda: nps([9], weights=[0])],
    "nps_trend": [
        lambda: s.nps_trend([]),
        lambda: s.nps_trend([NOBODY] * 9),
        lambda: s.nps_trend([NetCounts(1, 1, 1)] * 3),
        lambda: s.nps_trend([SOME] * 3, drift_variance=NAN),
    ],
    "ordinal_check": [lambda: s.ordinal_check([], [], [], np.zeros((0, 1)))],
    "p_value_against": [
        lambda: s.p_value_against([], 0),
        lambda: s.p_value_against(SOME, NAN),
    ],
    "paired_change": [lambda: s.paired_change(Transitions(((0, 0, 0),) * 3))],
    "parallel_trends": [
        lambda: s.parallel_trends([], []),
        lambda: s.parallel_trends([SOME] * 3, [NOBODY] * 3),
    ],
    "permutation_p_value": [
        lambda: s.permutation_p_value((0, 0), (1, 1), (0, 1)),
        lambda: s.permutation_p_value((0.5, 1), (1, 1), (0, 1)),
        lambda: s.permutation_p_value((1, 1), (1, 1, 1), (0, 1)),
    ],
    "placebo_rank": [
        lambda: s.placebo_rank({}, "a"),
        lambda: s.placebo_rank({"a": 1}, "a"),
        lambda: s.placebo_rank({"a": 1, "b": NAN}, "a"),
    ],
    "post_stratify": [lambda: s.post_stratify({}, {}), lambda: s.post_stratify({}, {"a": 1})],
    "posterior_nps": [
        lambda: s.posterior_nps(SOME, prior=(1, NAN, 1)),
        lambda: s.posterior_nps(SOME, confidence=NAN),
    ],
    "power_to_see": [lambda: s.power_to_see(NAN, GUESS, GOAL)],
    "probability_better": [lambda: s.probability_better(NOBODY, SOME)],
    "proportional_hazards": [lambda: s.proportional_hazards([], [], np.zeros((0, 1)))],
    "proportional_odds": [lambda: s.proportional_odds([], np.zeros((0, 1)))],
    "proportionality": [lambda: s.proportionality([], np.zeros((0, 1)))],
    "quadrants": [lambda: s.quadrants([], [])],
    "r_squared": [lambda: s.r_squared([[1.0]])],
    "rake": [lambda: s.rake({"a": []}, {"a": {}})],
    "rake_groups": [lambda: s.rake_groups({}, [{}])],
    "raked_score": [lambda: s.raked_score([], {"a": []}, {"a": {}})],
    "rank_estimates": [lambda: s.rank_estimates([NAN], [1])],
    "rank_groups": [lambda: s.rank_groups([NOBODY, SOME])],
    "regression_to_mean": [
        lambda: s.regression_to_mean(
            observed=NAN, mean=1, n=1, answer_variance=0.5, spread_variance=1
        ),
        lambda: s.regression_to_mean(
            observed=1, mean=NAN, n=1, answer_variance=0.5, spread_variance=1
        ),
        lambda: s.regression_to_mean(
            observed=1, mean=1, n=0, answer_variance=0.5, spread_variance=1
        ),
    ],
    "relative_weights": [lambda: s.relative_weights([[1.0]])],
    "repeated_respondents": [lambda: s.repeated_respondents([], [])],
    "response_rate": [lambda: s.response_rate(Dispositions(0))],
    "retention_rate": [lambda: s.retention_rate(start=0, end=0, new=0)],
    "revenue_at_risk": [lambda: s.revenue_at_risk({})],
    "score_interval": [
        lambda: s.score_interval([0, 0], (0, 1), 2),
        lambda: s.score_interval([1, 1], (0, NAN), 2),
        lambda: s.score_interval([1, 1], (0, 1), -2),
    ],
    "selected_confidence": [
        lambda: s.selected_confidence(selected=0, total=0),
        lambda: s.selected_confidence(selected=1, total=2, confidence=NAN),
    ],
    "shapley_parts": [lambda: s.shapley_parts([], lambda _: 0.0)],
    "shrink": [lambda: s.shrink([]), lambda: s.shrink([NOBODY])],
    "sign_disagreements": [lambda: s.sign_disagreements([], [], ODDS)],
    "spread_between": [lambda: s.spread_between([])],
    "standardised_nps": [
        lambda: s.standardised_nps({}, {}),
        lambda: s.standardised_nps({"a": SOME}, {"a": NAN}),
    ],
    "suppress": [lambda: s.suppress([-1])],
    "survival_curve": [lambda: s.survival_curve([], []), lambda: s.survival_curve([NAN], [True])],
    "theme_points": [lambda: s.theme_points([], {}), lambda: s.theme_points([INF], {})],
    "time_since_answer": [lambda: s.time_since_answer([], [None], until=date(2026, 1, 1))],
    "tipping_point": [
        lambda: s.tipping_point(0, target=0, invited=5, answered=5),
        lambda: s.tipping_point(0, target=NAN, invited=5, answered=1),
        lambda: s.tipping_point(0, target=101, invited=5, answered=1),
    ],
    "trim_weights": [lambda: s.trim_weights([]), lambda: s.trim_weights([1], cap=NAN)],
    "variance_inflation": [lambda: s.variance_inflation([[1.0]])],
    "wald_interval": [lambda: s.wald_interval([0, 0], (0, 1), 2)],
    "wilson_interval": [lambda: s.wilson_interval([0, 0], (0, 1), 2)],
}


def test_every_public_function_says_what_it_refuses():
    functions = {name for name in s.__all__ if inspect.isfunction(getattr(s, name))}
    assert functions == set(REFUSED)


@pytest.mark.parametrize("name", [name for name, asked in REFUSED.items() if asked])
def test_what_cannot_be_known_is_refused_in_words(name):
    for ask in REFUSED[name]:
        with pytest.raises(Refusal) as refused:
            ask()
        assert isinstance(refused.value.reason, s.Reason)
        assert str(refused.value)[0].isupper()
        assert str(refused.value).endswith(".")


def test_results_are_frozen_values():
    for name in s.__all__:
        kind = getattr(s, name)
        if inspect.isclass(kind) and dataclasses.is_dataclass(kind):
            assert kind.__dataclass_params__.frozen, name
            assert "__slots__" in vars(kind), name
            assert not (kind.__doc__ or "").startswith(f"{name}("), f"{name} is not described"


def test_every_function_is_described():
    for name in REFUSED:
        told = inspect.getdoc(getattr(s, name)) or ""
        assert len(told) > 60, name


def test_a_number_carries_the_version_of_its_method():
    assert nps(SOME).version == s.METHODS_VERSION


def numbers(result):
    """Every float in a result, however deep."""
    if isinstance(result, float):
        yield result
    elif dataclasses.is_dataclass(result):
        for field in dataclasses.fields(result):
            yield from numbers(getattr(result, field.name))
    elif isinstance(result, dict):
        yield from numbers(list(result.values()))
    elif isinstance(result, list | tuple):
        for part in result:
            yield from numbers(part)


TEAMS = [NetCounts(30, 10, 10), NetCounts(6, 9, 5), NetCounts(0, 0, 4), NetCounts(2, 0, 0)]
ARMS = [NetCounts(9, 0, 0), NetCounts(0, 0, 9)] * 3


@pytest.mark.parametrize(
    "result",
    [
        # unanimous, tiny and lopsided groups, where a variance is 0
        lambda: s.shrink(TEAMS),
        lambda: s.rank_groups(TEAMS),
        lambda: s.mix_and_rate({"a": TEAMS[2]}, {"b": TEAMS[3]}),
        lambda: s.change_by_dimensions({("a", "b"): TEAMS[2]}, {("c", "b"): TEAMS[3]}, ["x", "y"]),
        lambda: s.difference(TEAMS[2], TEAMS[3]),
        lambda: s.parallel_trends(ARMS, ARMS[::-1]),
        lambda: s.expected_returns(TEAMS),
        lambda: s.nps_trend([TEAMS[0], NOBODY, TEAMS[2]]),
        lambda: s.change_point([TEAMS[2]] * 4 + [TEAMS[3]] * 4 + [NOBODY] * 4),
        lambda: s.standardised_nps({"a": TEAMS[2], "b": TEAMS[3]}, {"a": 1, "b": 1}),
        lambda: s.theme_points([1.0, -1.0] * 30 + [0.0], {"a": [True, False] * 30 + [True]}),
        lambda: s.post_stratify({"a": TEAMS[2], "b": TEAMS[3]}, {"a": 1, "b": 1e9}),
        lambda: s.survival_curve([0, 0, 1], [True, True, True]),
        lambda: s.revenue_at_risk(CLASSES),
        lambda: s.back_test([0.0, 1.0], [False, True]),
        lambda: s.correlation(range(9), range(9)),
        lambda: s.forecast_revenue_retention([1e-9, 1e9], [0, 0]),
        lambda: s.kish_base([1e-200, 1e200]),
        lambda: s.paired_change(Transitions(((0, 0, 1), (0, 0, 0), (0, 0, 0)))),
    ],
)
def test_nothing_is_ever_nan(result):
    found = list(numbers(result()))
    assert all(math.isfinite(number) for number in found)


# The laws of every metric: the interval holds the score, merging is counting together, the order
# of answers does not matter, answers turned round turn the interval.

MEASURES = {
    Metric.NPS: (nps, (0, 10)),
    Metric.ENPS: (enps, (0, 10)),
    Metric.CSAT_MEAN: (csat_mean, (1, 5)),
    Metric.CES: (ces, (1, 7)),
    Metric.CES_NET_EASE: (ces_net_ease, (1, 7)),
    Metric.CES_TOP3: (ces_top3, (1, 7)),
    Metric.CSAT: (csat, (1, 5)),
}


@pytest.mark.parametrize("metric", list(MEASURES))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_laws_of_every_metric(metric, data):
    score, scale = MEASURES[metric]
    ratings = data.draw(scores(*scale))
    whole = score(ratings)
    assert whole.low <= whole.value <= whole.high
    assert whole.low < whole.high
    assert score(data.draw(st.permutations(ratings))) == whole
    cut = data.draw(st.integers(0, len(ratings)))
    parts = [Histogram.from_scores(part, scale) for part in (ratings[:cut], ratings[cut:])]
    assert score(parts[0] + parts[1]) == whole
    weighted = score(
        WeightedHistogram.from_scores([*ratings, scale[0]], [1.0] * len(ratings) + [0.0], scale)
    )
    assert weighted.value == pytest.approx(whole.value, abs=1e-9)


@pytest.mark.parametrize("metric", [Metric.CSAT_MEAN, Metric.CES, Metric.CES_NET_EASE])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_turned_answers_turn_the_score(metric, data):
    score, scale = MEASURES[metric]
    ratings = data.draw(scores(*scale))
    there, back = score(ratings), score(ratings, polarity="low_is_good")
    turn = 0 if metric is Metric.CES_NET_EASE else sum(scale)
    assert (back.low, back.value, back.high) == pytest.approx(
        (turn - there.high, turn - there.value, turn - there.low), abs=1e-6
    )


@given(st.floats(-100, 100))
def test_a_band_is_certain_of_a_fact_without_doubt(value):
    placed = s.band_of(Estimate(value, value, value, 1, "ledger"))
    assert placed.certain
    assert placed.band in Band
