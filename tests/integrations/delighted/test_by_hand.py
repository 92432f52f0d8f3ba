"""What curl, Ruby, PHP and other people's connectors send, and what they trip over."""

import base64
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gloed.base import operations as base
from gloed.base.limits import Limiter
from gloed.base.models import Membership, Organisation, Staff
from gloed.fieldwork.models import Invitation
from gloed.integrations.delighted import operations, views
from gloed.integrations.delighted.rules import TYPES, metrics_of
from gloed.people.models import Person, Suppression
from gloed.responses.models import Response
from tests.integrations.delighted.conftest import NOW, Hand

PEOPLE = "people.json"
RESPONSES = "survey_responses.json"


def basic(text):
    return "Basic " + base64.b64encode(text.encode()).decode()


def person_id(call, email="anna@example.org"):
    return call("POST", PEOPLE, {"email": email, "send": False}).json()["id"]


def respond(call, score, person=None, **more):
    person = person or person_id(call)
    return call("POST", RESPONSES, {"person": person, "score": score, **more}).json()


@pytest.mark.parametrize("form", ["{}:", "{}", "{}:-", "{}:x"])
def test_a_key_is_taken_in_every_form_that_was_sent(key, form):
    told = {"Authorization": basic(form.format(key))}
    assert Client().get("/delighted/v1/metrics.json", headers=told).status_code == 200


@pytest.mark.parametrize("told", ["", "Basic", "Basic %%%", "Bearer x", basic("wrong:")])
def test_without_a_key_the_answer_is_401_in_the_old_shape(db, told):
    for path in ("metrics.json", "people", "nowhere"):
        reply = Client().get(f"/delighted/v1/{path}", headers={"Authorization": told})
        assert reply.status_code == 401
        assert json.loads(reply.content) == {"status": 401, "message": "Unauthorized"}
        assert reply["Content-Type"] == "application/json"


def test_a_key_opens_its_own_project_and_no_other(call, project):
    other = Organisation.objects.create(name="Zuid", created_at=NOW)
    theirs = operations.make_project(other, "Retail", "nps", by=None, now=NOW)
    stranger = Hand(operations.make_project_key(theirs, by=None, now=NOW)[1])
    mine = respond(call, 9)
    assert stranger("GET", f"survey_responses/{mine['id']}").status_code == 404
    assert stranger("GET", f"people/{mine['person']}").status_code == 404
    assert stranger("DELETE", f"people/{mine['person']}").status_code == 404
    refused = stranger("POST", RESPONSES, {"person": mine["person"], "score": 1})
    assert refused.json()["errors"] == {"person": ["does not exist"]}
    assert stranger("GET", PEOPLE).json() == []


@pytest.mark.parametrize(
    "path", ["people", "survey_responses", "metrics", "unsubscribes", "bounces"]
)
def test_every_address_works_with_and_without_its_suffix(call, path):
    for address in (path, f"{path}.json"):
        reply = call("GET", address, Accept="application/json")
        assert reply.status_code == 200
    assert call("GET", path, Accept="text/html").status_code == 406
    assert call("GET", f"{path}.json", Accept="text/html").status_code == 200
    assert call("GET", path, {}).status_code == 200  # one client sends a body along


def test_what_is_not_there_is_told_in_json_and_nothing_redirects(call):
    for path in ("nowhere", "people/999", "survey_responses/999", "autopilot/fax", ""):
        reply = call("GET", path)
        assert reply.status_code == 404
        assert reply.json() == {"status": 404, "message": "Not Found"}
    wrong = call("PATCH", "people")
    assert (wrong.status_code, wrong["Allow"]) == (405, "GET, POST")
    broken = Client(raise_request_exception=False).post(
        "/delighted/v1/people", b"{", "application/json", headers={"Authorization": basic(call.key)}
    )
    assert broken.status_code == 400


def test_a_form_is_as_good_as_json(call):
    body = "email=foo%2Bbar%40example.org&send=false&properties%5Bplan%5D=zon&name=Zo%C3%AB"
    made = call("POST", "people", body)
    assert made.status_code == 201
    told = made.json()
    assert (told["name"], told["properties"]) == ("Zoë", {"plan": "zon"})
    assert told["survey_scheduled_at"] is None
    assert call("POST", "people", body).status_code == 200
    answered = call("POST", RESPONSES, f"person={told['id']}&score=0").json()
    assert (answered["score"], answered["comment"]) == (0, None)
    changed = call("PUT", f"survey_responses/{answered['id']}", "comment=traag").json()
    assert (changed["score"], changed["comment"]) == (0, "traag")


