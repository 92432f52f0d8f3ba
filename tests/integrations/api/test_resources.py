"""Persons, accounts, events, surveys, invitations, answers and scores through the API."""

from datetime import UTC, datetime

import pytest

from gloed.analysis import store
from gloed.base.worker import run_until_idle
from gloed.fieldwork.models import Invitation
from gloed.people.models import Account, Person, Suppression
from gloed.responses.models import Response
from gloed.surveys import operations as surveys
from tests.conftest import NOW

ANNA = {"email": "Anna@Example.org", "name": "Anna", "attributes": {"plan": "zon"}}


def test_a_person_is_made_found_again_and_changed(call):
    made = call("POST", "persons", ANNA | {"account": "Acme"})
    assert made.status_code == 201
    assert made.json()["account"]["name"] == "Acme"
    again = call("POST", "persons", {"email": "anna@example.org", "phone": "+31612345678"})
    assert again.status_code == 200
    shown = again.json()
    assert shown["id"] == made.json()["id"]
    assert (shown["name"], shown["phone"]) == ("Anna", "+31612345678")
    path = f"persons/{shown['id']}"
    change = {"name": "", "attributes": {"plan": None, "city": "Assen"}, "account": ""}
    changed = call("PATCH", path, change).json()
    assert (changed["name"], changed["attributes"]) == ("", {"city": "Assen"})
    assert changed["account"] is None
    call("POST", "persons", {"email": "bob@example.org"})
    taken = call("PATCH", path, {"email": "bob@example.org"})
    assert taken.status_code == 422
    assert call("GET", "persons?email=ANNA@example.org").json()["data"][0]["id"] == shown["id"]


def test_many_persons_come_in_at_once_or_not_at_all(call):
    many = [{"external_id": str(number), "name": f"N{number}"} for number in range(300)]
    ids = call("POST", "persons/bulk", {"persons": many}).json()["ids"]
    assert len(set(ids)) == 300
    assert call("POST", "persons/bulk", {"persons": many}).json()["ids"] == ids
    wrong = call("POST", "persons/bulk", {"persons": [*many, {"name": "no key"}]})
    assert wrong.status_code == 422
    assert Person.objects.count() == 300


def test_a_list_is_read_in_pages_to_the_end(call):
    many = [{"external_id": str(number)} for number in range(25)]
    call("POST", "persons/bulk", {"persons": many})
    seen, after = [], ""
    while after is not None:
        page = call("GET", f"persons?limit=10&after={after}").json()
        seen += [one["external_id"] for one in page["data"]]
        after = page["next"]
    assert seen == [str(number) for number in range(25)]
    assert call("GET", "persons?after=nonsense").status_code == 422


def test_an_erased_person_is_gone_and_does_not_come_back(call, survey_id):
    body = {"survey": survey_id, "id": "1", "rating": 9, "text": "fijn", "person": ANNA}
    answer = call("POST", "answers", body).json()
    assert call("DELETE", f"persons/{answer['person']}").status_code == 204
    assert call("GET", f"answers/{answer['id']}").json()["text"] == ""
    assert call("POST", "persons", ANNA).status_code == 409


def test_somebody_opts_out_through_another_system(call, survey, survey_id):
    person = call("POST", "persons", ANNA).json()["id"]
    asked = call("POST", "invitations", {"survey": survey_id, "person": person}).json()
    assert asked["disposition"] == "created"
    shown = call("POST", f"persons/{person}/opt-out").json()
    assert [one["reason"] for one in shown["no_surveys"]] == ["opt_out"]
    line = call("GET", f"invitations/{asked['id']}").json()
    assert line["disposition"] not in {"created", "sent"}
    again = call("POST", "invitations", {"survey": survey_id, "person": person})
    assert again.json()["skip"] == "opted_out"
    assert again.json()["link"] is None
    assert Suppression.objects.get().source == "api"


def test_accounts_have_a_name_once(call):
    made = call("POST", "accounts", {"name": "Acme"})
    assert made.status_code == 201
    same = call("POST", "accounts", {"name": "Acme", "external_id": "7"})
    assert (same.status_code, same.json()["external_id"]) == (200, "7")
    call("POST", "accounts", {"name": "Bolt"})
    path = f"accounts/{made.json()['id']}"
    assert call("PATCH", path, {"name": "Bolt"}).status_code == 409
    assert call("PATCH", path, {"name": "Acme BV"}).json()["name"] == "Acme BV"
    assert Account.objects.count() == 2


def test_an_event_counts_once(call):
    event = {"id": "order-1", "kind": "Delivery", "person": ANNA, "properties": {"depot": "Zwolle"}}
    first, second = call("POST", "events", event), call("POST", "events", event)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    late = call("POST", "events", event | {"id": "2", "occurred_at": "2999-01-01T00:00:00Z"})
    assert late.json()["errors"][0]["pointer"] == "/occurred_at"


