"""How clauses sound: negation, strength, excess, signs, and the score beside the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gloed.text import (
    asked_for,
    clauses_of,
    label_of,
    sound_of,
    sound_together,
    sounds_of,
    tokens_of,
    with_score,
)
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
        # words of one form and two senses: the common one counts
        ("De weg naar het station", "nl", ["neu"]),
        ("Het ontbijt wordt vers gemaakt", "nl", ["pos"]),
        ("Erg lekker", "nl", ["pos"]),
        ("The subject of the letter", "en", ["neu"]),
        # a negation with a word between turns what follows
        ("Helemaal niet vriendelijk", "nl", ["neg"]),
        ("Niet echt duidelijk", "nl", ["neg"]),
        ("Not very helpful", "en", ["neg"]),
        ("Gar nicht freundlich", "de", ["neg"]),
        # torn apart by a machine
        ("You can ' t beat the price", "en", ["pos"]),
        ("It didn t work", "en", ["neg"]),
        # more than enough, and never better
        ("Can't recommend this shop enough", "en", ["pos"]),
        ("Ik krijg er geen genoeg van", "nl", ["pos"]),
        ("Het enige pluspunt", "nl", ["neg"]),
        # a reply by itself, and what is said after it
        ("Nothing, the treatment was excellent", "en", ["pos", "pos"]),
        ("Nothing all good", "en", ["pos", "pos"]),
        ("Nee, alles was prima", "nl", ["pos", "pos"]),
        ("No help at all", "en", ["neg"]),
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


BETTER, GOOD = "What could we do better?", "Wat was er goed?"


@pytest.mark.parametrize(
    ("text", "language", "question", "label"),
    [
        ("Parking", "en", BETTER, "neg"),
        ("Parkeren", "nl", "Wat kan er beter?", "neg"),
        ("Parken", "de", "Was können wir besser machen?", "neg"),
        ("Parking", "en", "Why did you give this score?", "neu"),
        ("Nothing", "en", BETTER, "pos"),
        ("No", "en", BETTER, "pos"),
        ("N/A", "en", BETTER, "pos"),
        ("Yes", "en", BETTER, "neu"),
        ("Absolutely nothing", "en", BETTER, "pos"),
        ("No staff", "en", BETTER, "neg"),
        ("Be on time", "en", BETTER, "neg"),
        ("Answer the phone sooner", "en", BETTER, "neg"),
        ("The staff was friendly", "en", BETTER, "pos"),
        ("De ontvangst", "nl", GOOD, "pos"),
        ("Niets", "nl", GOOD, "neg"),
        ("The queue was endless", "en", "What was good?", "neg"),
    ],
)
def test_silent_words_take_the_side_that_was_asked_for(
    text: str, language: str, question: str, label: str
) -> None:
    value = sound_together(sounds_of(text, clauses_of(text), language, asked_for(question)))
    assert label_of(value).value == label


@pytest.mark.parametrize(
    "question",
    [
        "",
        "What is the main reason for your answer?",
        "What made it easy, or what made it hard?",
        "Would you like to tell us more?",
        "What was good, and what could be better?",
    ],
)
def test_a_question_that_takes_no_side_says_nothing_of_the_answer(question: str) -> None:
    assert asked_for(question) is None


@given(values=st.lists(st.floats(-1, 1), max_size=8))
def test_clauses_together_sound_as_their_mean_and_no_less_surely(values: list[float]) -> None:
    together = sound_together(values)
    assert -1 <= together <= 1
    if values:
        mean = sum(values) / len(values)
        assert together * mean >= 0
        assert abs(together) >= abs(mean) - 1e-9


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
