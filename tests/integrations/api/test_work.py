"""Themes, cases, improvements and exports over the API: read, written, kept apart."""

import pytest
from django.utils import timezone

from gloed.analysis.goals.models import Goal
from gloed.base.keys import Scope
from gloed.base.models import Organisation
from gloed.base.worker import run_until_idle
from gloed.integrations.api.ids import ANSWER, GOAL, id_of
from gloed.loop.improvements.models import Improvement
from gloed.responses import operations as responses
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys.queries import get_asked
from tests.conftest import NOW
from tests.integrations.api.conftest import caller_of


@pytest.fixture
def answer_id(survey):
    given = IncomingAnswer(
        answers=(GivenAnswer(1, rating=8), GivenAnswer(2, verbatim="te laat")),
        source="api",
        source_id="1",
    )
    receipt = responses.receive_answer(given, survey=get_asked(survey.pk), now=timezone.now())
    return id_of(ANSWER, receipt.response_id)


def test_a_case_goes_from_opened_to_closed(call, answer_id):
    made = call("POST", "cases", {"answer": answer_id})
    assert made.status_code == 201
    case = made.json()
    assert (case["status"], case["because"], case["answer"]) == ("open", ["by_hand"], answer_id)
    assert call("POST", "cases", {"answer": answer_id}).status_code == 200
    here = f"cases/{case['id']}"
    assert call("POST", f"{here}/notes", {"text": "Gebeld, geen gehoor"}).status_code == 201
    assert call("POST", f"{here}/contacted").json()["contacted_at"]
    saved = call("PATCH", here, {"version": case["version"], "done": "Monteur gestuurd"})
    assert saved.json()["done"] == "Monteur gestuurd"
    clash = call("PATCH", here, {"version": case["version"], "done": "Iets anders"})
    assert clash.status_code == 409
    closed = call("POST", f"{here}/close", {"outcome": "solved"}).json()
    assert (closed["status"], closed["outcome"]) == ("closed", "solved")
    assert call("POST", f"{here}/close", {"outcome": "solved"}).status_code == 200
    assert call("POST", f"{here}/reopen").json()["closed_at"] is None
    story = call("GET", here).json()["story"]
    assert any("geen gehoor" in line["text"] for line in story)
    assert [one["id"] for one in call("GET", "cases?status=contacted").json()["data"]] == [
        case["id"]
    ]
    assert call("GET", "cases?status=closed").json()["data"] == []


def test_an_improvement_is_noted_moved_and_removed(call, answer_id):
    told = {"title": "Monteurs bellen vooraf", "goal": "Afspraak is afspraak"}
    made = call("POST", "improvements", told | {"answers": [answer_id]})
    assert made.status_code == 201
    one = made.json()
    assert (one["status"], one["answers"]) == ("idea", 1)
    here = f"improvements/{one['id']}"
    tag = call("GET", here)["ETag"]
    moved = call("PATCH", here, {"status": "started", "due_on": "2026-06-01"}, If_Match=tag)
    assert (moved.json()["status"], moved.json()["due_on"]) == ("started", "2026-06-01")
    assert call("PATCH", here, {"title": "x"}, If_Match=tag).status_code == 412
    assert call("POST", "improvements", told | {"themes": ["nowhere"]}).status_code == 422
    assert len(call("GET", "improvements?status=started").json()["data"]) == 1
    assert call("DELETE", here).status_code == 204
    assert call("GET", here).status_code == 404
    assert Improvement.objects.get().removed_at is not None


def test_an_improvement_serves_a_goal_that_is_set(call, organisation):
    days = {"set_on": "2026-01-01", "due_on": "2026-12-31", "created_at": NOW}
    aim, gone, foreign = (
        Goal.objects.create(organisation=house, name=name, value=40, deleted_at=deleted, **days)
        for house, name, deleted in (
            (organisation, "NPS 40", None),
            (organisation, "Weg", NOW),
            (Organisation.objects.create(name="Anders", created_at=NOW), "Van hen", None),
        )
    )
    [listed] = call("GET", "goals").json()["data"]
    assert (listed["name"], listed["value"]) == ("NPS 40", 40)
    told = {"title": "Bellen", "goal": "iets anders", "goal_id": listed["id"]}
    one = call("POST", "improvements", told).json()
    assert (one["goal"], one["goal_id"]) == ("NPS 40", listed["id"])
    assert Improvement.objects.get().goal_key == aim.public_id
    here = f"improvements/{one['id']}"
    named = call("PATCH", here, {"goal_id": None}).json()
    assert (named["goal"], named["goal_id"]) == ("NPS 40", None)
    again = call("PATCH", here, {"goal_id": listed["id"], "title": "Vooraf bellen"}).json()
    assert (again["goal_id"], again["title"]) == (listed["id"], "Vooraf bellen")
    own = call("PATCH", here, {"goal": "Minder wachten"}).json()
    assert (own["goal"], own["goal_id"]) == ("Minder wachten", None)
    for other in (gone, foreign):
        refused = call("PATCH", here, {"goal_id": id_of(GOAL, other.public_id)})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/goal_id")


def test_an_archive_is_made_and_taken_along(call):
    asked = call("POST", "exports")
    assert asked.status_code == 202
    here = f"exports/{asked.json()['id']}"
    assert [one["id"] for one in call("GET", "exports").json()["data"]] == [asked.json()["id"]]
    assert asked.json()["state"] == "waiting"
    assert call("GET", f"{here}/file").status_code == 409
    run_until_idle()
    ready = call("GET", here).json()
    assert ready["state"] == "ready"
    file = call("GET", f"{here}/file")
    assert file["Content-Type"] == "application/zip"
    assert len(b"".join(file.streaming_content)) == ready["bytes"]


def test_themes_are_few_where_nobody_has_a_codebook(call):
    assert call("GET", "themes").json() == {"answers": 0, "few": 0, "data": []}
    assert call("GET", "themes/late").status_code == 404


def test_a_key_reaches_only_its_own_and_only_what_it_may(organisation, call, answer_id):
    case = call("POST", "cases", {"answer": answer_id}).json()
    stranger = caller_of(Organisation.objects.create(name="Zuid", created_at=NOW), *Scope)
    for path in (f"cases/{case['id']}", "cases/cas_1"):
        assert stranger("GET", path).status_code == 404
    assert stranger("POST", "cases", {"answer": answer_id}).status_code == 404
    reader = caller_of(organisation, Scope.READ_WORK)
    assert reader("GET", f"cases/{case['id']}").status_code == 200
    for method, path in (
        ("POST", f"cases/{case['id']}/reopen"),
        ("GET", "themes"),
        ("GET", "exports"),
    ):
        assert reader(method, path).status_code == 403
