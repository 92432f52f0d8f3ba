"""Holes, samples without variation, rare drivers: refused in words, never a false certainty."""

import math

import numpy as np
import pytest

import gloed.stats as s
from gloed.stats import (
    ClassRevenue,
    Dispositions,
    Histogram,
    NetCounts,
    Reason,
    Refusal,
    RevenueLedger,
    Shares,
    Transitions,
    WeightedHistogram,
)

SOME = NetCounts(5, 3, 2)
NAN, INF = math.nan, math.inf
TWO, ROWS = [0, 1, 0, 1, 1], [[1], [2], [2], [3], [1]]


@pytest.mark.parametrize("hole", [None, NAN, INF, "x"])
def test_counts_with_a_hole_are_refused_in_words(hole):
    for made in (
        lambda: NetCounts(hole, 1, 1),
        lambda: Histogram((1, 2), (hole, 1)),
        lambda: Histogram((hole, 2), (1, 1)),
        lambda: WeightedHistogram((1, 2), (1, 1), (hole, 1), (1, 1)),
        lambda: Transitions(((hole, 1, 1),) * 3),
        lambda: Dispositions(hole),
        lambda: Shares(hole, 0.1),
        lambda: ClassRevenue(1, hole, 0),
        lambda: RevenueLedger(hole, 1),
    ):
        with pytest.raises(Refusal, match=r"^[A-Z].*[.]$"):
            made()


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: s.csat([1], scale=(1, NAN)), Reason.BAD_SCALE),
        (lambda: s.csat([1], scale=(1, INF)), Reason.BAD_SCALE),
        (lambda: s.csat([1], scale=(1, None)), Reason.BAD_SCALE),
        (lambda: s.csat([1], scale=(1,)), Reason.BAD_SCALE),
        (lambda: s.csat([1], scale=(1, 10**9)), Reason.BAD_SCALE),
        (lambda: s.latest_per_customer([1, 1], [1, None]), Reason.NOT_A_NUMBER),
        (lambda: s.latest_per_customer([1, 1], [1, NAN]), Reason.NOT_A_NUMBER),
        (lambda: s.suppress([None, 3]), Reason.NOT_A_NUMBER),
        (lambda: s.permutation_p_value((None, 1), (1, 1), (0, 1)), Reason.NOT_A_NUMBER),
        (lambda: s.permutation_p_value((1, 1), (1, 1), (0, None)), Reason.NOT_A_NUMBER),
        (lambda: s.posterior_nps(SOME, prior=(1, None, 1)), Reason.BAD_SETTING),
        (lambda: s.dirichlet_multinomial_log_likelihood([SOME], (1, None, 1)), Reason.BAD_SETTING),
        (lambda: s.back_test([0.1], [None]), Reason.NOT_A_NUMBER),
        (lambda: s.shrink([SOME] * 3, seed=-1), Reason.BAD_SETTING),
        (lambda: s.shrink([SOME] * 3, seed=0.5), Reason.BAD_SETTING),
        (lambda: s.nps(SOME, confidence=1e-300), Reason.BAD_CONFIDENCE),
        (lambda: s.key_drivers([1], {"a": [1]}, repeats=1000.0), Reason.BAD_SETTING),
        (lambda: s.key_drivers([1], {"a": [1]}, repeats=None), Reason.BAD_SETTING),
        (lambda: s.forecast_revenue_retention([1], [1], repeats=1e3), Reason.BAD_SETTING),
        (lambda: s.change_point([SOME] * 9, fewest=2.5), Reason.BAD_SETTING),
        (lambda: s.change_point([SOME] * 9, fewest=0), Reason.BAD_SETTING),
        (lambda: s.ordinal_check(["a"], [None], TWO, ROWS), Reason.NOT_A_NUMBER),
        (lambda: s.ordinal_check(["a"], ["up"], TWO, ROWS), Reason.NOT_A_NUMBER),
    ],
)
def test_arguments_with_a_hole_are_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason


@pytest.mark.parametrize("unit", [1e-300, 1e300])
def test_the_unit_of_weights_does_not_matter(unit):
    scores, customers, weights = [9, 7, 2, 10, 0], [1, 1, 2, 3, 4], [1, 2, 1, 3, 1]
    plain = s.repeated_respondents(scores, customers, weights=weights)
    scaled = s.repeated_respondents(scores, customers, weights=[w * unit for w in weights])
    assert (scaled.value, scaled.low, scaled.high) == pytest.approx(
        (plain.value, plain.low, plain.high), rel=1e-9
    )


@pytest.mark.parametrize(
    "values",
    [
        [1.0] * 66,  # everybody alike: rounding would give points of 1e-14 with a p-value
        [1.0] * 33 + [-1.0] * 33,  # alike wherever the theme is named: an interval of no width
    ],
)
def test_themes_of_which_no_doubt_can_be_told_are_refused(values):
    with pytest.raises(Refusal) as refused:
        s.theme_points(values, {"delivery": [True] * 33 + [False] * 33})
    assert refused.value.reason is Reason.NO_VARIATION


def test_groups_none_of_whom_could_leave_cannot_be_compared():
    with pytest.raises(Refusal) as refused:
        s.log_rank({"a": ([5, 6], [True, True]), "b": ([1, 2], [False, False])})
    assert refused.value.reason is Reason.TOO_FEW


def rare(drivers):
    """200 answers of which the rare drivers hold for one or two each."""
    random = np.random.default_rng(7)
    outcome = random.integers(0, 11, 200).astype(float)
    columns = {f"usual {i}": random.normal(size=200) for i in range(drivers - 2)}
    columns["one"], columns["two"] = np.zeros(200), np.zeros(200)
    columns["one"][5] = columns["two"][[5, 6]] = 1
    return outcome, columns


@pytest.mark.parametrize("drivers", [4, 20])
def test_a_driver_that_holds_for_one_answer_is_measured_all_the_same(drivers):
    # a third of the bootstrap samples hold none of its answers: there it explains nothing
    outcome, columns = rare(drivers)
    report = s.key_drivers(outcome, columns, repeats=60)
    assert sum(one.importance.value for one in report.drivers) == pytest.approx(
        100 * report.r_squared.value
    )
    by_name = {one.name: one.importance for one in report.drivers}
    assert by_name["one"].low == pytest.approx(0, abs=1e-9)
    assert all(0 <= one.low <= one.value <= one.high <= 100 for one in by_name.values())


def test_very_many_drivers_of_which_one_is_rare_keep_their_relative_weights():
    outcome, columns = rare(23)
    del columns["two"]
    outcome = np.tile(outcome, 2)
    report = s.key_drivers(outcome, {k: np.tile(v, 2) for k, v in columns.items()}, repeats=40)
    assert report.drivers[-1].importance.method == "relative_weights"
    assert 0 <= report.drivers[-1].importance.low <= report.drivers[-1].importance.value
