"""Planning a wave: worked examples with their source, and what no sample can do."""

import math

import pytest

from gloed.stats import (
    Reason,
    Refusal,
    Shares,
    answers_needed,
    detectable_change,
    invitations_needed,
    power_to_see,
)

FORTY = Shares(0.55, 0.15)


def test_answers_needed_matches_reference():
    # methods.md 2.4; statsmodels' TTestIndPower agrees within 1
    assert answers_needed(Shares(0.60, 0.15), Shares(0.63, 0.12)) == 2262
    assert answers_needed(FORTY, FORTY.raised(5)) == 3258
    assert invitations_needed(3258, response_rate=0.15) == 21720


def test_five_hundred_a_wave_show_no_less_than_12_8_points():
    # methods.md 2.4, at the variances of the 40 to 45 plan
    assert detectable_change(500, FORTY, FORTY.raised(5)) == pytest.approx(12.8, abs=0.05)
    assert detectable_change(500, FORTY) == pytest.approx(13.0, abs=0.05)


def test_power_and_answers_are_each_others_inverse():
    goal = FORTY.raised(5)
    assert power_to_see(answers_needed(FORTY, goal), FORTY, goal) == pytest.approx(0.8, abs=1e-3)


def test_the_same_people_twice_are_cheaper():
    single = answers_needed(FORTY, FORTY.raised(5))
    paired = answers_needed(FORTY, FORTY.raised(5), correlation=0.6)
    assert paired == pytest.approx(0.4 * single, abs=1)


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: FORTY.raised(0), Reason.BAD_SETTING),
        (lambda: FORTY.raised(-5), Reason.BAD_SETTING),
        (lambda: FORTY.raised(60), Reason.BAD_PROBABILITY),
        (lambda: Shares(0.9, 0.2), Reason.BAD_PROBABILITY),
        (lambda: Shares(math.nan, 0.2), Reason.BAD_PROBABILITY),
        (lambda: answers_needed(FORTY, FORTY), Reason.BAD_SETTING),
        (lambda: answers_needed(FORTY, FORTY.raised(5), power=1), Reason.BAD_PROBABILITY),
        (lambda: answers_needed(FORTY, FORTY.raised(5), correlation=1), Reason.BAD_PROBABILITY),
        (lambda: invitations_needed(10, response_rate=0), Reason.BAD_PROBABILITY),
        (lambda: invitations_needed(0, response_rate=0.1), Reason.BAD_SETTING),
        (lambda: detectable_change(0, FORTY), Reason.NO_ANSWERS),
        (lambda: power_to_see(0, FORTY, FORTY.raised(5)), Reason.NO_ANSWERS),
        (lambda: power_to_see(9, Shares(1, 0), Shares(0, 1)), Reason.NO_VARIATION),
    ],
)
def test_what_cannot_be_planned_is_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason
