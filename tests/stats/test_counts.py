"""What a score is counted from: exact, mergeable, and nothing dropped silently."""

import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.stats import Estimate, Histogram, NetCounts, Reason, Refusal, WeightedHistogram
from gloed.stats.counts import scale_points
from tests.stats.strategies import histograms, net_counts, scores


def test_answers_are_counted_where_they_belong():
    counted = Histogram.from_scores([1, 5, 5, None, math.nan, 0, 6, 2.5], scale=(1, 5))
    assert counted == Histogram((1, 2, 3, 4, 5), (1, 0, 0, 0, 2), missing=2, out_of_range=3)


def test_an_array_of_answers_is_welcome():
    assert Histogram.from_scores(np.array([9, 10])) == Histogram.from_scores([9, 10])


@given(scores(0, 10), scores(0, 10))
def test_merging_is_counting_together(first, second):
    assert Histogram.from_scores(first) + Histogram.from_scores(second) == Histogram.from_scores(
        first + second
    )
    assert NetCounts.from_scores(first) + NetCounts.from_scores(second) == NetCounts.from_scores(
        first + second
    )


@given(histograms(1, 7))
def test_adding_nothing_changes_nothing(counted):
    assert sum([counted], start=Histogram.empty((1, 7))) == counted


@given(histograms(1, 5))
def test_turning_twice_is_not_turning(counted):
    assert counted.mirrored().mirrored() == counted
    assert counted.mirrored().mean == pytest.approx(6 - counted.mean)


@given(net_counts)
def test_net_counts_turn_too(counted):
    assert counted.mirrored().mirrored() == counted


def test_weighted_answers_turn_and_merge():
    counted = WeightedHistogram.from_scores([1, 5], [1, 2], scale=(1, 5))
    assert counted.mirrored() == WeightedHistogram.from_scores([5, 1], [1, 2], scale=(1, 5))
    assert (counted + counted).total_weight == 6


@pytest.mark.parametrize(
    "add",
    [
        lambda: Histogram.empty() + NetCounts(1, 1, 1),
        lambda: NetCounts(1, 1, 1) + 3,
        lambda: WeightedHistogram.from_scores([1], [1]) + Histogram.empty(),
    ],
)
def test_different_kinds_do_not_add(add):
    with pytest.raises(TypeError):
        add()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: Histogram((0, 1), (1,)), Reason.DIFFERENT_LENGTHS),
        (lambda: Histogram((1, 0), (1, 1)), Reason.BAD_SCALE),
        (lambda: Histogram((0,), (1,)), Reason.BAD_SCALE),
        (lambda: Histogram((0, math.nan), (1, 1)), Reason.BAD_SCALE),
        (lambda: Histogram((0, 1), (1, -1)), Reason.NEGATIVE_COUNT),
        (lambda: Histogram((0, 1), (1, math.inf)), Reason.NOT_A_NUMBER),
        (lambda: NetCounts(1, -1, 0), Reason.NEGATIVE_COUNT),
        (lambda: NetCounts(1, math.nan, 0), Reason.NOT_A_NUMBER),
        (lambda: Histogram.empty((5, 1)), Reason.BAD_SCALE),
        (lambda: scale_points((1.5, 3)), Reason.BAD_SCALE),
        (lambda: Histogram.empty((1, 5)) + Histogram.empty((0, 10)), Reason.DIFFERENT_SCALES),
        (lambda: Histogram.empty((1, 5)).mean, Reason.NO_ANSWERS),
        (lambda: NetCounts.from_histogram(Histogram.empty((1, 5))), Reason.WRONG_SCALE),
        (
            lambda: (
                WeightedHistogram.from_scores([1], [1])
                + WeightedHistogram.from_scores([1], [1], scale=(1, 5))
            ),
            Reason.DIFFERENT_SCALES,
        ),
    ],
)
def test_impossible_counts_are_refused(make, reason):
    with pytest.raises(Refusal) as refused:
        make()
    assert refused.value.reason is reason


def test_a_refusal_survives_a_process_border():
    sent = pickle.loads(pickle.dumps(Refusal(Reason.TOO_FEW, "Too few answers.")))
    assert (sent.reason, str(sent)) == (Reason.TOO_FEW, "Too few answers.")


@given(st.floats(-100, 100))
def test_an_estimate_knows_what_it_excludes(value):
    score = Estimate(0, -10, 10, 5, "score")
    assert score.excludes(value) == (abs(value) > 10)
    assert score.half_width == 10


def test_a_fact_excludes_nothing():
    fact = Estimate(85, None, None, 5, "ledger")
    assert (fact.half_width, fact.excludes(0)) == (None, False)
    assert Estimate(85, 80, None, 5, "half").half_width is None
