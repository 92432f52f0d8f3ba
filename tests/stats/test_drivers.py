"""Themes and drivers: worked examples with their source, and what is refused."""

import numpy as np
import pytest

from gloed.stats import (
    Caveat,
    Estimate,
    OrdinalModel,
    ProportionalOdds,
    Quadrant,
    Reason,
    Refusal,
    class_values,
    key_drivers,
    lmg,
    multinomial_logit,
    nps,
    ordinal_check,
    proportional_odds,
    proportionality,
    quadrants,
    r_squared,
    relative_weights,
    sign_disagreements,
    theme_points,
    variance_inflation,
)

# methods.md 6: correlations with y .5 .4 .3, x1x2 .3, x1x3 .2, x2x3 .1
EXAMPLE = [[1, 0.5, 0.4, 0.3], [0.5, 1, 0.3, 0.2], [0.4, 0.3, 1, 0.1], [0.3, 0.2, 0.1, 1]]


def test_lmg_matches_r():
    # From R: relaimpo::calc.relimp(C, type = "lmg")
    assert r_squared(EXAMPLE) == pytest.approx(0.355963303, abs=1e-9)
    assert lmg(EXAMPLE) == pytest.approx([0.185951489, 0.109259570, 0.0607522438], abs=1e-9)


def test_a_suppressor_has_a_share():
    # From R: relaimpo::calc.relimp; r .4 and 0, between them .5
    assert lmg([[1, 0.4, 0], [0.4, 1, 0.5], [0, 0.5, 1]]) == pytest.approx(
        [0.186666667, 0.0266666667], abs=1e-9
    )


def test_relative_weights_and_vif_match_r():
    # From R: rwa::rwa; solve() of the drivers' correlations
    assert relative_weights(EXAMPLE) == pytest.approx([0.185139449, 0.109569390, 0.0612544634])
    assert variance_inflation(EXAMPLE) == pytest.approx([1.1353211, 1.10091743, 1.04357798])


def test_sampled_orders_come_close_to_all_orders():
    random = np.random.default_rng(5)
    rows = random.normal(size=(400, 13)) + random.normal(size=(400, 1))
    many = np.cov(rows, rowvar=False)
    wider = np.cov(np.column_stack([rows, random.normal(size=400)]), rowvar=False)
    exact, sampled = lmg(many), lmg(wider)
    assert sampled.sum() == pytest.approx(r_squared(wider))
    assert sampled[:12] == pytest.approx(exact, abs=0.01)


@pytest.mark.parametrize(
    ("matrix", "reason"),
    [
        ([[1]], Reason.DIFFERENT_LENGTHS),
        ([1, 2], Reason.DIFFERENT_LENGTHS),
        ([[1, np.nan], [np.nan, 1]], Reason.NOT_A_NUMBER),
        ([[1, 0], [0, 0]], Reason.NO_VARIATION),
    ],
)
def test_matrices_that_say_nothing_are_refused(matrix, reason):
    with pytest.raises(Refusal) as refused:
        lmg(matrix)
    assert refused.value.reason is reason


def answers(n=300, seed=11):
    random = np.random.default_rng(seed)
    speed, price, noise = random.normal(size=(3, n))
    return 2 * speed + 0.5 * price + noise, {
        "speed": speed,
        "price": price,
        "colour": random.normal(size=n),
    }


def test_the_strongest_driver_comes_first_with_its_doubt():
    outcome, drivers = answers()
    report = key_drivers(outcome, drivers, repeats=300)
    speed, price, colour = report.drivers
    assert speed.rank.best == speed.rank.worst == 1
    assert speed.importance.value > price.importance.value > colour.importance.value
    assert colour.importance.low <= colour.importance.value <= colour.importance.high
    assert sum(d.importance.value for d in report.drivers) == pytest.approx(
        100 * report.r_squared.value
    )
    assert report.r_squared.low < report.r_squared.value < report.r_squared.high
    assert speed.slope == pytest.approx(2, abs=0.2)
    assert speed.importance.caveats == (Caveat.ASSOCIATION_ONLY,)
    assert report == key_drivers(outcome, drivers, repeats=300)


def test_constant_drivers_are_named_and_incomplete_answers_left_out():
    outcome, drivers = answers()
    drivers["flat"] = np.ones(len(outcome))
    drivers["price"] = [None, *drivers["price"][1:]]
    report = key_drivers(outcome, drivers, repeats=20)
    assert report.constant == ("flat",)
    assert report.n == len(outcome) - 1


def test_drivers_that_cannot_be_told_apart_are_merged():
    outcome, drivers = answers()
    drivers["pace"] = drivers["speed"] + 0.05 * drivers["colour"]
    report = key_drivers(outcome, drivers, repeats=20)
    assert report.merged == (("speed", "pace"),)
    assert [d.name for d in report.drivers] == ["speed + pace", "price", "colour"]
    assert max(d.inflation for d in report.drivers) < 10
    twins = key_drivers(outcome, {"a": drivers["speed"], "b": -drivers["speed"]}, repeats=20)
    assert [d.name for d in twins.drivers] == ["a + b"]


def test_very_many_drivers_take_relative_weights():
    random = np.random.default_rng(2)
    drivers = {f"d{i}": random.normal(size=260) for i in range(21)}
    outcome = sum(drivers.values()) + random.normal(size=260)
    report = key_drivers(outcome, drivers, repeats=10)
    assert report.drivers[0].importance.method == "relative_weights"


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: key_drivers([1.0] * 99, {"a": range(99)}), Reason.TOO_FEW),
        (lambda: key_drivers([1.0] * 120, {"a": range(120)}), Reason.NO_VARIATION),
        (lambda: key_drivers(range(120), {"a": [1.0] * 120}), Reason.NO_VARIATION),
        (lambda: key_drivers(range(120), {"a": [1.0]}), Reason.DIFFERENT_LENGTHS),
        (lambda: key_drivers(range(120), {}), Reason.NO_ANSWERS),
        (lambda: key_drivers(range(120), {"a": range(120)}, confidence=1), Reason.BAD_CONFIDENCE),
        (lambda: key_drivers(range(120), {"a": range(120)}, repeats=0), Reason.BAD_SETTING),
        (lambda: r_squared(np.ones((3, 3))), Reason.NO_VARIATION),
        (lambda: variance_inflation(np.ones((3, 3))), Reason.NO_VARIATION),
        (lambda: relative_weights(np.ones((3, 3))), Reason.NO_VARIATION),
    ],
)
def test_drivers_that_cannot_be_found_are_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason


def test_a_quadrant_is_named_only_when_both_lines_are_cleared():
    weight = [Estimate(v, v - 2, v + 2, 200, "lmg") for v in (20, 10, 5, 30)]
    level = [Estimate(v, v - 0.2, v + 0.2, 200, "score") for v in (3, 3, 5, 5)]
    assert quadrants(weight, level) == (
        Quadrant.MEND_FIRST,
        Quadrant.LOW_PRIORITY,
        Quadrant.POSSIBLE_EXCESS,
        Quadrant.KEEP_UP,
    )
    with pytest.raises(Refusal):
        quadrants(weight, level[:1])


# Themes: methods.md 5.2


def test_theme_points_add_up_to_the_score():
    random = np.random.default_rng(4)
    flags = {
        "delivery": random.random(300) < 0.3,
        "price": random.random(300) < 0.4,
        "rare": [True] * 9 + [False] * 291,
    }
    ratings = random.integers(0, 11, size=300).tolist()
    values = class_values([*ratings[:-1], None])
    report = theme_points(values, flags)
    assert report.too_rare == ("rare",)
    points = report.baseline.value + sum(theme.points.value for theme in report.themes)
    assert points == pytest.approx(report.nps.value)
    assert report.nps == nps([*ratings[:-1]])
    assert set(report.mentions_by_class) == {-1, 0, 1}


def test_a_theme_that_explains_nothing_moves_nothing():
    values = np.array([1.0, 0.0, -1.0] * 40)
    report = theme_points(values, {"weather": [False] * 60 + [True] * 60})
    theme = report.themes[0]
    assert theme.points.value == pytest.approx(0, abs=1e-9)
    assert not theme.points.excludes(0)
    assert theme.points.low < 0 < theme.points.high


def test_the_unhappy_who_name_more_are_told_apart():
    values = [1.0] * 50 + [-1.0] * 50
    speed = [True] * 30 + [False] * 30 + [True] * 40
    report = theme_points(values, {"price": [False] * 40 + [True] * 60, "speed": speed})
    assert report.mentions_by_class == pytest.approx({-1: 1.8, 1: 0.8})


