"""What a program sends that no database keeps, or that nobody can read."""

import pytest
from django.test import Client

from gloed.people.models import Person
from gloed.responses.models import Response
from tests.integrations.delighted.test_by_hand import PEOPLE, RESPONSES, basic

WILD = (
    '{"x\\u0000": "half \\ud83d", "n": NaN, "far": 1e999, '
    '"path": "C:\\\\u0000", "ok": "\\ud83d\\ude00"}'
)
TAME = {"x": "half ", "n": "nan", "far": "inf", "path": "C:\\u0000", "ok": "😀"}


def raw(key, method, path, body):
    return Client(raise_request_exception=False).generic(
        method,
        f"/delighted/v1/{path}",
        data=body.encode(),
        content_type="application/json",
        headers={"Authorization": basic(f"{key}:")},
    )


def test_what_no_database_keeps_is_left_out_everywhere(call, key):
    person = raw(key, "POST", PEOPLE, f'{{"email": "a@example.org", "properties": {WILD}}}')
    assert (person.status_code, person.json()["properties"]) == (201, TAME)
    told = f'"score": 3, "person_properties": {WILD}'
    made = raw(key, "POST", RESPONSES, f'{{"person": {person.json()["id"]}, {told}}}').json()
    assert made["person_properties"] == TAME
    more = '"tags": ["a\\u0000", "\\ud800b"], "notes": [{"text": "\\u0000\\ud800called"}]'
    changed = raw(key, "PUT", f"survey_responses/{made['id']}", f"{{{more}}}").json()
    assert changed["tags"] == ["a", "b"]
    assert [note["text"] for note in changed["notes"]] == ["called"]
    assert Response.objects.get().attributes == TAME


def test_a_body_that_is_nested_too_deeply_cannot_be_read(key):
    assert raw(key, "POST", PEOPLE, "[" * 200_000).status_code == 400


@pytest.mark.parametrize("sent", [["a@example.org"], {"a": "a@example.org"}])
def test_a_list_is_no_address(call, sent):
    refused = call("POST", PEOPLE, {"email": sent})
    assert (refused.status_code, refused.json()["errors"]) == (422, {"email": ["is invalid"]})
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    "path", ["people", "survey_responses", "metrics", "unsubscribes", "bounces"]
)
def test_the_last_second_there_is_can_be_an_end(call, path):
    assert call("GET", f"{path}.json?until=253402300799").status_code == 200


def test_nobody_was_asked_in_the_future(call):
    far_off = {"email": "a@example.org", "last_sent_at": 99_999_999_999}
    refused = call("POST", PEOPLE, far_off)
    told = {"last_sent_at": ["can't be in the future"]}
    assert (refused.status_code, refused.json()["errors"]) == (422, told)
    assert not Person.objects.exists()
