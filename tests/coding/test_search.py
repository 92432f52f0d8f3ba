"""Words of answers are found inside compounds, and the index is right whatever happens to them."""

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gloed.base.worker import run_until_idle
from gloed.coding.rules.searching import folded, sought_in
from gloed.coding.search.finding import answers_with
from gloed.coding.search.index import ensure_index, has_waiting, index_waiting
from gloed.people.rules import PersonData
from gloed.responses.models import Answer
from gloed.responses.operations import erase_person, receive_many
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from tests.coding.conftest import NOW

SAID = {
    "wait": "De wachttijd was veel te lang",
    "complaint": "Mijn klacht over de levertijd is niet opgelost",
    "price": "Goede prijs, aardige mensen",
    "cafe": "Het CAFÉ op de hoek, 100% aan te raden",
    "app": "De app_versie 3 loopt vast",
}


@pytest.fixture
def said(say):
    return {name: say(words, 8, language="nl") for name, words in SAID.items()}


def found(text, said):
    """The names of the answers that a search finds, the same before and after indexing."""
    names = {answer.pk: name for name, answer in said.items()}

    def look():
        return {names[key] for key in answers_with(text).values_list("pk", flat=True)}

    first = look()
    while index_waiting():
        pass
    assert not has_waiting()
    assert look() == first
    return first


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("wachttijd", {"wait"}),
        ("tijd", {"wait", "complaint"}),
        ("TIJD lang", {"wait"}),
        ("klachten", {"complaint"}),
        ("prijzen", {"price"}),
        ("te", {"wait", "cafe"}),
        ("zwembad", set()),
        ("", set()),
        (" ... ", set()),
        ("'; DROP TABLE responses_answer; --", set()),
        ("niet:* & | !", {"complaint"}),
        ('"aardige mensen"', {"price"}),
        ('"mensen aardige"', set()),
    ],
)
def test_words_are_found_inside_words(said, text, names):
    assert found(text, said) == names


def test_signs_of_patterns_mean_themselves(said):
    assert found("app_v", said) == {"app"}
    assert found("appxv", said) == set()


def test_accents_do_not_matter_once_it_is_indexed(said):
    while index_waiting():
        pass
    assert answers_with("cafe").get().pk == said["cafe"].pk
    assert answers_with("Café").get().pk == said["cafe"].pk


def test_an_edit_an_erasure_and_a_deletion_reach_it_at_once(said):
    while index_waiting():
        pass
    Answer.objects.filter(pk=said["wait"].pk).update(verbatim="Nu over het parkeren")
    assert found("wachttijd", said) == set()
    assert found("parkeren", said) == {"wait"}
    Answer.objects.filter(pk=said["price"].pk).update(verbatim="")
    assert found("prijs", said) == set()
    said["complaint"].delete()
    assert found("klacht", said) == set()


def test_a_table_that_was_written_anew_is_indexed_again(said):
    while index_waiting():
        pass
    of = " ON responses_answer" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER coding_search_gone{of}")
    ensure_index()
    assert has_waiting()
    assert found("wachttijd", said) == {"wait"}


def test_the_worker_indexes_what_is_imported_and_erased(organisation, survey, alice):
    answers = [
        IncomingAnswer(
            answers=(GivenAnswer(1, rating=3), GivenAnswer(2, verbatim="Unmistakable wachttijd")),
            source="import",
            source_id="1",
            responded_at=NOW,
            person=PersonData("K-1"),
        )
    ]
    list(receive_many(survey, answers, now=NOW))
    run_until_idle()
    assert not has_waiting()
    url = reverse("analysis:answers")
    assert "Unmistakable" in alice.get(url, {"q": "tijd"}).content.decode()
    erase_person(Answer.objects.get(question__position=2).response.person, staff=None, now=NOW)
    assert not answers_with("unmistakable").exists()
    run_until_idle()
    assert "Unmistakable" not in alice.get(url, {"q": "tijd"}).content.decode()


@given(st.text(max_size=40))
def test_any_search_is_understood(text):
    for one in sought_in(text):
        assert all(piece and piece == folded(piece) for piece in one.pieces)