def test_one_theme_is_the_gap_between_with_and_without():
    # From R: sandwich::vcovHC(type = "HC3") of one dummy is sum of (e / (1 - h))^2 / n_k^2
    values = np.array([1.0] * 30 + [-1.0] * 20 + [1.0] * 10 + [-1.0] * 40)
    report = theme_points(values, {"delivery": [False] * 50 + [True] * 50})
    theme = report.themes[0]
    assert theme.effect.value == pytest.approx(-60 - 20)
    halves = [100 * values[:50], 100 * values[50:]]
    variance = sum((((h - h.mean()) / (1 - 1 / 50)) ** 2).sum() / 50**2 for h in halves)
    assert theme.effect.standard_error == pytest.approx(np.sqrt(variance))
    assert theme.points.value == pytest.approx(-40)
    # by hand: the share's own scatter, effect^2 p (1 - p)/n, beside that of the effect
    by_hand = np.sqrt(variance / 4 + 80**2 * 0.25 / 100)
    assert theme.points.standard_error == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: theme_points([], {}), Reason.NO_ANSWERS),
        (lambda: theme_points([1.0], {"a": [True, False]}), Reason.DIFFERENT_LENGTHS),
        (lambda: theme_points([1.0], {}), Reason.TOO_FEW),
        (lambda: theme_points([9.0, 3.0], {}), Reason.WRONG_SCALE),
        (lambda: theme_points([1.0, 0.0] * 30, {"a": [True] * 60}), Reason.NO_VARIATION),
        (lambda: theme_points([1.0, 0.0] * 30, {}, confidence=2), Reason.BAD_CONFIDENCE),
    ],
)
def test_themes_that_say_nothing_are_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason


# The ordinal check: methods.md 6

HOUSING = [
    # satisfaction low, medium, high by contact (low, high), type and influence (low, medium, high)
    # Madsen 1976, as MASS::housing; tower, apartment, atrium, terrace
    (21, 21, 28), (34, 22, 36), (10, 11, 36),
    (61, 23, 17), (43, 35, 40), (26, 18, 54),
    (13, 9, 10), (8, 8, 12), (6, 7, 9),
    (18, 6, 7), (15, 13, 13), (7, 5, 11),
    (14, 19, 37), (17, 23, 40), (3, 5, 23),
    (78, 46, 43), (48, 45, 86), (15, 25, 62),
    (20, 23, 20), (10, 22, 24), (7, 10, 21),
    (57, 23, 13), (31, 21, 13), (5, 6, 13),
]  # fmt: skip


def housing():
    """Classes, predictors and counts of the table above, a row per class."""
    classes, predictors, counts = [], [], []
    for place, row in enumerate(HOUSING):
        contact, kind, influence = place // 12, place // 3 % 4, place % 3
        for level, count in enumerate(row):
            classes.append(level)
            counts.append(count)
            predictors.append(
                [influence == 1, influence == 2, kind == 1, kind == 2, kind == 3, contact == 1]
            )
    return classes, np.array(predictors, dtype=float), counts


def test_proportional_odds_match_r():
    # From R: ordinal::clm(Sat ~ Infl + Type + Cont, weights = Freq, data = MASS::housing)
    classes, predictors, counts = housing()
    odds = proportional_odds(classes, predictors, counts=counts)
    assert odds.coefficients == pytest.approx(
        (0.566394, 1.288819, -0.572350, -0.366186, -1.091015, 0.360284), abs=1e-6
    )
    assert odds.thresholds[0] < odds.thresholds[1]
    assert all(error > 0 for error in odds.errors)
    # From R: deviance of MASS::polr(Sat ~ Infl + Type + Cont, ...)
    assert -2 * odds.log_likelihood == pytest.approx(3479.149, abs=5e-4)


def test_multinomial_logit_matches_r():
    # From R, Venables & Ripley 2002: nnet::multinom(Sat ~ Infl + Type + Cont, weights = Freq,
    #    data = MASS::housing), whose search stops at about 1e-4
    classes, predictors, counts = housing()
    logit = multinomial_logit(classes, predictors, counts=counts)
    assert -2 * logit.log_likelihood == pytest.approx(3470.084, abs=5e-4)
    assert logit.coefficients[0] == pytest.approx(
        (0.4464, 0.6649, -0.4357, 0.1314, -0.6666, 0.3609), abs=1e-4
    )
    assert logit.coefficients[1] == pytest.approx(
        (0.7349, 1.6126, -0.7356, -0.4080, -1.4123, 0.4818), abs=1e-4
    )
    assert logit.intercepts == pytest.approx((-0.4192, -0.1387), abs=1e-4)
    assert logit.errors[1] == pytest.approx(
        (0.1369, 0.1671, 0.1553, 0.2115, 0.2001, 0.1241), abs=1e-4
    )


def test_two_classes_have_the_log_odds_ratio_of_their_table():
    # by hand: log of (40 * 20)/(10 * 10), its error the root of the four reciprocals
    logit = multinomial_logit([0, 1, 0, 1], [[0], [0], [1], [1]], counts=[20, 10, 10, 40])
    assert logit.coefficients[0][0] == pytest.approx(np.log(8))
    assert logit.errors[0][0] == pytest.approx(np.sqrt(1 / 20 + 1 / 10 + 1 / 10 + 1 / 40))
    odds = proportional_odds([0, 1, 0, 1], [[0], [0], [1], [1]], counts=[20, 10, 10, 40])
    assert odds.coefficients[0] == pytest.approx(np.log(8))


