"""Answers set apart: out of every score, counted beside it, read, and let count by one click."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from gloed.analysis import store
from gloed.analysis.queries import Query, run
from gloed.base.models import Team
from gloed.base.worker import run_until_idle
from gloed.responses.models import Response
from gloed.responses.operations import judge_real, receive_answer, undo_judge_real
from gloed.responses.rules import ContactData, GivenAnswer, IncomingAnswer, Signal
from gloed.surveys import operations as surveys
from gloed.surveys.queries import get_asked
from tests.surveys.further import (
    CONSENT_AT,
    CONTACT_AT,
    EASE_AT,
    EVERY_KIND,
    REASON_AT,
    WISHES_AT,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MACHINE = frozenset({Signal.NO_SCRIPT, Signal.HIDDEN_LINK})


@pytest.fixture
def survey(organisation):
    """An open survey with a question of every kind."""
    content = replace(surveys.usual_content(organisation, "nps"), further=EVERY_KIND)
    survey = surveys.create_survey(organisation, title="Klanten", content=content, now=NOW)
    return surveys.open_survey(survey, now=NOW)


@pytest.fixture
def give(survey):
    """Give answers: `give(9, GivenAnswer(...), key="a")`."""

    def make(rating, *further, key, signals=frozenset()):
        answers = (GivenAnswer(1, rating=rating), *further)
        incoming = IncomingAnswer(
            answers, "link", client_key=key * 22, language="nl", signals=signals
        )
        receive_answer(incoming, survey=get_asked(survey.pk), now=NOW)
        return Response.objects.get(key__endswith=key * 22)

    return make


def ratings(organisation):
    """How often each rating counts, as a page would read it, once the worker has been by."""
    run_until_idle()
    merged = run(store.projection_of(organisation), Query()).merged()
    return {rating: count for rating, count in enumerate(merged.counts) if count} if merged else {}


def test_it_counts_nowhere_until_it_is_judged_real(alice, organisation, survey, give):
    give(9, GivenAnswer(EASE_AT, rating=1), key="a")
    response = give(0, key="b", signals=MACHINE)
    assert ratings(organisation) == {9: 1}
    score = reverse("analysis:score", args=[survey.public_id])
    assert "1 that looks like a machine’s and is set apart" in alice.get(score).text
    elsewhere = alice.get(f"{score}?from=1999-01-01&to=2000-01-01").text
    assert "looks like a machine" not in elsewhere
    judge_real(organisation, response.public_id, now=NOW)
    assert ratings(organisation) == {0: 1, 9: 1}
    undo_judge_real(organisation, response.public_id, now=NOW)
    assert ratings(organisation) == {9: 1}


def test_it_is_read_apart_and_one_click_lets_it_count(alice, organisation, survey, give):
    give(9, key="a")
    response = give(0, key="b", signals=MACHINE)
    page = alice.get(reverse("analysis:survey_answers", args=[survey.public_id])).text
    assert "Set apart: 1 answer that looks like a machine’s." in page
    here = reverse("analysis:survey_apart", args=[survey.public_id])
    for address in (here, reverse("analysis:apart")):
        text = alice.get(address).text
        assert "the page’s script did not run" in text
        assert "followed a link that nobody can see" in text
        assert "This one is real" in text
    detail = reverse("analysis:answer", args=[response.public_id])
    assert "Set apart: it looks as if a machine gave it" in alice.get(detail).text
    real = reverse("analysis:judge_real", args=[response.public_id])
    assert alice.post(real, {"here": here}).url == here
    assert "Nothing is set apart" in alice.get(here).text
    response.refresh_from_db()
    assert not response.is_suspicious
    apart = reverse("analysis:judge_apart", args=[response.public_id])
    assert alice.post(apart, {"here": "https://elsewhere.example/"}).url == detail
    response.refresh_from_db()
    assert response.is_suspicious


def test_only_those_of_own_teams_are_shown(client_of, organisation, survey, give):
    team = Team.objects.create(organisation=organisation, name="Noord")
    give(0, key="b", signals=MACHINE)
    member = client_of(organisation, "frontline", teams=[team])
    assert "Nothing is set apart" in member.get(reverse("analysis:apart")).text


def test_every_kind_of_answer_stands_on_its_page(alice, survey, give):
    response = give(
        3,
        GivenAnswer(REASON_AT, verbatim="de bus", choices=("other",)),
        GivenAnswer(EASE_AT, rating=2),
        GivenAnswer(WISHES_AT, choices=("chat", "app")),
        GivenAnswer(CONSENT_AT, choices=("yes",)),
        GivenAnswer(CONTACT_AT, contact=ContactData("Noor", "noor@example.org", "06 12")),
        key="a",
    )
    text = alice.get(reverse("analysis:answer", args=[response.public_id])).text
    assert "Waar lag dat aan, beste klant?" in text
    assert text.index("Iets anders") < text.index("de bus")
    assert text.index(">Een app<") < text.index(">Chat<")
    assert "on a scale of 1 to 5" in text
    assert "Allowed on" in text
    assert 'href="mailto:noor@example.org"' in text
    assert 'href="tel:06%2012"' in text


def test_how_to_reach_somebody_is_for_those_who_see_persons(client_of, organisation, survey, give):
    response = give(
        3,
        GivenAnswer(CONSENT_AT, choices=("yes",)),
        GivenAnswer(CONTACT_AT, contact=ContactData("", "", "0612345678")),
        key="a",
    )
    team = Team.objects.create(organisation=organisation, name="Noord")
    Response.objects.update(team=team)
    address = reverse("analysis:answer", args=[response.public_id])
    for role, sees in (("owner", True), ("frontline", False)):
        page = client_of(organisation, role, teams=[team]).get(address)
        assert page.status_code == 200
        assert ("0612345678" in page.text) is sees


def test_how_long_it_takes_is_told_beside_the_words(alice, survey):
    text = alice.get(reverse("responses:duration", args=[survey.public_id])).text
    assert "Takes about 2 minutes, by what it asks" in text
