"""A language model proposes; the random sample decides whether that counts."""

import json
import threading

import pytest
from django.urls import reverse

from gloed.base.worker import run_until_idle
from gloed.coding.models import Mention, ModelCodes, ModelGates, Suggestion
from gloed.coding.operations import codebook as books
from gloed.coding.operations.by_hand import set_theme
from gloed.coding.operations.coding import code_stale
from gloed.coding.operations.proposing import draft_words, name_suggestions, propose
from gloed.coding.operations.review import next_answer, record_review
from gloed.responses.models import Response
from tests.base.fake_model import completion, fake_model
from tests.coding.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewed(organisation, say, codebook, code):
    """60 reviewed answers, a third of them about price in words that the codebook lacks."""
    for place in range(60):
        say("An odd gizmotariff" if place % 3 == 0 else f"Box {place} sings to me", place % 11)
    code()
    while (coded := next_answer(organisation)) is not None:
        is_price = "gizmotariff" in coded.answer.verbatim
        record_review(coded, {"price_value"} if is_price else set(), staff=None, now=NOW)
    say("Again that gizmotariff, mail jan@example.org", 2)
    say("A quiet box", 9)
    code()
    return organisation


@pytest.fixture
def model(settings):
    """Name an endpoint in the settings."""

    def use(url, name="small"):
        settings.LANGUAGE_MODEL_URL, settings.LANGUAGE_MODEL = url, name
        settings.LANGUAGE_MODEL_SECONDS = 5

    return use


def knows_price(asked):
    text = asked["messages"][1]["content"]
    return {"themes": ["price_value"] if "gizmotariff" in text else []}


def by_model(organisation):
    code_stale(organisation, responses=list(Response.objects.values_list("pk", flat=True)))
    found = Mention.objects.filter(theme__key="price_value", source="llm")
    return set(found.values_list("answer__verbatim", flat=True))


def test_nothing_is_asked_without_a_model(reviewed):
    assert not propose(reviewed, now=NOW)
    assert not ModelCodes.objects.exists()


def test_it_codes_where_it_is_better_and_is_not_asked_twice(reviewed, model):
    with fake_model(knows_price) as (url, heard):
        model(url)
        assert not propose(reviewed, now=NOW)
        asked = len(heard)
        assert asked == 62
        propose(reviewed, now=NOW)
        assert len(heard) == asked
        assert "jan@" not in json.dumps([body for _headers, body in heard])
    gates = {key: is_open for key, *_f1, is_open in ModelGates.objects.get().gates}
    assert {key for key, is_open in gates.items() if is_open} == {"price_value"}
    assert by_model(reviewed) == {"Again that gizmotariff, mail jan@example.org"}


def test_it_stays_in_use_though_its_own_codes_are_the_present_ones(reviewed, model):
    with fake_model(knows_price) as (url, _heard):
        model(url)
        propose(reviewed, now=NOW)
        code_stale(
            reviewed, responses=list(ModelCodes.objects.values_list("answer__response", flat=True))
        )
        propose(reviewed, now=NOW)
    assert any(is_open for *_more, is_open in ModelGates.objects.get().gates)


def test_a_model_that_is_no_better_is_not_used(reviewed, model):
    with fake_model(lambda _asked: {"themes": ["staff_attitude"]}) as (url, heard):
        model(url)
        assert not propose(reviewed, now=NOW)
        assert len(heard) == 60  # the sample alone
    assert by_model(reviewed) == set()


def test_a_person_goes_before_it(reviewed, model):
    with fake_model(knows_price) as (url, _heard):
        model(url)
        propose(reviewed, now=NOW)
    answer = ModelCodes.objects.get(answer__verbatim__startswith="Again").answer
    set_theme(answer, "price_value", is_present=False, staff=None, now=NOW)
    assert by_model(reviewed) == set()


@pytest.mark.parametrize("said", [b"nonsense", completion('{"themes": ["no_such"]}')])
def test_nonsense_changes_nothing(reviewed, model, said):
    with fake_model(lambda _asked: said) as (url, heard):
        model(url)
        assert not propose(reviewed, now=NOW)
        assert len(heard) == 5  # then it is left alone
    assert not ModelCodes.objects.exists()


def test_absence_and_slowness_change_nothing(reviewed, model, settings):
    with fake_model(knows_price) as (url, _heard):
        pass
    model(url)
    assert not propose(reviewed, now=NOW)
    until = threading.Event()
    with fake_model(knows_price, until=until) as (url, heard):
        model(url)
        settings.LANGUAGE_MODEL_SECONDS = 0.1
        assert not propose(reviewed, now=NOW)
        assert len(heard) == 5
        until.set()
    assert not ModelCodes.objects.exists()


def test_it_names_a_suggestion(organisation, model):
    one = Suggestion.objects.create(
        organisation=organisation, signature="a", language="en", name="Hedge, garden, gnome",
        terms=["hedge", "garden", "gnome"], count=9, share=0.1, found_at=NOW,
    )  # fmt: skip
    for said, name in (({"name": "Top 5 gnomes"}, one.name), ({"name": "Garden gnomes"}, None)):
        with fake_model(lambda _asked, said=said: said) as (url, _heard):
            model(url)
            name_suggestions(organisation)
        one.refresh_from_db()
        assert one.name == (name or "Garden gnomes")


def test_it_drafts_words_for_another_language(alice, organisation, codebook, model):
    said = {
        "name": "Preis",
        "definition": "Was es kostet.",
        "words": ["gizmopreis", "x y z 99"],
        "phrases": ["viel zu teuer gizmo"],
    }
    published = codebook.published.pk
    with fake_model(lambda _asked: said) as (url, _heard):
        model(url)
        assert not draft_words(codebook, "price_value", "de", now=NOW)  # it made up a number
    said["words"] = ["gizmopreis"]
    with fake_model(lambda _asked: said) as (url, _heard):
        model(url)
        alice.post(reverse("coding:ask_words", args=["price_value"]), {"language": "de"})
        run_until_idle()
    draft = books.draft_of(codebook)
    theme = next(t for t in draft.content["theme"] if t["id"] == "price_value")
    assert "gizmopreis" in theme["seeds"]["de"]["words"]
    codebook.refresh_from_db()
    assert codebook.published_id == published
