"""Impact with a planted truth, models that only count where they are better, and discovery."""

import random

import numpy as np
import pytest

from gloed.text import (
    Checked,
    CodedText,
    Named,
    Piece,
    Polarity,
    TooFewCodes,
    discover,
    fit_models,
    impacts,
)
from gloed.text.discovery import factorise

GOOD, BAD = Polarity.POSITIVE, Polarity.NEGATIVE


def made(count: int, seed: int = 1) -> list[Named]:
    """A fifth names queue, badly; 70% of those are detractors, against 30% of the others."""
    source = random.Random(seed)
    answers = []
    for _ in range(count):
        names = source.random() < 0.2
        detracts = source.random() < (0.7 if names else 0.3)
        score_class = -1 if detracts else source.choice([0, 1])
        answers.append(Named(score_class, {"queue": BAD} if names else {}))
    return answers


def test_a_planted_impact_is_found() -> None:
    # net among namers .15 - .7 = -.55, else .35 - .3 = .05: a fifth of -.60 is -12 points
    impact = impacts(made(4_000))["queue"]
    assert impact.value == pytest.approx(-12, abs=1.5)
    assert impact.low <= impact.value <= impact.high < 0


def test_order_changes_nothing() -> None:
    answers = made(500)
    assert impacts(answers) == impacts(answers[::-1])


def test_a_checked_sample_corrects_what_the_machine_missed() -> None:
    answers = made(2_000)
    source = random.Random(3)
    missed = [a if source.random() < 0.5 else Named(a.score_class, {}) for a in answers]
    raw = impacts(missed)["queue"].value
    mended = impacts(missed, checked={"queue": Checked(right=60, wrong=0, missed=60)})["queue"]
    truth = impacts(answers)["queue"].value
    assert abs(mended.value - truth) < abs(raw - truth)
    assert mended.low <= truth <= mended.high


def test_what_people_saw_in_the_sample_is_averaged_in() -> None:
    people, others = made(600, seed=2), made(2_000, seed=4)
    silent = [Named(a.score_class, {}) for a in others]
    assert impacts(silent, sampled=people)["queue"].value == pytest.approx(-12, abs=5)
    alone, both = impacts(others)["queue"], impacts(others, sampled=people)["queue"]
    assert both.high - both.low < alone.high - alone.low
    assert both.n == alone.n + sum("queue" in a.themes for a in people)
    assert both == impacts(others[::-1], sampled=people[::-1])["queue"]


def test_too_little_gives_nothing() -> None:
    assert impacts([]) == {}
    assert impacts(made(29)) == {}
    assert impacts([Named(1, {"a": GOOD})] * 50) == {}
    few = [Named(1, {}), Named(-1, {})] * 30
    assert impacts([*few, *[Named(1, {"rare": GOOD})] * 9]) == {}


def test_a_theme_that_only_detractors_name_stays_finite() -> None:
    answers = [Named(-1, {"bad": BAD})] * 50 + [Named(1, {})] * 50
    impact = impacts(answers)["bad"]
    assert -101 < impact.low <= impact.value < 0


def coded(count: int) -> list[CodedText]:
    """A codebook that never finds `late` and finds `price` always."""
    source = random.Random(5)
    found = []
    for at in range(count):
        late, price = source.random() < 0.4, source.random() < 0.3
        text = f"{'the parcel arrived late' if late else 'all was there'} {at}"
        text += " and the price is high" if price else ""
        hits = frozenset(["price"] if price else [])
        given = frozenset((["late"] if late else []) + (["price"] if price else []))
        found.append(CodedText(text, hits, given))
    return found


def test_a_model_is_used_where_it_beats_the_codebook_alone() -> None:
    models = fit_models(coded(120), "en")
    gates = {gate.theme: gate for gate in models.gates}
    assert gates["late"].is_open
    assert gates["late"].f1_model > 0.9
    assert not gates["price"].is_open
    (decided,) = models.decide(["my parcel arrived late again"], [frozenset()])
    assert decided["late"][1] == "model"
    (decided,) = models.decide(["all was there"], [frozenset(["price"])])
    assert decided == {"price": (0.7, "codebook")}
    assert models.decide([], []) == []


def test_models_do_not_depend_on_order() -> None:
    answers = coded(80)
    assert fit_models(answers, "en").version == fit_models(answers[::-1], "en").version


def test_too_few_codes_are_refused_with_how_many_are_needed() -> None:
    with pytest.raises(TooFewCodes, match="50"):
        fit_models(coded(20), "en")


def test_codes_without_a_frequent_theme_give_models_without_gates() -> None:
    models = fit_models(
        [CodedText(f"text {at}", frozenset(), frozenset()) for at in range(60)], "en"
    )
    assert models.gates == ()
    assert models.decide(["x"], [frozenset(["price"])]) == [{"price": (0.7, "codebook")}]


def test_factors_are_not_negative_and_near_a_matrix_of_two_blocks() -> None:
    from scipy import sparse

    block = np.kron(np.eye(2), np.ones((5, 3)))
    parts, subjects = factorise(sparse.csr_array(block), 2)
    assert (parts >= 0).all()
    assert (subjects >= 0).all()
    assert np.abs(parts @ subjects - block).max() < 1e-6


def pieces() -> list[Piece]:
    """Two subjects in 80 clauses."""
    source = random.Random(2)
    found = []
    for at in range(40):
        found.append(Piece(at, f"the lift was stuck on floor {source.choice('abcdef')}", -0.5, -1))
        found.append(
            Piece(100 + at, f"lovely piano music played {source.choice('abcdef')}", 0.5, 1)
        )
    return found


def test_subjects_are_suggested_with_count_shift_quotes_and_seeds() -> None:
    found = discover(pieces(), "en", answers=80, net=0.0)
    by_word = {word: s for s in found for word in " ".join(s.terms).split()}
    assert by_word["lift"].count == 40
    assert by_word["lift"].shift == -100
    assert by_word["piano"].shift == 100
    assert by_word["lift"].quotes[0].polarity == BAD
    assert {*by_word["lift"].words, *by_word["lift"].phrases} == set(by_word["lift"].terms)


def test_suggestions_do_not_depend_on_order() -> None:
    given = pieces()
    assert discover(given, "en", answers=80) == discover(given[::-1], "en", answers=80)


def test_what_was_masked_is_no_subject() -> None:
    said = [
        Piece(at, f"[phone] [name] rang the old bell {'ab'[at % 2]}", 0.0, None) for at in range(60)
    ]
    more = [Piece(100 + at, "painted walls look rather shabby", -0.4, None) for at in range(40)]
    terms = {term for s in discover(said + more, "en", answers=100) for term in s.terms}
    assert terms
    assert not terms & {"phone", "name", "phone name"}


def test_few_pieces_suggest_nothing() -> None:
    assert discover(pieces()[:20], "en", answers=20) == []
    assert discover([], "en", answers=0) == []
    assert discover([Piece(at, "???", 0.0, None) for at in range(50)], "en", answers=50) == []
