"""Finding themes: each kind of seed, and the must-not."""

import pytest
from hypothesis import given, settings

from gloed.text import Codebook, Matcher, Seeds, Theme, clauses_of, preview, read_codebook
from tests.text.strategies import answers, languages


def themes_in(matcher: Matcher, text: str, language: str) -> list[list[str]]:
    """The theme ids of each clause."""
    ids = [theme.id for theme in matcher.codebook.themes]
    return [[ids[hit.theme] for hit in hits] for _clause, hits in matcher.find(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Te duur", "nl", [["price"]]),
        ("Duurder dan elders", "nl", [["price"]]),  # base form
        ("de tarieven stijgen", "nl", [["price"]]),  # beginning
        ("Geen waar voor je geld", "nl", [["price"]]),  # phrase
        ("de duur van het gesprek", "nl", [[]]),  # must not
        ("ik verwachtte meer", "nl", [[]]),
        ("mijn wachtwoord is kwijt", "nl", [[]]),
        ("Lang wachten", "nl", [["waiting"]]),
        ("in de wachtrij", "nl", [["waiting", "phone_waiting"]]),
        ("It took ages", "en", [["waiting"]]),
        ("On hold, good price", "en", [["waiting", "phone_waiting"], ["price"]]),
        ("PRICE!", "en", [["price"]]),
        ("Te duur", "en", [[]]),
        ("Te duur", "zz", [[]]),
        ("", "nl", []),
        ("👍", "nl", []),
    ],
)
def test_each_kind_of_seed(
    matcher: Matcher, text: str, language: str, found: list[list[str]]
) -> None:
    assert themes_in(matcher, text, language) == found


def test_a_hit_stands_at_its_first_seed(matcher: Matcher) -> None:
    text = "Dit is echt geen waar voor je geld hoor"
    ((_clause, hits),) = matcher.find(text, "nl")
    assert text[hits[0].start : hits[0].end] == "waar voor je geld"


@given(answers, languages)
@settings(deadline=None)
def test_hits_lie_inside_their_clause(matcher: Matcher, text: str, language: str) -> None:
    for clause, hits in matcher.find(text, language):
        assert all(clause.start <= hit.start < hit.end <= clause.end for hit in hits)
        assert len({hit.theme for hit in hits}) == len(hits)


def test_a_theme_without_seeds_is_never_found() -> None:
    book = Codebook(
        "own", (Theme("a", {"en": "A"}), Theme("b", {"en": "B"}, seeds={"en": Seeds()}))
    )
    assert themes_in(Matcher(book), "a b", "en") == [[]]


def test_a_preview_says_who_gains_and_who_loses() -> None:
    before = read_codebook(
        '[[theme]]\nid="price"\nnames.en="P"\n[theme.seeds.en]\nwords=["price","cost"]'
    )
    after = read_codebook(
        '[[theme]]\nid="price"\nnames.en="P"\n[theme.seeds.en]\nwords=["price","bill"]'
    )
    texts = [("the price", "en"), ("the cost", "en"), ("my bill", "en"), ("price and bill", "en")]
    (change,) = preview(before, after, texts)
    assert (change.theme, change.gained, change.lost) == ("price", (2,), (1,))
    assert preview(before, before, texts) == ()


def test_each_clause_is_matched_alone(matcher: Matcher) -> None:
    text = "wachtwoord vergeten. Daarna lang wachten"
    assert themes_in(matcher, text, "nl") == [[], ["waiting"]]
    assert len(clauses_of(text)) == 2
