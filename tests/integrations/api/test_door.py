"""The door of the API: keys, rights, limits, repeats, tags, and problems in one shape."""

import json
import threading

import pytest
from django.db import connection, connections
from django.test import Client

from gloed.base import operations as base
from gloed.base.keys import Scope
from gloed.base.limits import Limiter
from gloed.base.models import ApiKey, Organisation
from gloed.integrations.api import service
from gloed.people.models import Person
from tests.conftest import NOW
from tests.integrations.api.conftest import caller_of


def problem_of(reply):
    assert reply["Content-Type"] == "application/problem+json"
    told = json.loads(reply.content)
    assert told["status"] == reply.status_code
    assert told["type"].startswith("http://testserver/api/problems/#")
    assert told["instance"] == f"urn:uuid:{reply['X-Request-Id']}"
    return told["type"].rpartition("#")[2]


def test_a_key_tells_whose_it_is(call):
    me = call("GET", "me").json()
    assert me["organisation"] == "Noorderlicht Energie"
    assert ApiKey.objects.get().last_used_at is not None


@pytest.mark.parametrize("told", ["", "Bearer ", "Bearer gloed_wrong", "Basic abc", "Bearer ü"])
def test_without_a_living_key_there_is_nothing(db, told):
    for path in ("me", "persons", "nowhere"):
        reply = Client().get(f"/api/v1/{path}", headers={"Authorization": told})
        assert problem_of(reply) == "unauthenticated"
        assert reply["WWW-Authenticate"].startswith("Bearer")


def test_an_ended_key_and_a_key_for_another_door_open_nothing(organisation):
    key, text = base.make_key(organisation, "x", scopes=Scope, by=None, at=NOW)
    base.revoke_key(key, by=None, at=NOW)
    _key, other = base.make_key(organisation, "x", kind="delighted", by=None, at=NOW)
    for one in (text, other):
        reply = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {one}"})
        assert reply.status_code == 401


def test_every_operation_needs_its_right(organisation, survey_id):
    call = caller_of(organisation)
    operations = [
        ("GET", "persons", None),
        ("POST", "persons", {"email": "a@example.org"}),
        ("POST", "persons/bulk", {"persons": [{"email": "a@example.org"}]}),
        ("GET", "accounts", None),
        ("POST", "accounts", {"name": "Acme"}),
        ("POST", "events", {"id": "1", "kind": "x", "person": {"email": "a@example.org"}}),
        ("GET", "surveys", None),
        ("GET", "invitations", None),
        ("POST", "invitations", {"survey": survey_id, "person": "per_1"}),
        ("GET", "answers", None),
        ("POST", "answers", {"survey": survey_id, "id": "1", "rating": 9}),
        ("GET", f"scores/{survey_id}", None),
    ]
    for method, path, body in operations:
        assert problem_of(call(method, path, body)) == "forbidden", path
    assert not Person.objects.exists()


def test_what_belongs_to_another_organisation_is_not_there(call, survey_id):
    stranger = caller_of(Organisation.objects.create(name="Zuid", created_at=NOW), *Scope)
    person = call("POST", "persons", {"email": "a@example.org"}).json()["id"]
    answer = call("POST", "answers", {"survey": survey_id, "id": "1", "rating": 9}).json()["id"]
    for method, path, body in [
        ("GET", f"persons/{person}", None),
        ("PATCH", f"persons/{person}", {"name": "x"}),
        ("DELETE", f"persons/{person}", None),
        ("GET", f"surveys/{survey_id}", None),
        ("GET", f"scores/{survey_id}", None),
        ("GET", f"answers/{answer}", None),
        ("DELETE", f"answers/{answer}", None),
        ("POST", "answers", {"survey": survey_id, "id": "2", "rating": 9}),
    ]:
        assert problem_of(stranger(method, path, body)) == "not-found", path
    assert stranger("GET", "persons").json() == {"data": [], "next": None}


