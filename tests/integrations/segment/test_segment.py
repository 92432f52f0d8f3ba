"""A pipeline tells whom it knows and what happened, in batches, and hears of answers."""

import base64
import gzip
import hashlib
import hmac
import json

import pytest
from django.test import Client

from gloed.base.worker import run_until_idle
from gloed.fieldwork.models import ReceivedEvent
from gloed.integrations.connectors import operations, shape
from gloed.integrations.connectors.models import Arrival, Dispatch
from gloed.integrations.webhooks.rules import Wish
from gloed.people.models import Person
from tests.conftest import NOW

BATCH = {
    "batch": [
        {
            "type": "identify",
            "messageId": "1",
            "userId": "c7",
            "traits": {"email": "anna@example.org", "firstName": "Anna", "plan": "zon"},
            "context": {"locale": "nl-NL"},
        },
        {"type": "group", "messageId": "2", "userId": "c7", "traits": {"name": "Bakkerij"}},
        {
            "type": "track",
            "messageId": "3",
            "userId": "c7",
            "event": "Ticket Solved",
            "properties": {"agent": "Bob"},
            "timestamp": "2026-03-01T10:00:00Z",
        },
        {"type": "page", "messageId": "4", "userId": "c7"},
    ]
}


@pytest.fixture
def make(organisation):
    def connect(**given):
        given = {"endpoint": "", "write_key": "", "shared_secret": "", **given}
        wish = Wish(frozenset({"response.created"}))
        return operations.connect(
            organisation,
            "segment",
            given,
            name="CDP",
            wish=wish,
            with_person=True,
            by=None,
            now=NOW,
        )

    return connect


def test_a_batch_of_the_library_comes_in_once(make):
    connection = make()
    address = operations.address_of(connection) + "v1/batch"
    raw = gzip.compress(json.dumps(BATCH).encode())
    headers = {"Content-Encoding": "gzip"}
    for _again in range(2):
        answer = Client().post(address, raw, content_type="application/json", headers=headers)
        assert answer.status_code == 200
    person = Person.objects.get()
    assert (person.external_id, person.email, person.name) == ("c7", "anna@example.org", "Anna")
    assert (person.language, person.attributes["plan"]) == ("nl", "zon")
    assert person.account.name == "Bakkerij"
    event = ReceivedEvent.objects.get()
    assert (event.kind, event.properties) == ("ticket_solved", {"agent": "Bob"})
    assert event.occurred_at.isoformat() == "2026-03-01T10:00:00+00:00"
    states = dict(Arrival.objects.values_list("key", "state"))
    assert states == {"1": "used", "2": "used", "3": "used", "4": "unused"}


def test_what_is_not_signed_with_the_shared_secret_is_refused(make):
    connection = make(shared_secret="s")
    address = operations.address_of(connection)
    raw = json.dumps(BATCH["batch"][0]).encode()
    post = Client().post
    assert post(address, raw, content_type="application/json").status_code == 400
    right = hmac.new(b"s", raw, hashlib.sha1).hexdigest()
    signed = post(address, raw, content_type="application/json", headers={"X-Signature": right})
    assert signed.status_code == 200
    assert Person.objects.count() == 1


def test_an_answer_goes_out_as_an_event(make, give, side):
    make(endpoint=side.address, write_key="wk")
    give(3, external_id="c7")
    run_until_idle()
    [asked] = side.came
    assert asked.path == "/v1/batch"
    assert asked.headers["Authorization"] == f"Basic {base64.b64encode(b'wk:').decode()}"
    [call] = asked.json["batch"]
    assert (call["type"], call["event"], call["userId"]) == ("track", "Survey Responded", "c7")
    assert (call["properties"]["rating"], call["properties"]["group"]) == (3, "detractor")
    assert "email" not in json.dumps(call["properties"])


def test_without_a_write_key_nothing_goes_out(make, give, side):
    make(endpoint=side.address)
    give(3)
    run_until_idle()
    assert side.came == []
    assert Dispatch.objects.get().state == "refused"


def test_a_private_address_is_refused(make):
    with pytest.raises(shape.Unusable):
        make(endpoint="https://169.254.169.254/latest")
