"""Did the action work: worked examples with their source, and what is not an effect."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gloed.stats import (
    Caveat,
    NetCounts,
    Reason,
    Refusal,
    change_without_comparison,
    clustered_difference,
    difference,
    difference_in_differences,
    parallel_trends,
    placebo_rank,
    regression_to_mean,
)
from tests.stats.strategies import whole_net_counts


def did(treated_before, treated_after, control_before, control_after):
    return difference_in_differences(
        treated_before=treated_before,
        treated_after=treated_after,
        control_before=control_before,
        control_after=control_after,
    )


def test_two_by_two_matches_reference():
    # methods.md 8.1; (a - b) - (c - d) and the root of the four variances by hand
    effect = did(
        NetCounts(50, 30, 40), NetCounts(70, 30, 30), NetCounts(60, 40, 30), NetCounts(62, 38, 32)
    )
    assert effect.value == pytest.approx(22.7855478, abs=1e-7)
    assert effect.standard_error == pytest.approx(14.5946448, abs=1e-7)
    assert effect.low < 0 < effect.value < effect.high
    assert 0.05 < effect.p_value < 0.2
    assert effect.n == 512


@settings(max_examples=40, deadline=None)
@given(whole_net_counts, whole_net_counts, whole_net_counts, whole_net_counts)
def test_test_and_interval_agree(a, b, c, d):
    effect = did(a, b, c, d)
    assume(abs(effect.p_value - 0.05) > 1e-6)
    assert effect.excludes(0) == (effect.p_value < 0.05)


def test_no_effect_and_a_sure_one():
    same = NetCounts(10, 10, 10)
    assert did(same, same, same, same).p_value == 1
    sure = did(
        NetCounts(0, 0, 4000), NetCounts(4000, 0, 0), NetCounts(4000, 0, 0), NetCounts(0, 0, 4000)
    )
    assert sure.p_value == 0


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ((1, 1, 0, 1), Reason.NO_COMPARISON_GROUP),
        ((1, 1, 1, 0), Reason.NO_COMPARISON_GROUP),
        ((0, 1, 1, 1), Reason.NO_ANSWERS),
        ((1, 0, 1, 1), Reason.NO_ANSWERS),
    ],
)
def test_without_both_arms_there_is_no_effect(cells, reason):
    with pytest.raises(Refusal) as refused:
        did(*(NetCounts(n, n, n) for n in cells))
    assert refused.value.reason is reason


def panel(teams, per_cell, seed=3):
    random = np.random.default_rng(seed)
    rows = [
        (team, team % 2 == 0, after, float(value))
        for team in range(teams)
        for after in (False, True)
        for value in random.choice([-1, 0, 1], size=per_cell)
    ]
    return {
        "values": [row[3] for row in rows],
        "treated": [row[1] for row in rows],
        "after": [row[2] for row in rows],
        "teams": [row[0] for row in rows],
    }


def test_clustered_value_is_the_difference_of_differences():
    data = panel(8, 5)
    mean = {
        (arm, post): np.mean(
            [
                v
                for v, t, a in zip(data["values"], data["treated"], data["after"], strict=True)
                if (t, a) == (arm, post)
            ]
        )
        for arm in (False, True)
        for post in (False, True)
    }
    effect = clustered_difference(**data)
    by_hand = mean[True, True] - mean[True, False] - mean[False, True] + mean[False, False]
    assert effect.value == pytest.approx(100 * by_hand)
    assert effect.method == "clustered_cr2"
    assert effect.caveats == (Caveat.FEW_CLUSTERS,)
    assert effect.effective_n == 8


def test_cr2_of_a_balanced_panel_is_the_test_on_team_changes():
    # Bell & McCaffrey 2002: with equal cells CR2 is the two-sample standard error of the teams'
    # changes, and the degrees of freedom those of Imbens & Kolesar 2016 for G0 + G1 teams
    data = panel(10, 4)
    values = np.array(data["values"]).reshape(10, 2, 4).mean(axis=2)
    change = values[:, 1] - values[:, 0]
    arms = change[0::2], change[1::2]
    error = math.sqrt(sum(arm.var(ddof=1) / len(arm) for arm in arms))
    effect = clustered_difference(**data)
    assert effect.standard_error == pytest.approx(100 * error)
    assert (effect.high - effect.value) / effect.standard_error == pytest.approx(2.306004, abs=1e-5)


def test_many_teams_use_cr1():
    # sandwich::vcovCL(type = "HC1"): G/(G-1) (N-1)/(N-k) times the sum of squared team scores
    data = panel(40, 3)
    effect = clustered_difference(**data)
    design = np.column_stack(
        [
            np.ones(240),
            data["treated"],
            data["after"],
            np.logical_and(data["treated"], data["after"]),
        ]
    ).astype(float)
    y = np.array(data["values"])
    beta = np.linalg.lstsq(design, y, rcond=None)[0]
    scores = (design * (y - design @ beta)[:, None]).reshape(40, 6, 4).sum(axis=1)
    bread = np.linalg.inv(design.T @ design)
    variance = 40 / 39 * 239 / 236 * (bread @ (scores.T @ scores) @ bread)[3, 3]
    assert effect.standard_error == pytest.approx(100 * math.sqrt(variance))
    assert effect.method == "clustered_cr1"
    assert effect.caveats == ()


@pytest.mark.parametrize("teams", [8, 40])
@pytest.mark.parametrize("moved", [0.0, 1.0])
def test_teams_that_agree_wholly_are_no_certainty(teams, moved):
    # every residual is 0: a zero-width interval around the change would claim to be sure of it
    data = panel(teams, 2)
    data["values"] = [
        moved if t and a else 0.0 for t, a in zip(data["treated"], data["after"], strict=True)
    ]
    with pytest.raises(Refusal) as refused:
        clustered_difference(**data)
    assert refused.value.reason is Reason.NO_VARIATION


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"treated": [True] * 80}, Reason.NO_COMPARISON_GROUP),
        ({"teams": ["x", "y"] * 40}, Reason.IMPOSSIBLE_COUNTS),
        ({"after": [True] * 80}, Reason.NO_ANSWERS),
        ({"after": [True]}, Reason.DIFFERENT_LENGTHS),
        ({"after": [None] * 80}, Reason.NOT_A_NUMBER),
        ({"treated": [2] * 80}, Reason.NOT_A_NUMBER),
    ],
)
def test_impossible_panels_are_refused(change, reason):
    data = panel(8, 5)
    if "teams" in change:
        change = {"teams": [f"{i % 5}" for i in range(80)]}
    with pytest.raises(Refusal) as refused:
        clustered_difference(**{**data, **change})
    assert refused.value.reason is reason


def test_few_teams_have_a_placebo_rank_only():
    with pytest.raises(Refusal) as refused:
        clustered_difference(**panel(6, 5))
    assert refused.value.reason is Reason.TOO_FEW
    assert placebo_rank({"A": 12, "B": 14, "C": 1, "D": 1, "E": 2}, "A") == pytest.approx(2 / 5)
    with pytest.raises(Refusal):
        placebo_rank({"A": 1}, "B")


def test_arms_that_moved_apart_before_are_flagged():
    steps = range(6)
    rising = [NetCounts(100 + 60 * s, 100, 400 - 60 * s) for s in steps]
    flat = [NetCounts(250, 100, 250)] * 6
    apart = parallel_trends(rising, flat)
    assert apart.value == pytest.approx(20, abs=1e-9)
    assert Caveat.DIVERGING_TRENDS in apart.caveats
    together = parallel_trends(flat, flat)
    assert together.caveats == ()
    assert together.p_value == pytest.approx(1)


@pytest.mark.parametrize(
    ("arms", "reason"),
    [
        (([NetCounts(1, 1, 1)] * 2, [NetCounts(1, 1, 1)] * 2), Reason.TOO_FEW),
        (([NetCounts(1, 1, 1)] * 3, [NetCounts(1, 1, 1)] * 2), Reason.DIFFERENT_LENGTHS),
    ],
)
def test_too_short_a_past_is_refused(arms, reason):
    with pytest.raises(Refusal) as refused:
        parallel_trends(*arms)
    assert refused.value.reason is reason


def test_a_change_without_comparison_tells_all_that_is_known():
    before = {"A": NetCounts(80, 40, 30), "B": NetCounts(30, 20, 50)}
    after = {"A": NetCounts(70, 30, 20), "B": NetCounts(50, 30, 90)}
    back = regression_to_mean(observed=5, mean=40, n=30, answer_variance=0.6, spread_variance=100)
    told = change_without_comparison(before, after, expected=back)
    totals = [sum(side.values(), start=NetCounts(0, 0, 0)) for side in (before, after)]
    assert told.change.value == difference(*totals).value
    assert told.change.caveats == (Caveat.NO_COMPARISON_GROUP,)
    assert told.expected_without_action is back
    assert told.parts.mix.value == pytest.approx(-11.035497, abs=1e-6)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=8))
def test_a_placebo_rank_is_a_share(changes):
    named = {str(place): change for place, change in enumerate(changes)}
    assert 1 / len(named) <= placebo_rank(named, "0") <= 1
