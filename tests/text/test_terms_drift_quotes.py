"""Terms by log-odds, alarms by CUSUM, and the choice of quotes."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.text import (
    Candidate,
    NoBaseline,
    Polarity,
    binomial_cusum,
    choose,
    term_shifts,
    terms_of,
    without_parts,
)
from gloed.text.quotes import is_clear


def test_log_odds_by_hand() -> None:
    # prior 500 over 30 mentions: wait 20/30 * 500 = 333.33, desk 10/30 * 500 = 166.67
    first = [frozenset(["wait"])] * 15 + [frozenset(["desk"])] * 3
    second = [frozenset(["wait"])] * 5 + [frozenset(["desk"])] * 7
    shifts = {shift.term: shift for shift in term_shifts(first, second)}
    y, w = 15 + 1000 / 3, 5 + 1000 / 3
    ratio = math.log(y / (518 - y)) - math.log(w / (512 - w))
    assert shifts["wait"].log_odds == pytest.approx(ratio)
    assert shifts["wait"].z == pytest.approx(ratio / math.sqrt(1 / y + 1 / w))
    assert (shifts["wait"].first, shifts["wait"].second) == (15, 5)
    assert shifts["desk"].z < 0


def test_terms_do_not_depend_on_order_and_mirror_each_other() -> None:
    source = random.Random(1)
    words = ["wait", "desk", "price", "queue", "staff"]
    first = [frozenset(source.sample(words, 2)) for _ in range(40)]
    second = [frozenset(source.sample(words, 1)) for _ in range(30)]
    found = term_shifts(first, second)
    assert term_shifts(first[::-1], second[::-1]) == found
    mirrored = {shift.term: shift.z for shift in term_shifts(second, first)}
    assert all(mirrored[shift.term] == pytest.approx(-shift.z) for shift in found)


def test_rare_terms_and_no_answers_give_nothing() -> None:
    assert term_shifts([], []) == []
    assert term_shifts([frozenset(["wait"])] * 4, []) == []


def test_the_business_is_not_among_the_words_that_carry_nothing() -> None:
    said = "website order call problem value bill clear page"
    assert set(said.split()) <= terms_of(said, "en")
    assert terms_of("de het een 12", "nl") == frozenset()


def test_pairs_do_not_reach_over_a_mark() -> None:
    assert "price queue" not in terms_of("bad price, queue", "en")


def test_a_word_inside_a_stronger_pair_is_left_out() -> None:
    terms = [frozenset(["wait time", "wait", "time"])] * 9
    assert len(without_parts(term_shifts(terms, []), 5)) == 2


def test_cusum_by_hand() -> None:
    # usual (50 + .5) / 1001; each naming adds ln 1.6, each other answer ln((1 - 1.6 p) / (1 - p))
    p = 50.5 / 1001
    level = 12 * math.log(1.6) + 88 * math.log((1 - 1.6 * p) / (1 - p))
    (week,) = binomial_cusum([(12, 100)], baseline=(50, 1000))
    assert week.level == pytest.approx(level)
    assert (week.alarm, week.rising_since) == (False, 0)


def test_an_alarm_begins_anew_and_a_quiet_week_says_nothing() -> None:
    weeks = binomial_cusum([(40, 100), (5, 100), (0, 0)], baseline=(50, 1000))
    assert [week.alarm for week in weeks] == [True, False, False]
    assert weeks[1].level == weeks[2].level == 0


def test_a_fall_is_seen_with_a_ratio_below_one() -> None:
    weeks = binomial_cusum([(5, 100)] * 6, baseline=(200, 1000), ratio=1 / 1.6)
    assert any(week.alarm for week in weeks)


@pytest.mark.parametrize("baseline", [(0, 0), (5, 3), (-1, 10)])
def test_a_baseline_that_cannot_be_is_refused(baseline: tuple[int, int]) -> None:
    with pytest.raises(NoBaseline):
        binomial_cusum([(1, 2)], baseline=baseline)


def test_a_week_that_cannot_be_is_refused() -> None:
    with pytest.raises(NoBaseline):
        binomial_cusum([(3, 2)], baseline=(1, 10))
    with pytest.raises(NoBaseline):
        binomial_cusum([(1, 2)], baseline=(1, 10), ratio=1)


@given(st.integers(0, 100), st.integers(1, 100))
def test_a_full_baseline_still_works(named: int, extra: int) -> None:
    (week,) = binomial_cusum([(0, 50)], baseline=(named, named + extra - 1 or 1))
    assert week.level >= 0


def test_quotes_are_distinct_and_the_clear_one_goes_first() -> None:
    long = "The queue was terrible and nobody at the desk could help us at all."
    said = [
        Candidate(3, "Bad.", -0.3, 0.7, 1),
        Candidate(1, long, -0.9, 0.7, 1),
        Candidate(2, long.lower(), -0.9, 0.7, 1),
    ]
    found = choose(said, Polarity.NEGATIVE, 5)
    assert [quote.row for quote in found] == [1, 3]
    assert choose(said[::-1], Polarity.NEGATIVE, 5) == found
    assert choose([], Polarity.NEGATIVE, 5) == []


def test_what_others_said_in_nearly_the_same_words_is_quoted_once() -> None:
    said = [
        Candidate(1, "My bill went up from 192 to 300", -0.6, 0.8, 1),
        Candidate(2, "my bill went up from 217 to 348!", -0.6, 0.8, 1),
        Candidate(3, "Nobody explained what I pay for", -0.5, 0.8, 1),
    ]
    assert {quote.row for quote in choose(said, Polarity.NEGATIVE, 3)} == {2, 3}
    assert choose(said, Polarity.NEGATIVE, 0) == []
    beside = choose(said[:1], Polarity.NEGATIVE, 1)
    assert [q.row for q in choose(said, Polarity.NEGATIVE, 3, beside=beside)] == [3]


def test_the_first_quote_is_typical_and_backed_by_the_score() -> None:
    said = [
        Candidate(1, "Started training, coffee bar and bingo", -0.6, 0.8, 1, typical=0.0),
        Candidate(2, "The coffee was cold and the tea as well", -0.6, 0.8, 1, typical=0.5),
        Candidate(
            3, "Coffee and tea came in a plastic cup", -0.6, 0.8, 1, typical=0.5, backed=False
        ),
    ]
    assert [quote.row for quote in choose(said, Polarity.NEGATIVE, 3)] == [2, 3, 1]


def test_what_few_say_is_quoted_only_where_it_is_clear() -> None:
    assert is_clear(Candidate(1, "Very friendly", 0.6, 0.8, 1))
    assert not is_clear(Candidate(1, "Fine", 0.2, 0.8, 1))
    assert not is_clear(Candidate(1, "Very friendly", 0.6, 0.8, 1, backed=False))
