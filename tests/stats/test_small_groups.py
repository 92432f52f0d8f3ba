"""Small groups: shrinkage, probabilities, ranks and what comes back by itself."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gloed.stats import (
    Caveat,
    NetCounts,
    RankRange,
    Reason,
    Refusal,
    can_be_ranked,
    dirichlet_multinomial_log_likelihood,
    expected_returns,
    fit_dirichlet_multinomial,
    nps,
    posterior_nps,
    probability_better,
    rank_estimates,
    rank_groups,
    regression_to_mean,
    shrink,
    spread_between,
)
from tests.stats.strategies import whole_net_counts

TEAMS = [
    NetCounts(30, 10, 10),
    NetCounts(6, 9, 5),
    NetCounts(12, 4, 4),
    NetCounts(5, 8, 7),
    NetCounts(25, 10, 15),
]


def test_likeliest_dirichlet_matches_r():
    # From R: dirmult::dirmult(...), VGAM::vglm(X ~ 1, dirmultinomial); flat, compared to 1e-3
    fitted = fit_dirichlet_multinomial(TEAMS)
    assert fitted == pytest.approx((62.37, 34.18, 33.67), rel=1e-3)
    best = dirichlet_multinomial_log_likelihood(TEAMS, fitted)
    assert best == pytest.approx(-167.597515, abs=1e-6)


def test_posterior_with_a_known_prior_matches_reference():
    # methods.md 3.1: alpha (20, 10, 8) + 5/1/4
    score = posterior_nps(NetCounts(5, 1, 4), prior=(20, 10, 8))
    assert (score.value, score.low, score.high) == pytest.approx(
        (27.0833333, 2.89550547, 49.5077213), abs=5e-8
    )


def test_shrunk_scores_lie_between_raw_and_all():
    pooled = nps(sum(TEAMS[1:], start=TEAMS[0])).value
    for raw, pulled in zip((nps(team) for team in TEAMS), shrink(TEAMS), strict=True):
        low, high = sorted((raw.value, pooled))
        assert low - 1 <= pulled.value <= high + 1
        assert pulled.high - pulled.low < raw.high - raw.low
        assert pulled.seed is not None


def test_the_same_seed_gives_the_same_limits():
    assert shrink(TEAMS) == shrink(TEAMS)
    assert shrink(TEAMS, seed=1) != shrink(TEAMS, seed=2)


def test_an_empty_group_shows_the_others_and_says_so():
    *_, empty = shrink([*TEAMS, NetCounts(0, 0, 0)])
    assert empty.caveats == (Caveat.PRIOR_ONLY,)
    assert empty.n == 0
    assert empty.low < empty.value < empty.high


def test_two_groups_stay_raw():
    scores = shrink(TEAMS[:2])
    assert [score.value for score in scores] == [nps(team).value for team in TEAMS[:2]]
    assert all(Caveat.TOO_FEW_GROUPS in score.caveats for score in scores)


def test_probability_of_being_better_matches_reference():
    # methods.md 3.2: Dirichlet(30.5, 10.5, 5.5) over Dirichlet(20.5, 15.5, 10.5)
    chance = probability_better(NetCounts(30, 10, 5), NetCounts(20, 15, 10))
    assert chance == pytest.approx(0.981492424, abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(whole_net_counts, whole_net_counts)
def test_one_of_the_two_is_better(first, second):
    there, back = probability_better(first, second), probability_better(second, first)
    assert 0 <= there <= 1
    assert there + back == pytest.approx(1, abs=1e-4)


def test_teams_that_cannot_be_told_apart_are_not_ranked():
    ranges = rank_groups(TEAMS)
    assert ranges == (RankRange(1, 5),) * 5
    assert not can_be_ranked(ranges)


def test_a_clear_first_is_first():
    ranges = rank_estimates([60, 20, 22], [3, 3, 3])
    assert ranges == (RankRange(1, 1), RankRange(2, 3), RankRange(2, 3))
    assert can_be_ranked(ranges)
    assert rank_groups([NetCounts(1, 1, 1)]) == (RankRange(1, 1),)


@given(st.lists(whole_net_counts, min_size=2, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_groups_does_not_matter(groups, random):
    places = random.sample(range(len(groups)), len(groups))
    straight = rank_groups(groups)
    assert rank_groups([groups[p] for p in places]) == tuple(straight[p] for p in places)
    assert all(held.best <= held.worst for held in straight)


def test_regression_to_the_mean_matches_reference():
    # methods.md 3.4; Barnett and others 2005: rel = b^2 / (b^2 + s^2/n)
    back = regression_to_mean(
        observed=5, mean=40, n=30, answer_variance=0.60, spread_variance=10**2
    )
    assert back.reliability == pytest.approx(1 / 3, abs=1e-6)
    assert back.expected_change == pytest.approx(23.333333, abs=1e-6)
    assert back.expected == pytest.approx(28.333333, abs=1e-6)


def test_without_true_spread_all_comes_back():
    back = regression_to_mean(observed=5, mean=40, n=30, answer_variance=0.6, spread_variance=-3)
    assert (back.reliability, back.expected_change) == (0, 35)


def test_expected_returns_pull_the_extreme_towards_the_middle():
    returns = expected_returns(TEAMS)
    mean = nps(sum(TEAMS[1:], start=TEAMS[0])).value
    for team, back in zip(TEAMS, returns, strict=True):
        assert back.expected_change * (mean - nps(team).value) >= 0


def test_equal_groups_have_no_spread():
    assert spread_between([NetCounts(20, 10, 10)] * 4) < 0


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: shrink([]), Reason.NO_ANSWERS),
        (lambda: shrink([NetCounts(0, 0, 0)] * 3), Reason.NO_ANSWERS),
        (lambda: shrink([*TEAMS[:2], NetCounts(0, 0, 0)]), Reason.TOO_FEW),
        (lambda: shrink(TEAMS, confidence=2), Reason.BAD_CONFIDENCE),
        (lambda: fit_dirichlet_multinomial(TEAMS[:2]), Reason.TOO_FEW),
        (lambda: fit_dirichlet_multinomial([TEAMS[0]] * 5), Reason.NO_CONVERGENCE),
        (lambda: posterior_nps(TEAMS[0], prior=(0, 1, 1)), Reason.BAD_SETTING),
        (lambda: probability_better(TEAMS[0], NetCounts(0, 0, 0)), Reason.NO_ANSWERS),
        (lambda: rank_groups([NetCounts(0, 0, 0)]), Reason.NO_ANSWERS),
        (lambda: rank_estimates([1], [1, 2]), Reason.DIFFERENT_LENGTHS),
        (lambda: rank_estimates([1, math.nan], [1, 2]), Reason.NOT_A_NUMBER),
        (lambda: rank_estimates([1, 2], [0, 2]), Reason.NO_VARIATION),
        (lambda: spread_between(TEAMS[:1]), Reason.TOO_FEW),
        (lambda: expected_returns([NetCounts(0, 0, 0)]), Reason.NO_ANSWERS),
        (
            lambda: regression_to_mean(
                observed=1, mean=2, n=0, answer_variance=1, spread_variance=1
            ),
            Reason.NO_ANSWERS,
        ),
        (
            lambda: regression_to_mean(
                observed=1, mean=2, n=1, answer_variance=-1, spread_variance=1
            ),
            Reason.BAD_SETTING,
        ),
    ],
)
def test_what_cannot_be_said_of_small_groups_is_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason


def test_a_fit_cut_short_is_refused(monkeypatch):
    monkeypatch.setattr("gloed.stats.shrinkage._FIT_STEPS", 1)
    with pytest.raises(Refusal) as refused:
        fit_dirichlet_multinomial(TEAMS)
    assert refused.value.reason is Reason.NO_CONVERGENCE
