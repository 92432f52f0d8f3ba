"""Every room that changes something writes it in the trail, in words of both languages."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from gloed.base import audit
from gloed.base.models import AuditEntry, Membership, Organisation
from gloed.responses.models import Answer, Response
from gloed.surveys import operations as surveys
from gloed.surveys.models import Survey
from gloed.surveys.rules import Metric
from tests.conftest import NOW

ROOT = Path(__file__).parents[2] / "src/gloed"
RECORDED = re.compile(
    r"(?:audit\.record(?:_everywhere)?|_audit)\(\s*[\w.]+,\s*(?:[\w.]+,\s*)?\"([a-z_]+\.[a-z_]+)\""
)


@pytest.fixture
def survey(organisation):
    content = surveys.usual_content(organisation, Metric.NPS)
    return surveys.create_survey(organisation, title="Service", content=content, now=NOW)


def deeds():
    return list(AuditEntry.objects.order_by("pk").values_list("action", "subject"))


def change(client, survey, to):
    client.post(reverse("surveys:change_state", args=[survey.public_id]), {"to": to})


def test_the_life_of_a_survey_stands_in_the_trail(alice, survey):
    change(alice, survey, "open")
    change(alice, survey, "closed")
    change(alice, survey, "open")
    content = surveys.usual_content(survey.organisation, Metric.NPS, rating_text="Anders?")
    surveys.edit_survey(survey, title="Service", content=content, kind=survey.kind)
    change(alice, survey, "discarded")
    assert deeds() == [
        ("survey.published", "Service"),
        ("survey.opened", "Service"),
        ("survey.closed", "Service"),
        ("survey.opened", "Service"),
        ("survey.draft_discarded", "Service"),
    ]
    assert AuditEntry.objects.exclude(staff=None).count() == 5
    assert AuditEntry.objects.order_by("pk")[0].detail == {"version": 1}


def test_deleting_a_draft_and_bringing_it_back(alice, survey):
    alice.post(reverse("surveys:delete", args=[survey.public_id]))
    for _ in range(2):  # a second press changes nothing
        alice.post(reverse("surveys:restore", args=[survey.public_id]))
    assert deeds() == [("survey.draft_deleted", "Service"), ("survey.draft_restored", "Service")]


def test_what_nobody_pressed_stands_in_the_trail_of_its_import_only(survey):
    surveys.publish(survey, now=NOW)
    surveys.close_survey(survey, now=NOW)
    assert deeds() == []


def test_a_correction_tells_the_ratings_and_never_the_words(alice, organisation, survey):
    surveys.publish(survey, now=NOW)
    survey.refresh_from_db()
    response = Response.objects.create(
        organisation=organisation,
        survey=survey,
        version=survey.current,
        key="source:1",
        source="import",
        recorded_at=NOW,
        updated_at=NOW,
    )
    question = survey.current.questions.get(position=1)
    Answer.objects.create(response=response, question=question, rating=3)
    address = [response.public_id]
    alice.post(reverse("analysis:correct", args=address), {"position": "1", "rating": "8"})
    alice.post(reverse("analysis:withdraw", args=address))
    alice.post(reverse("analysis:restore", args=address))
    subject = str(response.public_id)
    assert deeds() == [
        ("responses.correct", subject),
        ("responses.withdraw", subject),
        ("responses.undo_withdraw", subject),
    ]
    detail = AuditEntry.objects.get(action="responses.correct").detail
    with translation.override("nl"):
        assert audit.detail_words(detail) == [("cijfer", "3 → 8")]


def test_the_sample_comes_and_goes_in_the_trail_of_the_own_organisation(alice, organisation):
    alice.post(reverse("sample:load"))
    sample = Organisation.objects.get(is_sample=True)
    alice.post(reverse("sample:remove"))
    assert not Organisation.objects.filter(is_sample=True).exists()
    assert Membership.objects.get().organisation == organisation
    assert deeds() == [("sample.loaded", sample.name), ("sample.removed", sample.name)]


def recorded_actions():
    return sorted(
        {name for path in ROOT.rglob("*.py") for name in RECORDED.findall(path.read_text("utf-8"))}
    )


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_action_in_the_code_has_words(language):
    actions = recorded_actions()
    assert {"survey.opened", "people.erase", "sample.loaded", "responses.withdraw"} <= set(actions)
    with translation.override(language):
        words = {action: audit.action_name(action) for action in actions}
    assert {action for action, word in words.items() if action == word} == set()
    if language == "nl":
        with translation.override("en"):
            english = {action: audit.action_name(action) for action in actions}
        assert {action for action in actions if words[action] == english[action]} == set()


def test_a_survey_elsewhere_is_not_touched(charlie, survey):
    change(charlie, survey, "open")
    assert Survey.objects.get().state == Survey.State.DRAFT
    assert deeds() == []