def test_a_survey_shows_what_it_asks(call, survey, survey_id):
    shown = call("GET", f"surveys/{survey_id}").json()
    assert shown["link"].endswith(f"/s/{survey.slug}/")
    rating, why = shown["questions"]
    assert (rating["key"], rating["minimum"], rating["maximum"]) == ("rating", 0, 10)
    assert why["kind"] == "open"
    assert set(why["words"]) == {"nl", "en"}
    assert call("GET", "surveys?state=draft").json()["data"] == []
    assert call("GET", "surveys?state=odd").status_code == 422


def test_an_ask_is_made_once_for_an_event_and_taken_back(call, survey_id):
    person = call("POST", "persons", ANNA).json()["id"]
    body = {"survey": survey_id, "person": person, "event": "order-1", "delay_seconds": 3600}
    first, second = call("POST", "invitations", body), call("POST", "invitations", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    path = f"invitations/{first.json()['id']}"
    assert call("DELETE", path).json()["disposition"] == "withdrawn"
    assert call("DELETE", path).status_code == 409
    assert Invitation.objects.filter(is_open=True).count() == 0
    odd = call("POST", "invitations", body | {"channel": "pigeon"})
    assert "email" in odd.json()["errors"][0]["detail"]


def test_an_answer_comes_in_once_and_is_set_right(call, survey_id):
    body = {
        "survey": survey_id,
        "id": "visit-1",
        "rating": 0,
        "text": "te laat",
        "person": ANNA,
        "answered_at": "2026-03-02T10:30:00+01:00",
        "team": "Zuid",
        "attributes": {"depot": "Zwolle"},
        "tags": ["phone"],
    }
    first, second = call("POST", "answers", body), call("POST", "answers", body)
    assert (first.status_code, second.status_code) == (201, 200)
    shown = first.json()
    assert (shown["rating"], shown["text"], shown["team"]) == (0, "te laat", "Zuid")
    assert shown["answered_at"] == "2026-03-02T09:30:00Z"
    assert Response.objects.get().responded_at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    path = f"answers/{shown['id']}"
    assert call("PATCH", path, {"rating": 10}).json()["rating"] == 10
    assert call("PATCH", path, {"rating": 11}).status_code == 422
    assert call("POST", "answers", body).json()["rating"] == 10
    assert call("DELETE", path).json()["withdrawn_at"] is not None


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"rating": 11}, "/rating"),
        ({"rating": None, "text": ""}, "/rating"),
        ({"further": {"shoe": {"rating": 4}}}, "/further"),
        ({"answered_at": "2999-01-01T00:00:00Z"}, "/answered_at"),
        ({"answered_at": "2026-01-01T00:00:00"}, "/answered_at"),
        ({"text": "a\x00b"}, "/text"),
        ({"id": ""}, "/id"),
    ],
)
def test_an_answer_that_cannot_be_used_points_at_the_field(call, survey_id, change, pointer):
    reply = call("POST", "answers", {"survey": survey_id, "id": "1", "rating": 9} | change)
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["pointer"] == pointer
    assert not Response.objects.exists()


def test_a_closed_survey_takes_no_answer(call, survey, survey_id):
    surveys.close_survey(survey, now=NOW)
    reply = call("POST", "answers", {"survey": survey_id, "id": "1", "rating": 9})
    assert reply.status_code == 409


@pytest.mark.django_db(transaction=True)
def test_a_score_is_that_of_the_page(call, survey, survey_id, settings, tmp_path):
    settings.PROJECTION = tmp_path
    empty = call("GET", f"scores/{survey_id}").json()
    assert empty["estimate"] is None
    for number in range(40):
        rating = (10, 9, 8, 3)[number % 4]
        team = "Zuid" if number % 2 else "Noord"
        call(
            "POST",
            "answers",
            {"survey": survey_id, "id": str(number), "rating": rating, "team": team},
        )
    run_until_idle()
    score = call("GET", f"scores/{survey_id}?by=team").json()
    assert score["estimate"]["value"] == pytest.approx(25.0)
    assert score["estimate"]["low"] < 25 < score["estimate"]["high"]
    assert (score["estimate"]["n"], score["estimate"]["method"]) == (40, "score")
    assert sum(score["histogram"].values()) == 40
    assert {one["n"] for one in score["segments"]} == {20}
    assert score["by"] == "team"
    assert dict(score["definition"])
    assert store.projection_of(survey.organisation).cut_off is not None
    assert call("GET", f"scores/{survey_id}?when=never").status_code == 422
