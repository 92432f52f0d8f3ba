"""How clauses sound: negation, strength, excess, signs, and the score beside the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gloed.text import clauses_of, label_of, sound_of, sounds_of, tokens_of, with_score
from tests.text.strategies import answers, languages


def sounds(text: str, language: str) -> list[str]:
    """The label of each clause."""
    return [label_of(value).value for value in sounds_of(text, clauses_of(text), language)]


@pytest.mark.parametrize(
    ("text", "language", "labels"),
    [
        ("Vriendelijk personeel", "nl", ["pos"]),
        ("Niet vriendelijk", "nl", ["neg"]),
        ("Helemaal geen problemen gehad", "nl", ["pos"]),
        ("Te duur", "nl", ["neg"]),
        ("Het apparaat werkt niet", "nl", ["neg"]),
        ("Niet alleen snel ook vriendelijk", "nl", ["pos"]),
        ("Vriendelijk personeel, maar veel te lang gewacht", "nl", ["pos", "neg"]),
        ("Not helpful at all", "en", ["neg"]),
        ("No complaints", "en", ["pos"]),
        ("Can't fault them", "en", ["pos"]),
        ("Too many forms", "en", ["neg"]),
        ("Great staff but the queue was endless", "en", ["pos", "neg"]),
        ("Sehr freundlich, aber viel zu teuer", "de", ["pos", "neg"]),
        ("Nicht zufrieden", "de", ["neg"]),
        ("It is a shop", "en", ["neu"]),
        ("Okay 👍👍", "en", ["pos"]),
        ("levering 😡", "nl", ["neg"]),
        ("Vriendelijk", "zz", ["neu"]),
        ("", "en", []),
        # wishes and requests: what is good in them was not there
        ("It should be quicker to get an answer", "en", ["neg"]),
        ("Could be friendlier", "en", ["neg"]),
        ("More staff on Saturdays", "en", ["neg"]),
        ("Great staff but more staff on Saturdays please", "en", ["pos", "neg"]),
        ("He claims to be empathetic", "en", ["neg"]),
        ("Had vriendelijker gekund", "nl", ["neg"]),
        ("Had beter gekund", "nl", ["neg"]),
        ("Het zou fijn zijn als iemand terugbelt", "nl", ["neg"]),
        ("Meer personeel in het weekend", "nl", ["neg"]),
        ("De bezorging mag wel sneller", "nl", ["neg"]),
        ("Es wäre schön, wenn jemand zurückruft", "de", ["neg", "neg"]),
        ("Mehr Personal an der Kasse", "de", ["neg"]),
        # said with the same words, and meant well
        ("I would recommend them to anyone", "en", ["pos"]),
        ("Better than my last bank", "en", ["pos"]),
        ("More than happy with it", "en", ["pos"]),
        ("Couldn't have been more helpful", "en", ["pos"]),
        ("I would stay here again", "en", ["pos"]),
        ("Kon niet beter", "nl", ["pos"]),
        ("Zou ik iedereen aanraden", "nl", ["pos"]),
        ("Sneller dan ik dacht", "nl", ["pos"]),
        # turned by more than one word
        ("Not a problem", "en", ["pos"]),
        ("No wait at all", "en", ["pos"]),
        ("Far from good", "en", ["neg"]),
        ("Anything but friendly", "en", ["neg"]),
        ("Geen klachten", "nl", ["pos"]),
        ("Niks mis mee", "nl", ["pos"]),
        ("Niks op aan te merken", "nl", ["pos"]),
        ("Viel reuze mee", "nl", ["pos"]),
        ("De installatie valt vies tegen", "nl", ["neg"]),
        ("Vriendelijk is anders", "nl", ["neg"]),
        ("Verre van vriendelijk", "nl", ["neg"]),
        ("Bedankt voor niets", "nl", ["neg"]),
        ("Thanks for nothing", "en", ["neg"]),
    ],
)
def test_how_it_sounds(text: str, language: str, labels: list[str]) -> None:
    assert sounds(text, language) == labels


def test_strength_counts() -> None:
    plain, strong, weak = (
        sound_of(tokens_of(text), "en") for text in ("good", "very good indeed", "fairly good")
    )
    assert weak is not None
    assert plain is not None
    assert strong is not None
    assert 0 < weak < plain
    assert strong > 0


def test_a_silent_clause_takes_it_from_its_sentence_then_from_the_answer() -> None:
    assert sounds("At the desk; terrible", "en") == ["neg", "neg"]
    assert sounds("The desk. Terrible", "en") == ["neg", "neg"]


@settings(deadline=None)
@given(answers, languages)
def test_every_value_lies_between_minus_one_and_one(text: str, language: str) -> None:
    clauses = clauses_of(text)
    values = sounds_of(text, clauses, language)
    assert len(values) == len(clauses)
    assert all(-1 <= value <= 1 for value in values)


@given(st.floats(-1, 1), st.integers(0, 10), st.integers(0, 10))
def test_a_higher_score_never_sounds_worse(value: float, one: int, two: int) -> None:
    low, high = sorted((one, two))
    assert with_score(value, low) <= with_score(value, high)
    assert -1 <= with_score(value, one) <= 1
    assert with_score(value, None) == value


def test_a_clear_text_goes_before_the_score() -> None:
    assert label_of(with_score(-0.8, 10)) == "neg"
    assert label_of(with_score(0.8, 1, (1, 5))) == "pos"
    assert label_of(with_score(0.0, 10)) == "pos"