def test_a_person_is_asked_once_and_the_ask_is_taken_back(call, project):
    body = {"email": "anna@example.org", "delay": 600, "properties": {"plan": "zon", "x": ""}}
    told = call("POST", PEOPLE, body).json()
    soon = timezone.now().timestamp() + 600
    assert abs(told["survey_scheduled_at"] - soon) < 30
    assert told["properties"] == {"plan": "zon"}
    assert call("POST", PEOPLE, body).json()["survey_scheduled_at"] is None
    line = Invitation.objects.get(is_open=True)
    assert (line.attributes, line.survey) == ({"plan": "zon"}, project.survey)
    path = "people/anna%40example.org/survey_requests/pending.json"
    assert call("DELETE", path).json() == {"ok": True}
    assert not Invitation.objects.filter(is_open=True).exists()
    assert call("DELETE", "people/no@example.org/survey_requests/pending").status_code == 404


def test_who_was_asked_elsewhere_lately_is_not_asked_again(call):
    body = {"email": "anna@example.org", "last_sent_at": int(timezone.now().timestamp()) - 86_400}
    assert call("POST", PEOPLE, body).json()["survey_scheduled_at"] is None
    listed = call("GET", PEOPLE).json()[0]
    assert listed["last_sent_at"] == body["last_sent_at"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": "nobody"}, "email"),
        ({"phone_number": "0612345678"}, "phone_number"),
        ({"email": "a@example.org", "channel": "fax"}, "channel"),
        ({"email": "a@example.org", "delay": "soon"}, "delay"),
        ({"email": "a@example.org", "last_sent_at": "soon"}, "last_sent_at"),
        ({"email": "a@example.org", "name": "x" * 256}, "name"),
    ],
)
def test_a_person_that_cannot_be_kept_is_told_by_field(call, body, field):
    reply = call("POST", PEOPLE, body)
    assert reply.status_code == 422
    assert reply.json()["message"] == "Unprocessable Entity"
    assert field in reply.json()["errors"]
    assert not Person.objects.exists()


def test_people_come_in_pages_with_an_absolute_link(call):
    for number in range(5):
        person_id(call, f"p{number}@example.org")
    seen, address = [], f"/delighted/v1/{PEOPLE}?per_page=2"
    told = {"Authorization": basic(call.key)}
    while address:
        reply = Client().get(address, headers=told)
        seen += [one["email"] for one in reply.json()]
        link = reply.get("Link", "")
        assert not link or link.endswith('>; rel="next"')
        address = link[1:].partition(">")[0]
        assert not address or address.startswith("http://testserver/delighted/v1/people.json?")
    assert seen == [f"p{number}@example.org" for number in range(5)]
    assert call("GET", "people?page_info=nonsense").status_code == 422
    assert call("GET", "people?per_page=0").status_code == 200


def test_a_plus_survives_however_it_comes(call):
    first = person_id(call, "foo+bar@example.org")
    for query in ("email=foo%2Bbar%40example.org", "email=foo+bar@example.org"):
        assert [one["id"] for one in call("GET", f"people?{query}").json()] == [first]
    assert call("GET", "people/email:foo+bar@example.org").json()["id"] == first
    assert call("DELETE", "people/email%3Afoo%2Bbar%40example.org.json").status_code == 202


def test_moments_are_whole_seconds_and_both_ends_count(call):
    for seconds in (100, 200, 300):
        respond(call, 9, created_at=1_700_000_000 + seconds)
    found = call("GET", f"{RESPONSES}?since=1700000200&until=1700000200").json()
    assert [one["created_at"] for one in found] == [1_700_000_200]
    later = call("GET", f"{RESPONSES}?updated_since=1700000200&order=desc").json()
    assert [one["created_at"] for one in later] == [1_700_000_300, 1_700_000_200]
    assert [one["updated_at"] for one in later] == [1_700_000_300, 1_700_000_200]
    assert call("GET", f"{RESPONSES}?since=soon").status_code == 422
    assert call("GET", f"{RESPONSES}?page=2&per_page=3").json() == []
    refused = call("POST", RESPONSES, {"person": "1", "score": 9, "created_at": 32503680000})
    assert refused.status_code == 422


