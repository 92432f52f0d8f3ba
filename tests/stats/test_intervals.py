"""The multinomial score interval and its alternatives, on tables of groups."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.stats import (
    Reason,
    Refusal,
    adjusted_wald_interval,
    dirichlet_interval,
    score_interval,
    wald_interval,
    wilson_interval,
)
from gloed.stats.dirichlet import net_cdf
from gloed.stats.intervals import constrained_variance, interval, score_statistic
from gloed.stats.solving import bracketed_roots
from tests.stats.strategies import histograms

Z = 1.959963984540054


def test_two_classes_give_wilson_exactly():
    # From R: prop.test(43, 60, correct = FALSE)
    assert np.ravel(score_interval([17, 43], [0, 1], Z)) == pytest.approx(
        (0.592327148, 0.814931716), abs=1e-9
    )
    assert np.ravel(wilson_interval([17, 43], [0, 1], Z)) == pytest.approx(
        (0.592327148, 0.814931716), abs=1e-9
    )


@given(st.integers(0, 200), st.integers(1, 200))
def test_wilson_agrees_with_the_score_interval(without, having):
    closed = np.ravel(wilson_interval([without, having], [0, 1], Z))
    assert closed == pytest.approx(np.ravel(score_interval([without, having], [0, 1], Z)), abs=1e-9)


@given(histograms(0, 2))
def test_three_classes_agree_with_the_general_solution(counts):
    # four points of which the outer two coincide with the closed form once the fourth is dropped
    table = np.array([counts.counts], dtype=float)
    closed = constrained_variance(table, np.array([-1.0, 0.0, 1.0]), np.array([0.3]))
    uneven = constrained_variance(table, np.array([-1.0, 1e-9, 1.0]), np.array([0.3]))
    assert uneven == pytest.approx(closed, abs=1e-6)


def test_unused_low_points_belong_to_the_scale():
    whole = np.ravel(score_interval([0, 0, 2, 5, 13], [1, 2, 3, 4, 5], Z))
    used = np.ravel(score_interval([2, 5, 13], [3, 4, 5], Z))
    assert whole[0] < used[0]
    # From R: emplik::el.test weights with the missing mass on 1, uniroot on S(mu) = qchisq(.95, 1)
    assert whole[1] == pytest.approx(used[1], abs=1e-9)


def test_all_alike_reach_down_by_the_closed_form():
    # methods.md 1.4: four answers of 5 on 1-5 have the lower limit 1 + 4 * 4 / (4 + z^2)
    low, high = score_interval([0, 0, 0, 0, 4], [1, 2, 3, 4, 5], Z)
    assert float(low) == pytest.approx(1 + 4 * 4 / (4 + Z**2), abs=1e-9)
    assert float(high) == 5


def test_a_table_is_the_same_as_its_rows():
    rows = np.array([[30, 50, 120], [1, 2, 7], [0, 0, 9], [4, 0, 0]], dtype=float)
    together = score_interval(rows, (-1, 0, 1), Z)
    apart = [score_interval(row, (-1, 0, 1), Z) for row in rows]
    assert together[0].tolist() == pytest.approx([float(low) for low, _ in apart])
    assert together[1].tolist() == pytest.approx([float(high) for _, high in apart])


def test_the_critical_value_may_differ_by_row():
    low, _ = score_interval([[30, 50, 120]] * 2, (-1, 0, 1), [1.0, 3.0])
    assert low[1] < low[0]


@given(histograms(1, 7), st.floats(1.01, 6.99))
def test_the_statistic_is_never_negative_nor_nan(counts, mean):
    statistic = score_statistic(counts.counts, counts.values, mean)
    assert (statistic >= 0).all()


@given(histograms(0, 10))
def test_the_limits_are_where_the_statistic_reaches_its_critical_value(counts):
    low, high = score_interval(counts.counts, counts.values, Z)
    for limit in (float(low), float(high)):
        if 0 < limit < 10:
            statistic = score_statistic(counts.counts, counts.values, limit)
            assert float(statistic[0]) == pytest.approx(Z**2, rel=1e-5)


def test_the_statistic_at_an_end_of_the_scale():
    assert score_statistic([1, 2, 3], (-1, 0, 1), -1.0).tolist() == [np.inf]
    assert score_statistic([3, 0, 0], (-1, 0, 1), -1.0).tolist() == [0.0]
    assert score_statistic([1, 0, 0, 2], (1, 2, 3, 4), 4.0).tolist() == [np.inf]


def test_share_under_jeffreys_prior():
    # From scipy: stats.beta.ppf([.025, .975], 43.5, 17.5)
    limits = np.ravel(dirichlet_interval([17, 43], [0, 1], Z))
    assert limits == pytest.approx((0.5944539, 0.81854443), abs=1e-8)


@pytest.mark.parametrize("counts", [(30, 50, 120), (0, 0, 4), (0, 3, 0), (2, 0, 2)])
def test_dirichlet_cdf_rises_from_nothing_to_everything(counts):
    shape = tuple(count + 0.5 for count in counts)
    levels = net_cdf(shape, np.linspace(-1, 1, 41)).tolist()
    assert levels[0] == pytest.approx(0, abs=1e-9)
    assert levels[-1] == pytest.approx(1, abs=1e-9)
    assert all(b >= a - 1e-9 for a, b in pairwise(levels))


def test_dirichlet_cdf_agrees_with_seeded_draws():
    draws = np.random.default_rng(20260301).dirichlet([2.5, 3.5, 7.5], size=200_000)
    assert float(net_cdf((2.5, 3.5, 7.5), 0.3)) == pytest.approx(
        float(np.mean(draws[:, 2] - draws[:, 0] <= 0.3)), abs=0.005
    )


@pytest.mark.parametrize(
    ("counts", "values", "reason"),
    [
        ([0, 0, 0], [-1, 0, 1], Reason.NO_ANSWERS),
        ([1, 2], [-1, 0, 1], Reason.DIFFERENT_LENGTHS),
        ([1, 2, 3], [1, 0, -1], Reason.BAD_SCALE),
        ([1], [1], Reason.BAD_SCALE),
        ([1, -2, 3], [-1, 0, 1], Reason.NEGATIVE_COUNT),
        ([1, np.nan, 3], [-1, 0, 1], Reason.NOT_A_NUMBER),
        ([1, np.inf, 3], [-1, 0, 1], Reason.NOT_A_NUMBER),
        ([1, 1e200, 3], [-1, 0, 1], Reason.IMPOSSIBLE_COUNTS),
        ([1e-300, 0, 0], [-1, 0, 1], Reason.NO_ANSWERS),
    ],
)
def test_impossible_tables_are_refused(counts, values, reason):
    with pytest.raises(Refusal) as refused:
        score_interval(counts, values, Z)
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("make", "counts", "values"),
    [
        (wilson_interval, [1, 2, 3], [-1, 0, 1]),
        (adjusted_wald_interval, [1, 2], [0, 1]),
        (adjusted_wald_interval, [1, 2, 3], [0, 1, 5]),
        (dirichlet_interval, [1, 2, 3, 4], [1, 2, 3, 4]),
    ],
)
def test_a_method_is_refused_on_a_scale_it_is_not_for(make, counts, values):
    with pytest.raises(Refusal) as refused:
        make(counts, values, Z)
    assert refused.value.reason is Reason.UNKNOWN_METHOD


def test_wald_has_no_width_when_all_agree():
    assert np.ravel(wald_interval([0, 0, 9], (-1, 0, 1), Z)).tolist() == [1, 1]


def test_interval_takes_the_method_by_name():
    named = np.ravel(interval([17, 43], [0, 1], method="wilson"))
    assert named == pytest.approx(np.ravel(wilson_interval([17, 43], [0, 1], Z)))


def test_roots_are_found_even_where_the_function_is_steep_or_flat():
    steep = bracketed_roots(
        lambda x: np.where(x < 0.7, -1e9, 1e-9), np.array([0.0]), np.array([1.0])
    )
    assert steep[0] == pytest.approx(0.7)
    flat = bracketed_roots(lambda x: (x - 0.25) ** 9, np.array([0.0]), np.array([1.0]))
    assert flat[0] == pytest.approx(0.25, abs=0.02)


def test_a_search_cut_short_gives_the_best_it_saw(monkeypatch):
    monkeypatch.setattr("gloed.stats.solving._STEPS", 3)
    near = bracketed_roots(lambda x: np.exp(x) - 2, np.array([0.0]), np.array([3.0]))
    assert near[0] == pytest.approx(np.log(2), abs=0.9)


def test_one_answer_far_out_does_not_mislead_the_search():
    # a single change of +2 among many of -1: the tilt has its root close to its pole
    counts = [0, 38, 0, 10, 1]
    statistics = [
        float(score_statistic(counts, (-2, -1, 0, 1, 2), mean)[0]) for mean in (-0.01, 0, 0.01)
    ]
    assert statistics == sorted(statistics)
    assert statistics[1] == pytest.approx(10.482, abs=1e-3)


@given(histograms(0, 10), st.floats(0.02, 0.98))
def test_the_statistic_rises_on_the_way_out(counts, part):
    mean = counts.mean
    for end in (0, 10):
        near, far = (mean + (end - mean) * step for step in (part / 2, part))
        inner, outer = (
            float(score_statistic(counts.counts, counts.values, at)[0]) for at in (near, far)
        )
        assert inner <= outer * (1 + 1e-9) + 1e-12
