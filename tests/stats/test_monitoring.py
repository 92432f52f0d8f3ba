"""Looking every day: critical values against their source, alarms that can be believed."""

import math

import numpy as np
import pytest

from gloed.stats import (
    NetCounts,
    Reason,
    Refusal,
    anytime_score,
    anytime_z,
    ewma_alarms,
    ewma_limit,
    ewma_run_length,
    nps,
)

BASE = NetCounts(200, 120, 80)


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        # From R: spc::xewma.crit(.2, A, sided = "two")
        (100, 2.359552),
        (200, 2.635376),
        (370.4, 2.859338),
        (500, 2.962178),
        (1000, 3.186586),
    ],
)
def test_limits_match_the_published_package(weeks, expected):
    assert ewma_limit(weeks) == pytest.approx(expected, abs=1e-5)


def test_more_monitors_need_a_wider_limit():
    assert ewma_limit(100, monitors=10) == pytest.approx(ewma_limit(1000), abs=1e-9)


def test_limit_and_run_length_are_each_others_inverse():
    assert ewma_run_length(ewma_limit(52)) == pytest.approx(52, rel=1e-9)


def test_anytime_values_match_r():
    # From R, methods.md 2.6: w <- uniroot(function(w) w * exp(w) + a^2 * exp(-1),
    #    c(-60, -1 - 1e-9), tol = 1e-14)$root; r <- (-w - 1)/500, and the score limits of
    #    ratesci::pairbinci at level = 2 * pnorm(z) - 1
    assert anytime_z(200) == pytest.approx(3.11665076, abs=5e-9)
    score = anytime_score(NetCounts(120, 50, 30))
    assert (score.low, score.high) == pytest.approx((27.1453546, 59.5627766), abs=5e-8)


def test_anytime_critical_value_by_its_formula():
    # methods.md 2.6 (a): z^2 = (nr+1)/(nr) ln((nr+1)/a^2), r = (-W_{-1}(-a^2/e) - 1)/500;
    # with w = 500 r + 1 that branch says w - ln w = 1 - ln a^2
    r = max(x for x in np.linspace(0.001, 0.1, 9901) if 500 * x - math.log(500 * x + 1) < 5.9915)
    by_hand = (1000 * r + 1) / (1000 * r) * math.log((1000 * r + 1) / 0.0025)
    assert anytime_z(1000) ** 2 == pytest.approx(by_hand, rel=1e-3)


def test_anytime_interval_is_about_1_6_times_wider():
    counts = NetCounts(600, 250, 150)
    fixed, anytime = nps(counts), anytime_score(counts)
    ratio = (anytime.high - anytime.low) / (fixed.high - fixed.low)
    assert ratio == pytest.approx(1.6, abs=0.06)
    assert anytime.method == "anytime_score"


def test_watching_every_answer_rarely_misses():
    # methods.md 2.6: 2.8-4.6% ever miss over 5,000 looks; the fixed interval 49-57% from the 10th
    random = np.random.default_rng(7)
    runs, looks = 300, np.arange(10, 1001, 10)
    draws = random.choice([-1, 0, 1], p=[0.15, 0.3, 0.55], size=(runs, 1000))
    missed = {"fixed": 0, "anytime": 0}
    from gloed.stats import score_interval

    for name in missed:
        z = np.array([1.96 if name == "fixed" else anytime_z(n) for n in looks])
        for run in draws:
            tables = np.array(
                [[(run[:n] == v).sum() for v in (-1, 0, 1)] for n in looks], dtype=float
            )
            low, high = score_interval(tables, (-1, 0, 1), z)
            missed[name] += bool(((low > 0.4) | (high < 0.4)).any())
    assert missed["anytime"] / runs < 0.06
    assert missed["fixed"] / runs > 0.2


def test_a_drop_rings_and_stays_in_view():
    calm, worse = NetCounts(20, 12, 8), NetCounts(12, 12, 16)
    points = ewma_alarms([calm] * 5 + [worse] * 6, BASE, limit=ewma_limit(370.4))
    assert not any(point.alarm for point in points[:6])
    assert points[-1].alarm
    assert points[-1].level < points[-1].low


def test_weeks_without_answers_are_skipped():
    calm, nobody = NetCounts(20, 12, 8), NetCounts(0, 0, 0)
    points = ewma_alarms([nobody, calm, nobody, calm], BASE, limit=2.86)
    kept = ewma_alarms([calm, calm], BASE, limit=2.86)
    assert (points[1], points[3]) == kept
    assert not points[0].alarm
    assert points[2].level == points[1].level


def test_the_baselines_own_error_widens_the_limits():
    weeks = [NetCounts(20, 12, 8)] * 4
    small, large = (
        ewma_alarms(weeks, base, limit=2.86)[-1] for base in (NetCounts(20, 12, 8), BASE)
    )
    assert small.high - small.low > large.high - large.low


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: anytime_z(0), Reason.NO_ANSWERS),
        (lambda: anytime_z(10, confidence=1), Reason.BAD_CONFIDENCE),
        (lambda: anytime_score([]), Reason.NO_ANSWERS),
        (lambda: ewma_alarms([], NetCounts(0, 0, 0), limit=3), Reason.NO_ANSWERS),
        (lambda: ewma_alarms([], NetCounts(9, 0, 0), limit=3), Reason.NO_VARIATION),
        (lambda: ewma_alarms([], BASE, limit=3, smoothing=0), Reason.BAD_SETTING),
        (lambda: ewma_limit(1), Reason.BAD_SETTING),
        (lambda: ewma_limit(math.nan), Reason.BAD_SETTING),
        (lambda: ewma_run_length(0), Reason.BAD_SETTING),
    ],
)
def test_what_cannot_be_watched_is_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason


def test_limits_of_a_monitor_end_where_an_nps_ends():
    # baseline 95, weeks of three: the reach of 2.86 errors would go up to 102
    points = ewma_alarms([NetCounts(2, 1, 0)] * 3, NetCounts(95, 5, 0), limit=2.86)
    assert {point.high for point in points} == {100}
    assert [point.alarm for point in points] == [False, True, True]  # as it would without the end
    mirrored = ewma_alarms([NetCounts(0, 1, 2)] * 3, NetCounts(0, 5, 95), limit=2.86)
    assert [point.low for point in mirrored] == [-point.high for point in points]