def test_a_response_has_every_key_and_goes_back_whole(call):
    made = respond(call, 7, comment="fijn", person_properties={"depot": "Assen"})
    assert made.keys() == {
        "id", "person", "survey_type", "score", "comment", "permalink", "created_at",
        "updated_at", "person_properties", "notes", "tags", "additional_answers",
    }  # fmt: skip
    assert made["permalink"].rpartition("/r/")[2].isalnum()
    path = f"survey_responses/{made['id']}.json"
    whole = call("GET", f"{path}?expand[]=person&expand[]=notes").json()
    assert whole["person"]["email"] == "anna@example.org"
    back = call("PUT", path, whole | {"score": 10, "tags": ["vip"]}).json()
    unchanged = {"score": 10, "tags": ["vip"], "updated_at": back["updated_at"]}
    assert back == made | unchanged
    noted = call("PUT", path, {"notes": [{"text": "gebeld", "user_email": "a@example.org"}]}).json()
    assert noted["notes"][0]["text"] == "gebeld"
    again = call("PUT", path, noted).json()
    assert len(again["notes"]) == 1
    other = person_id(call, "bob@example.org")
    assert call("PUT", path, {"person": int(other)}).json()["person"] == other


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"score": 11}, "score"),
        ({"score": None}, "score"),
        ({"score": "x"}, "score"),
        ({"score": True}, "score"),
        ({"person": None}, "person"),
        ({"person": "no"}, "person"),
    ],
)
def test_a_response_that_cannot_be_kept_is_told_by_field(call, change, field):
    body = {"person": person_id(call), "score": 9} | change
    reply = call("POST", RESPONSES, body)
    assert (reply.status_code, field in reply.json()["errors"]) == (422, True)
    assert not Response.objects.exists()


def test_responses_of_one_person(call):
    mine = respond(call, 9)
    respond(call, 3, person_id(call, "bob@example.org"))
    for query in (f"person_id={mine['person']}", "person_email=anna@example.org"):
        assert [one["id"] for one in call("GET", f"{RESPONSES}?{query}").json()] == [mine["id"]]
    assert call("GET", f"{RESPONSES}?person_email=no@example.org").status_code == 404
    assert call("GET", f"{RESPONSES}?person_id=999999").status_code == 404
    assert call("GET", f"{RESPONSES}?trend=7").status_code == 404


def test_metrics_are_rounded_from_the_exact_difference(call):
    assert call("GET", "metrics.json").json()["nps"] is None
    for score in (10, 10, 9, 8, 7, 6):
        respond(call, score)
    told = call("GET", "metrics.json").json()
    assert told == {
        "nps": 33,
        "promoter_count": 3,
        "promoter_percent": 50,
        "passive_count": 2,
        "passive_percent": 33,
        "detractor_count": 1,
        "detractor_percent": 17,
        "response_count": 6,
    }
    old = respond(call, 0, created_at=1_600_000_000)
    assert call("GET", "metrics.json").json()["response_count"] == 6
    span = f"metrics.json?since={old['created_at']}&until={old['created_at']}"
    assert call("GET", span).json()["nps"] == -100
    assert call("GET", "metrics.json?groups[]=email").json()["email_sent_count"] == 0
    assert call("GET", "metrics.json?groups[]=fax").status_code == 422


@pytest.mark.parametrize("name", list(TYPES))
def test_every_survey_type_is_asked_and_counted(organisation, name):
    project = operations.make_project(organisation, name, name, by=None, now=NOW)
    call = Hand(operations.make_project_key(project, by=None, now=NOW)[1])
    kind = TYPES[name]
    for score in kind.scale.values:
        assert respond(call, score)["survey_type"] == name
    told = call("GET", "metrics.json").json()
    assert told == metrics_of(kind, dict.fromkeys(kind.scale.values, 1))
    assert call("POST", RESPONSES, {"person": "1", "score": 99}).status_code == 422
    with pytest.raises(operations.AnotherType):
        operations.make_project(
            organisation, name, "nps" if name != "nps" else "csat", by=None, now=NOW
        )


def test_who_unsubscribed_is_never_asked_again(call):
    person_id(call)
    for _ in range(2):
        reply = call("POST", "unsubscribes.json", {"person_email": "anna@example.org"})
        assert (reply.status_code, reply.json()) == (201, {"ok": True})
    call("POST", "unsubscribes.json", {"person_email": "new@example.org"})
    told = call("POST", PEOPLE, {"email": "anna@example.org"}).json()
    assert told["survey_scheduled_at"] is None
    listed = call("GET", "unsubscribes.json").json()
    assert [one["email"] for one in listed] == ["anna@example.org", "new@example.org"]
    assert isinstance(listed[0]["person_id"], str)
    assert call("GET", "unsubscribes.json?until=1000").json() == []
    assert call("POST", "unsubscribes.json", {}).status_code == 422


def test_bounces_are_listed(call, organisation):
    person = person_id(call)
    Suppression.objects.create(
        organisation=organisation, key="anna@example.org", reason="bounce", source="mail", at=NOW
    )
    assert call("GET", "bounces.json").json() == [
        {
            "person_id": person,
            "email": "anna@example.org",
            "name": None,
            "bounced_at": int(NOW.timestamp()),
        }
    ]


