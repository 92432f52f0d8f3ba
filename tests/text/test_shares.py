"""Shares corrected for coding error: the double sampling of Tenenbein (1970)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.text.shares import Sample, corrected_share

COUNTS = st.integers(0, 200)


def test_by_hand():
    """Precision 3 of 4, 5 of 160 missed: .2 x .75 + .8 x .03125 = .175, the sample set apart."""
    found = corrected_share(200, 1_000, Sample(30, 10, 5, 155))
    assert found.value == pytest.approx(0.2 * 0.75 + 0.8 * 5 / 160)


def test_what_was_seen_is_not_estimated():
    found = corrected_share(0, 0, Sample(30, 10, 5, 155), seen=(200, 35))
    assert found.value == pytest.approx(35 / 200)


def test_a_perfect_machine_is_believed_and_one_that_misses_is_corrected_upwards():
    assert corrected_share(200, 1_000, Sample(40, 0, 0, 160)).value == pytest.approx(0.2)
    assert corrected_share(200, 1_000, Sample(40, 0, 20, 140)).value > 0.25


@given(COUNTS, COUNTS, COUNTS, COUNTS, st.integers(0, 5_000), st.integers(1, 5_000))
def test_a_share_lies_between_its_limits_and_they_between_0_and_1(a, b, c, d, coded, answers):
    if a + b + c + d == 0:
        return
    found = corrected_share(min(coded, answers), answers, Sample(a, b, c, d))
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found == corrected_share(min(coded, answers), answers, Sample(a, b, c, d))


def test_the_interval_holds_the_truth_as_often_as_it_says():
    source = np.random.default_rng(7)
    held = 0
    for _ in range(200):
        truth = source.random(3_000) < 0.12
        coded = np.where(truth, source.random(3_000) < 0.7, source.random(3_000) < 0.04)
        seen = source.choice(3_000, 200, replace=False)
        t, m = truth[seen], coded[seen]
        sample = Sample(
            int((t & m).sum()), int((~t & m).sum()), int((t & ~m).sum()), int((~t & ~m).sum())
        )
        rest = np.setdiff1d(np.arange(3_000), seen)
        found = corrected_share(int(coded[rest].sum()), len(rest), sample, seen=(200, int(t.sum())))
        held += found.low <= 0.12 <= found.high
    assert held >= 180


@pytest.mark.parametrize(("coded", "answers"), [(2, 1), (-1, 5), (0, 0)])
def test_counts_that_cannot_be_are_refused(coded, answers):
    with pytest.raises(ValueError, match="a share needs answers"):
        corrected_share(coded, answers, Sample(1, 1, 1, 1))
