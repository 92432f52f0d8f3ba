"""Why it changed and since when: worked examples with their source, and laws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gloed.stats import (
    Band,
    Caveat,
    Estimate,
    NetCounts,
    Reason,
    Refusal,
    band_of,
    change_by_dimensions,
    change_point,
    difference,
    homogeneity,
    mix_and_rate,
    nps,
    shapley_parts,
    standardised_nps,
)
from tests.stats.strategies import whole_net_counts

BEFORE = {"A": NetCounts(80, 40, 30), "B": NetCounts(30, 20, 50)}
AFTER = {"A": NetCounts(70, 30, 20), "B": NetCounts(50, 30, 90)}
segments = st.fixed_dictionaries({"A": whole_net_counts, "B": whole_net_counts})


def test_mix_and_rate_match_reference():
    # methods.md 5.1; Kitagawa 1955 by hand
    parts = mix_and_rate(BEFORE, AFTER)
    assert parts.change.value == pytest.approx(-8.55172414, abs=1e-8)
    assert parts.mix.value == pytest.approx(-11.035497, abs=1e-6)
    assert parts.rate.value == pytest.approx(2.48377282, abs=1e-8)
    assert [s.mix.value for s in parts.segments] == pytest.approx(
        [-5.54447087, -5.49102609], abs=1e-8
    )
    assert [s.rate.value for s in parts.segments] == pytest.approx(
        [4.22413793, -1.74036511], abs=1e-8
    )
    assert parts.mix.low < parts.mix.value < parts.mix.high
    assert parts.rate.seed is not None
    assert parts.change == difference(
        sum(BEFORE.values(), start=NetCounts(0, 0, 0)),
        sum(AFTER.values(), start=NetCounts(0, 0, 0)),
    )
    for segment in parts.segments:
        assert segment.mix.low < segment.mix.value < segment.mix.high


@settings(max_examples=20, deadline=None)
@given(segments, segments)
def test_mix_and_rate_add_up_and_turn_around(before, after):
    there, back = mix_and_rate(before, after), mix_and_rate(after, before)
    assert there.mix.value + there.rate.value == pytest.approx(there.change.value, abs=1e-9)
    assert back.mix.value == pytest.approx(-there.mix.value, abs=1e-9)
    assert back.rate.value == pytest.approx(-there.rate.value, abs=1e-9)


def test_a_new_segment_is_all_mix():
    parts = mix_and_rate(
        {"A": NetCounts(5, 5, 5)}, {"A": NetCounts(5, 5, 5), "B": NetCounts(9, 0, 0)}
    )
    assert parts.rate.value == 0
    assert parts.mix.value == pytest.approx(parts.change.value)
    empty = {"A": NetCounts(5, 5, 5), "C": NetCounts(0, 0, 0)}
    assert [s.name for s in mix_and_rate(empty, empty).segments] == ["A"]


def test_cells_whose_answers_are_all_alike_are_not_certain():
    parts = mix_and_rate(
        {"A": NetCounts(4, 0, 0), "B": NetCounts(0, 0, 3)},
        {"A": NetCounts(5, 0, 0), "B": NetCounts(0, 2, 0)},
    )
    for part in (parts.rate, *(segment.rate for segment in parts.segments)):
        assert part.low < part.value < part.high
    cells = [{(name,): NetCounts(n, 0, 0) for name in "AB"} for n in (3, 4)]
    assert change_by_dimensions(*cells, ["team"])["rate"].high > 0


def test_the_rate_of_a_few_happy_answers_is_covered():
    # 12 answers a period over four segments of mostly promoters: half of all cells are unanimous,
    # and drawn as they stand their interval holds the true rate 3 times in 4.
    dice = np.random.default_rng(20_261_123)
    shares = [np.array([0.92, 0.06, 0.02]), np.array([0.86, 0.06, 0.08])]  # rate: -12
    held = 0
    for _ in range(150):
        sides = [
            {name: NetCounts(*map(float, dice.multinomial(3, share))) for name in "ABCD"}
            for share in shares
        ]
        rate = mix_and_rate(*sides).rate
        held += rate.low <= -12 <= rate.high
    assert held >= 0.93 * 150


def test_shapley_with_two_factors_is_kitagawa():
    # Shorrocks 2013: two factors give Kitagawa's halves
    cells = [{(name,): counts for name, counts in side.items()} for side in (BEFORE, AFTER)]
    parts = change_by_dimensions(cells[0], cells[1], ["team"])
    told = {name: part.value for name, part in parts.items()}
    assert told == pytest.approx({"team": -11.035497, "rate": 2.48377282}, abs=1e-6)
    single = mix_and_rate(BEFORE, AFTER)
    for name, alike in (("team", single.mix), ("rate", single.rate)):
        assert (parts[name].low, parts[name].high) == pytest.approx(
            (alike.low, alike.high), abs=1.5
        )
        assert parts[name].seed is not None


def test_many_dimensions_add_up():
    before = {("nl", "web"): NetCounts(8, 1, 1), ("be", "phone"): NetCounts(3, 3, 4)}
    after = {("nl", "web"): NetCounts(4, 0, 1), ("nl", "phone"): NetCounts(6, 4, 5)}
    parts = change_by_dimensions(before, after, ["country", "channel"])
    totals = [sum(side.values(), start=NetCounts(0, 0, 0)) for side in (before, after)]
    assert sum(part.value for part in parts.values()) == pytest.approx(
        nps(totals[1]).value - nps(totals[0]).value
    )


def test_shapley_parts_add_up_for_any_function():
    worth = {frozenset(): 1.0, frozenset("a"): 4.0, frozenset("b"): 2.0, frozenset("ab"): 9.0}
    assert shapley_parts(["a", "b"], worth.__getitem__) == pytest.approx({"a": 5.0, "b": 3.0})


def test_what_stands_still_takes_no_part_in_the_change():
    cells = {("nl", "web"): NetCounts(80, 10, 10), ("be", "web"): NetCounts(30, 30, 40)}
    more = {("nl", "web"): NetCounts(40, 5, 5), ("be", "web"): NetCounts(45, 45, 60)}
    parts = change_by_dimensions(cells, more, ["country", "channel"])
    assert parts["channel"].value == pytest.approx(0, abs=1e-9)
    assert parts["rate"].value == pytest.approx(0, abs=1e-9)
    assert parts["country"].excludes(0)
    assert not parts["rate"].excludes(0)


# A change point: methods.md 7.2


@pytest.mark.parametrize(
    ("weeks", "limit"), [(12, 9.0), (26, 11.3), (52, 13.4), (104, 15.4), (260, 18.2)]
)
def test_the_limit_of_a_change_point(weeks, limit):
    # methods.md 7.2: 3 ln T + 1.5, above the simulated 95% points
    half = weeks // 2
    found = change_point([NetCounts(90, 5, 5)] * half + [NetCounts(5, 5, 90)] * half)
    assert found.limit == pytest.approx(limit, abs=0.05)


def test_a_planted_change_is_found_where_it_is():
    weeks = [NetCounts(20, 10, 10)] * 12 + [NetCounts(8, 10, 22)] * 12
    found = change_point(weeks)
    assert found.week == 12
    assert 12 in found.support
    assert found.limit == pytest.approx(3 * math.log(24) + 1.5)
    assert found.change.value == pytest.approx(-60)
    assert Caveat.CHOSEN_AS_LARGEST in found.change.caveats
    turned = change_point([week.mirrored() for week in weeks])
    assert turned.likelihood_ratio == pytest.approx(found.likelihood_ratio)


def test_the_likelihood_ratio_is_the_g_statistic():
    # by hand: G = 2 sum O ln(O/E) of 160/0 against 0/160 is 2 * 320 ln 2
    found = change_point([NetCounts(40, 0, 0)] * 4 + [NetCounts(0, 0, 40)] * 4)
    assert found.likelihood_ratio == pytest.approx(640 * math.log(2))


def test_calm_weeks_have_no_change_point():
    assert change_point([NetCounts(20, 10, 10), NetCounts(19, 11, 10)] * 6) is None


# Channels: methods.md 10.1


def test_standardised_score_matches_reference():
    # methods.md 10.1; sum w r and sqrt(sum w^2 v) by hand
    channels = {"phone": NetCounts(60, 25, 15), "web": NetCounts(30, 30, 40)}
    score = standardised_nps(channels, {"phone": 0.3, "web": 0.7})
    assert score.value == pytest.approx(6.5)
    assert score.standard_error == pytest.approx(6.22394569, abs=1e-8)
    assert score.low < 6.5 < score.high


def test_homogeneity_matches_r():
    # From R: chisq.test(matrix(c(60, 30, 25, 30, 15, 40), 2), correct = FALSE)
    test = homogeneity([NetCounts(60, 25, 15), NetCounts(30, 30, 40)])
    assert (test.statistic, test.df) == (pytest.approx(21.8181818, abs=1e-7), 2)
    assert test.p_value == pytest.approx(1.82911923e-05, rel=1e-8)


@given(whole_net_counts)
def test_one_channel_at_full_mix_is_its_own_score(counts):
    alone, score = standardised_nps({"web": counts}, {"web": 2, "phone": 0}), nps(counts)
    assert (alone.low, alone.value, alone.high) == pytest.approx(
        (score.low, score.value, score.high), abs=1e-9
    )


# Bands: methods.md 10.4


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (-100, Band.BELOW_0),
        (-0.001, Band.BELOW_0),
        (0, Band.FROM_0),
        (29.99, Band.FROM_0),
        (30, Band.FROM_30),
        (50, Band.FROM_50),
        (69.999, Band.FROM_50),
        (70, Band.FROM_70),
        (100, Band.FROM_70),
    ],
)
def test_bands_include_their_lower_edge(value, band):
    assert band_of(Estimate(value, value, value, 9, "score")).band is band


def test_a_band_is_certain_only_with_its_whole_interval():
    assert band_of(Estimate(40, 31, 49, 900, "score")).certain
    assert not band_of(Estimate(40, 29, 49, 900, "score")).certain
    assert not band_of(Estimate(40, 31, 51, 900, "score")).certain
    assert not band_of(Estimate(40, None, None, 900, "score")).certain


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: mix_and_rate(BEFORE, {}), Reason.NO_ANSWERS),
        (lambda: mix_and_rate(BEFORE, AFTER, confidence=0), Reason.BAD_CONFIDENCE),
        (lambda: change_by_dimensions({}, {}, ["team"]), Reason.NO_ANSWERS),
        (
            lambda: change_by_dimensions({("a", "b"): BEFORE["A"]}, {}, ["team"]),
            Reason.DIFFERENT_LENGTHS,
        ),
        (lambda: change_by_dimensions({}, {}, list("abcde")), Reason.BAD_SETTING),
        (lambda: change_by_dimensions({}, {}, ["rate"]), Reason.BAD_SETTING),
        (lambda: shapley_parts(["a", "a"], lambda _: 0.0), Reason.BAD_SETTING),
        (lambda: shapley_parts(list("abcdef"), lambda _: 0.0), Reason.BAD_SETTING),
        (lambda: change_point([NetCounts(1, 1, 1)] * 7), Reason.TOO_FEW),
        (lambda: change_point([NetCounts(0, 0, 0)] * 8), Reason.NO_ANSWERS),
        (lambda: standardised_nps(BEFORE, {}), Reason.NO_TARGET),
        (lambda: standardised_nps(BEFORE, {"A": 0}), Reason.NO_TARGET),
        (lambda: standardised_nps(BEFORE, {"A": 1, "kiosk": 1}), Reason.EMPTY_CELL),
        (lambda: homogeneity([NetCounts(1, 1, 1)]), Reason.NO_ANSWERS),
        (lambda: homogeneity([NetCounts(1, 0, 0)] * 2), Reason.NO_VARIATION),
        (lambda: band_of(Estimate(120, None, None, 9, "ledger")), Reason.BAD_SETTING),
    ],
)
def test_changes_that_cannot_be_explained_are_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason


def test_differences_keep_the_caveats_of_both_sides():
    assert difference([9], [9, None]).caveats == (Caveat.SMALL_BASE, Caveat.MISSING_ANSWERS)