def test_brant_matches_r():
    # From R: contingencytables::Brant_test_2xc(rbind(c(14, 10, 3, 2), c(11, 7, 8, 4)))
    counts = [14, 10, 3, 2, 11, 7, 8, 4]
    test = proportionality([0, 1, 2, 3] * 2, [[0]] * 4 + [[1]] * 4, counts=counts)
    assert test.df == 2
    assert (test.statistic, test.p_value) == pytest.approx((1.668, 0.43422), abs=5e-4)
    classes, predictors, counts = housing()
    assert proportionality(classes, predictors, counts=counts).df == 6


CROSSED = {
    # who is asked pushes passives up and promoters down: no single odds ratio fits both thresholds
    "classes": [0, 1, 2] * 2,
    "predictors": [[0.0]] * 3 + [[1.0]] * 3,
    "counts": [40, 20, 40, 10, 75, 15],
}


def test_odds_that_are_not_proportional_are_checked_class_by_class():
    check = ordinal_check(["speed"], [-1.0], **CROSSED)
    assert check.model is OrdinalModel.MULTINOMIAL_LOGIT
    assert check.proportionality.p_value < 0.001
    # by hand: promoters against detractors, log of (15 * 40)/(10 * 40)
    assert check.coefficients == pytest.approx((np.log(1.5),))
    assert check.disagreements == ("speed",)


def test_proportional_odds_are_kept_where_they_fit():
    classes, predictors, counts = housing()
    check = ordinal_check(list("abcdef"), [1, 1, 1, -1, -1, 1], classes, predictors, counts=counts)
    assert check.model is OrdinalModel.PROPORTIONAL_ODDS
    odds = proportional_odds(classes, predictors, counts=counts)
    assert (check.coefficients, check.errors) == (odds.coefficients, odds.errors)
    assert check.disagreements == ("c",)


def test_two_classes_leave_nothing_to_choose():
    check = ordinal_check(["a"], [1.0], [0, 1, 0, 1], [[0], [0], [1], [1]], counts=[9, 5, 4, 9])
    assert (check.model, check.proportionality) == (OrdinalModel.PROPORTIONAL_ODDS, None)


def test_a_different_direction_is_told():
    odds = ProportionalOdds((0.2, -0.1), (0.1, 0.1), (0.0,), -10.0)
    assert sign_disagreements(["a", "b"], [1.0, 1.0], odds) == ("b",)


@pytest.mark.parametrize(
    ("classes", "predictors", "reason"),
    [
        ([0, np.nan], [[1.0], [2.0]], Reason.NOT_A_NUMBER),
        ([0, 1], [[1.0], [np.inf]], Reason.NOT_A_NUMBER),
        ([-1, 0], [[1.0], [2.0]], Reason.BAD_SETTING),
        ([0, 0.5], [[1.0], [2.0]], Reason.BAD_SETTING),
        ([0, 1], [[1.0]], Reason.DIFFERENT_LENGTHS),
        ([0, 0], [[1.0], [2.0]], Reason.TOO_FEW),
        ([0, 2], [[1.0], [2.0]], Reason.TOO_FEW),
        ([0, 0, 1, 1], [[1.0], [2.0], [3.0], [4.0]], Reason.NO_CONVERGENCE),
        ([0, 1, 0, 1], [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.0]], Reason.NO_CONVERGENCE),
    ],
)
def test_models_that_cannot_be_fitted_are_refused(classes, predictors, reason):
    for fit in (proportional_odds, multinomial_logit):
        with pytest.raises(Refusal) as refused:
            fit(classes, predictors)
        assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: proportionality([0, 1, 0], [[1.0], [2.0], [3.0]]), Reason.TOO_FEW),
        (lambda: ordinal_check(["a"], [1.0], **CROSSED, confidence=0), Reason.BAD_CONFIDENCE),
        (lambda: ordinal_check([], [1.0], **CROSSED), Reason.DIFFERENT_LENGTHS),
        (
            lambda: multinomial_logit([0, 1], [[1.0], [1.0]], counts=[1, -1]),
            Reason.NEGATIVE_COUNT,
        ),
        (
            lambda: sign_disagreements([], [1.0], ProportionalOdds((1.0,), (1.0,), (0.0,), 0.0)),
            Reason.DIFFERENT_LENGTHS,
        ),
    ],
)
def test_checks_that_cannot_be_made_are_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("module", "fit"), [("ordinal", proportional_odds), ("multinomial", multinomial_logit)]
)
def test_a_fit_cut_short_is_refused(module, fit, monkeypatch):
    monkeypatch.setattr(f"gloed.stats.{module}._STEPS", 1)
    with pytest.raises(Refusal) as refused:
        fit([0, 1, 0, 1], [[1.0], [2.0], [3.0], [4.0]])
    assert refused.value.reason is Reason.NO_CONVERGENCE