def test_removing_a_person_removes_all_of_them(call):
    mine = respond(call, 0, comment="weg")
    call("POST", "unsubscribes.json", {"person_email": "anna@example.org"})
    call("POST", "autopilot/email/memberships", {"person_id": mine["person"]})
    reply = call("DELETE", f"people/{mine['person']}.json")
    assert (reply.status_code, reply.json()) == (202, {"ok": True})
    assert call("GET", f"survey_responses/{mine['id']}").status_code == 404
    assert call("GET", "metrics.json").json()["response_count"] == 0
    assert call("GET", "unsubscribes.json").json() == []
    assert call("GET", "autopilot/email/memberships").json() == []
    assert call("POST", PEOPLE, {"email": "anna@example.org"}).status_code == 201


def test_members_are_asked_again_and_again(call, project):
    assert call("GET", "autopilot/email.json").json()["frequency"] is None
    member = {"person_email": "anna@example.org", "properties": {"plan": "zon"}}
    assert call("POST", "autopilot/email/memberships.json", member).status_code == 201
    assert operations.fly(now=NOW) == 0
    operations.set_autopilot(project, "email", is_active=True, frequency=86_400 * 90, now=NOW)
    told = call("GET", "autopilot/email").json()
    assert (told["active"], told["frequency"]) == (True, 7_776_000)
    assert operations.fly(now=NOW) == 1
    assert operations.fly(now=NOW) == 0
    line = Invitation.objects.get()
    assert (line.attributes, line.is_open) == ({"plan": "zon"}, True)
    replaced = call("POST", "autopilot/email/memberships", member | {"properties": {"a": 1}})
    assert replaced.status_code == 200
    listed = call("GET", "autopilot/email/memberships?person_email=anna@example.org").json()
    request = listed[0]["next_survey_request"]
    assert request["survey_scheduled_at"] == int((NOW + timedelta(days=90)).timestamp())
    assert request["properties"] == {"a": 1}
    both = "autopilot/email/memberships?person_id=1&person_email=a@example.org"
    assert call("DELETE", both).status_code == 422
    gone = call("DELETE", "autopilot/email/memberships", "person_email=anna%40example.org")
    assert gone.status_code == 202
    assert gone.json()["person"]["email"] == "anna@example.org"
    line.refresh_from_db()
    assert not line.is_open
    again = call("DELETE", "autopilot/email/memberships", {"person_email": "anna@example.org"})
    assert again.status_code == 404


def test_a_key_that_asks_too_much_learns_when_to_come_back(call, monkeypatch):
    monkeypatch.setattr(views, "LIMITER", Limiter(per_minute=60, burst=1))
    assert call("GET", "metrics").status_code == 200
    refused = call("GET", "metrics")
    assert (refused.status_code, refused["Retry-After"]) == (429, "1")
    assert refused.json() == {"status": 429, "message": "Too Many Requests"}


def test_something_that_breaks_tells_nothing_of_the_inside(call, monkeypatch):
    def breaks(*_arguments, **_names):
        raise RuntimeError("secret of the database")

    monkeypatch.setattr("gloed.integrations.delighted.endpoints.people.shapes.persons", breaks)
    reply = call("GET", PEOPLE)
    assert (reply.status_code, "secret" in reply.text) == (500, False)


def test_the_pages_show_who_still_calls_and_make_a_key_once(call, project):
    staff = Staff.objects.create_user("alice@example.org", "a long enough password")
    Membership.objects.create(organisation=project.organisation, staff=staff, role="owner")
    client = Client()
    client.force_login(staff)
    call("GET", "metrics", User_Agent="Delighted Python 4.2.0")
    shown = client.get(f"/organisation/delighted/{project.public_id}/").text
    assert "Delighted Python 4.2.0" in shown
    made = client.post("/organisation/delighted/", {"name": "Web", "survey_type": "csat"})
    assert Hand(made.context["made"])("GET", "metrics").json()["csat"] is None
    clash = client.post("/organisation/delighted/", {"name": "Web", "survey_type": "ces"})
    assert "name" in clash.context["form"].errors
    setting = {"platform": "email", "is_active": "on", "days": ""}
    refused = client.post(f"/organisation/delighted/{project.public_id}/", setting)
    assert "after how many days" in refused.text
    client.post(f"/organisation/delighted/{project.public_id}/", setting | {"days": "30"})
    assert call("GET", "autopilot/email").json()["frequency"] == 30 * 86_400
    answer = respond(call, 9)
    there = client.get(answer["permalink"].removeprefix("http://127.0.0.1:8000"))
    assert there.status_code == 302
    key = project.keys.get().key
    base.revoke_key(key, by=staff, at=NOW)
    assert call("GET", "metrics").status_code == 401
