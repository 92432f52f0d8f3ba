"""Words, clauses and languages: worked examples, and laws that hold for every text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gloed.text import Clause, clauses_of, identify, identify_all, tokens_of, words_of
from gloed.text.lemmas import lemma_of
from tests.text.strategies import answers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don’t e-mail me!", ["don't", "e-mail", "me"]),
        ("'s avonds zo'n 3.5 uur", ["s", "avonds", "zo'n", "3", "5", "uur"]),
        ("ÉÉN keer", ["één", "keer"]),
        ("a_b", ["a", "b"]),
        ("👍 -- …", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@settings(deadline=None)
@given(answers)
def test_a_word_stands_where_it_says(text: str) -> None:
    end = 0
    for token in tokens_of(text):
        assert end <= token.start < token.end <= len(text)
        assert words_of(text[token.start : token.end]) == [token.form]
        end = token.end


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Friendly staff, but cold food.", ["Friendly staff", "but cold food"]),
        ("Goed. Alleen erg duur!", ["Goed", "Alleen erg duur"]),
        ("good, cheap, fast", ["good, cheap, fast"]),
        ("lange wachttijd, slecht bereikbaar", ["lange wachttijd", "slecht bereikbaar"]),
        ("nice and clean", ["nice and clean"]),
        (
            "the staff is friendly and the food was cold",
            ["the staff is friendly", "and the food was cold"],
        ),
        ("Dhr. Jansen kwam o.a. langs", ["Dhr. Jansen kwam o.a. langs"]),
        ("It cost 3.50, really", ["It cost 3.50, really"]),
        ("- price\n- queue", ["price", "queue"]),
        ("Great!!! Thanks", ["Great", "Thanks"]),
        ("", []),
        ("?!", []),
    ],
)
def test_clauses(text: str, pieces: list[str]) -> None:
    assert [text[c.start : c.end] for c in clauses_of(text)] == pieces


@settings(deadline=None)
@given(answers)
def test_clauses_hold_every_word_once_and_in_order(text: str) -> None:
    clauses = clauses_of(text)
    inside = [token for clause in clauses for token in clause.tokens]
    assert inside == tokens_of(text)
    assert all(0 <= c.start < c.end <= len(text) for c in clauses)
    assert [c.start for c in clauses] == sorted(c.start for c in clauses)
    assert [c.sentence for c in clauses] == sorted(c.sentence for c in clauses)


def test_twenty_thousand_characters_are_no_trouble() -> None:
    text = ("De prijs is te hoog, maar het personeel is aardig. " * 400)[:20_000]
    clauses = clauses_of(text)
    assert len(clauses) > 700
    assert isinstance(clauses[0], Clause)
    assert clauses_of("a" * 20_000)[0].end == 20_000
    assert clauses_of("." * 20_000) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("De monteur was op tijd en heeft alles netjes opgeruimd", "nl"),
        ("The engineer was on time and left everything tidy", "en"),
        ("Der Techniker war pünktlich und sehr freundlich", "de"),
        ("Le technicien était à l'heure et très gentil", "fr"),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert identify(text).language == language


def test_what_is_expected_decides_where_the_text_does_not() -> None:
    assert identify("Top!", {"nl": 1.0}).language == "nl"
    assert identify("Top!", {"en": 1.0}).language == "en"
    assert identify("123 👍").language == "und"
    assert identify("", {"de": 1.0}).language == "de"


def test_what_is_expected_does_not_silence_a_clear_text() -> None:
    text = "The engineer never came and nobody answered the phone"
    assert identify(text, {"nl": 1.0}).language == "en"


def test_a_prior_of_unknown_languages_is_as_good_as_none() -> None:
    assert identify("De monteur was op tijd gekomen", {"xx": 1.0}).language == "nl"


@settings(deadline=None)
@given(st.lists(answers, max_size=8), st.randoms(use_true_random=False))
def test_languages_of_many_do_not_depend_on_order(texts: list[str], random: object) -> None:
    found = dict(zip(texts, identify_all(texts), strict=True))
    turned = texts[::-1]
    assert dict(zip(turned, identify_all(turned), strict=True)) == found


@settings(deadline=None)
@given(answers)
def test_a_guess_is_a_probability(text: str) -> None:
    assert 0 <= identify(text).probability <= 1


@pytest.mark.parametrize(
    ("form", "language", "lemma"),
    [
        ("wachttijden", "nl", "wachttijd"),
        ("waited", "en", "wait"),
        ("lieferungen", "de", "lieferung"),
        ("lieferungen", "zz", "lieferungen"),
        ("e-mail", "nl", "e-mail"),
    ],
)
def test_base_forms(form: str, language: str, lemma: str) -> None:
    assert lemma_of(form, language) == lemma