def test_what_cannot_be_carried_out_says_so_in_one_shape(call):
    assert problem_of(call("GET", "nowhere")) == "not-found"
    assert problem_of(call("GET", "persons/per_zz")) == "not-found"
    wrong = call("PUT", "me")
    assert problem_of(wrong) == "method-not-allowed"
    assert "GET" in wrong["Allow"]
    reply = call("POST", "persons", {"email": "nobody", "phone": "1" * 50, "shoe": 43})
    assert problem_of(reply) == "invalid-fields"
    pointers = {one["pointer"] for one in reply.json()["errors"]}
    assert pointers == {"/email", "/phone", "/shoe"}
    told = {"Authorization": f"Bearer {call.text}"}
    client = Client(raise_request_exception=False)
    broken = client.post("/api/v1/persons", b"{", "application/json", headers=told)
    assert problem_of(broken) == "malformed-body"
    form = client.post("/api/v1/persons", {"email": "a@example.org"}, headers=told)
    assert problem_of(form) == "unsupported-media"
    huge = client.post("/api/v1/persons", b" " * 5_000_001, "application/json", headers=told)
    assert problem_of(huge) == "too-large"


def test_something_that_breaks_tells_a_number_and_no_more(call, monkeypatch):
    def breaks(*_arguments):
        raise RuntimeError("secret of the database")

    monkeypatch.setattr("gloed.integrations.api.resources.persons.page_of", breaks)
    reply = call("GET", "persons")
    assert problem_of(reply) == "our-fault"
    assert "secret" not in reply.text


def test_a_key_that_asks_too_much_is_told_when_to_come_back(call, monkeypatch):
    monkeypatch.setattr(service, "LIMITER", Limiter(per_minute=60, burst=2))
    first, second, third = (call("GET", "me") for _ in range(3))
    assert (first["RateLimit-Remaining"], second["RateLimit-Remaining"]) == ("1", "0")
    assert problem_of(third) == "rate-limited"
    assert third["Retry-After"] == "1"


def test_a_bucket_fills_again_with_time():
    limiter = Limiter(per_minute=60, burst=2)
    assert [limiter.take(1, now=0).is_allowed for _ in range(3)] == [True, True, False]
    assert limiter.take(2, now=0).is_allowed
    assert limiter.take(1, now=0.5).retry_after == 1
    assert limiter.take(1, now=1.1).is_allowed


def test_the_same_idempotency_key_does_it_once(call, survey_id):
    body = {"survey": survey_id, "id": "visit-1", "rating": 9}
    first = call("POST", "answers", body, Idempotency_Key="k1")
    again = call("POST", "answers", body, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again["Idempotent-Replayed"] == "true"
    other = call("POST", "answers", body | {"rating": 3}, Idempotency_Key="k1")
    assert problem_of(other) == "conflict"
    refused = call("POST", "persons", {"email": "x"}, Idempotency_Key="k2")
    assert refused.status_code == 422
    mended = call("POST", "persons", {"email": "x@example.org"}, Idempotency_Key="k2")
    assert problem_of(mended) == "conflict"


@pytest.mark.django_db(transaction=True)
def test_the_same_request_at_the_same_instant_does_it_once(call):
    body, replies = {"name": "Acme"}, []

    def post():
        try:
            replies.append(call("POST", "accounts", body, Idempotency_Key="k").status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=post) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(replies) <= {201, 409}
    assert 201 in replies
    assert call("GET", "accounts").json()["data"][0]["name"] == "Acme"
    assert connection.vendor in {"sqlite", "postgresql"}


def test_tags_save_reading_and_overwriting(call):
    made = call("POST", "persons", {"email": "a@example.org", "name": "Anna"}).json()
    path = f"persons/{made['id']}"
    tag = call("GET", path)["ETag"]
    unchanged = call("GET", path, If_None_Match=tag)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert call("PATCH", path, {"name": "Anne"}, If_Match=tag).status_code == 200
    late = call("PATCH", path, {"name": "Ans"}, If_Match=tag)
    assert problem_of(late) == "changed-meanwhile"
    assert Person.objects.get().name == "Anne"
