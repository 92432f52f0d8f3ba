"""What another system posts is kept masked, pointed at, used, shown beforehand, and taken back."""

import hashlib
import hmac
import json

import pytest
from django.test import Client
from django.urls import reverse

from gloed.fieldwork.models import ReceivedEvent
from gloed.integrations.connectors import operations
from gloed.integrations.connectors.models import Arrival
from gloed.integrations.connectors.veil import veiled
from gloed.integrations.inbound.rules import at_place, places, read
from gloed.integrations.webhooks.rules import Wish
from gloed.people.models import Person
from gloed.responses.models import Response
from tests.conftest import NOW

BODY = {
    "type": "order.delivered",
    "id": "evt-1",
    "customer": {"mail": "anna@example.org", "name": "Anna de Vries", "plan": "zon"},
    "order": {"number": 41_234_567, "parcels": 2},
    "score": 3,
    "remark": "De monteur Jan Jansen kwam te laat",
}


@pytest.fixture
def connection(organisation):
    return operations.connect(
        organisation, "inbound", {"secret": ""}, name="Shop", wish=Wish(), by=None, now=NOW
    )


def post(connection, body, **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    address = operations.address_of(connection)
    return Client().post(address, raw, content_type="application/json", headers=headers)


def fields(page):
    """The form as a browser would send it, with the place of each field."""
    form = page.context["form"]
    return {place: name for name, place in form.places.items()}


def test_a_body_is_kept_so_that_nobody_is_recognised(connection):
    assert post(connection, BODY).status_code == 200
    arrival = Arrival.objects.get()
    assert arrival.state == "unused"
    for words in ("anna@", "Anna", "Vries", "Jansen", "41234567"):
        assert words not in arrival.body
    assert "order.delivered" in arrival.body
    assert json.loads(arrival.body)["score"] == 3
    assert len(veiled(json.dumps({"x": "woord " * 9_000}).encode())) <= 8_000


def test_fields_are_pointed_at_and_become_an_event(alice, connection):
    page = reverse("connectors:mapping", args=[connection.public_id])
    assert "Nothing came in yet" in alice.get(page).text
    post(connection, BODY)
    names = fields(alice.get(page))
    told = {
        "what": "event",
        "sample": str(Arrival.objects.get().public_id),
        names["/type"]: "kind",
        names["/id"]: "id",
        names["/customer/mail"]: "email",
        names["/customer/name"]: "name",
        names["/customer/plan"]: "attribute",
        names["/order/parcels"]: "property",
    }
    preview = alice.post(page, {**told, "preview": "yes"})
    assert "order.delivered" in preview.text
    assert "parcels" in preview.text
    connection.refresh_from_db()
    assert connection.mapping == {}
    post(connection, {"another": "shape"})  # meanwhile; the page was about the first one
    alice.post(page, told)
    connection.refresh_from_db()
    for _again in range(2):
        assert post(connection, {**BODY, "id": "evt-2"}).status_code == 200
    event = ReceivedEvent.objects.get()
    assert (event.kind, event.properties) == ("order_delivered", {"parcels": 2})
    person = Person.objects.get()
    assert (person.email, person.name) == ("anna@example.org", "Anna de Vries")
    assert person.attributes["plan"] == "zon"
    shown = alice.get(reverse("connectors:detail", args=[connection.public_id])).text
    assert "no trigger asks about it now" in shown
    alice.post(reverse("connectors:mapping_undo", args=[connection.public_id]))
    connection.refresh_from_db()
    assert connection.mapping == {}


def test_an_answer_comes_in_and_is_taken_back(alice, connection, open_survey):
    mapping = {
        "what": "answer",
        "survey": str(open_survey.public_id),
        "f:/score": "rating",
        "f:/remark": "words",
        "f:/id": "id",
    }
    operations.keep_mapping(connection, mapping, by=None, now=NOW)
    post(connection, [BODY, {**BODY, "id": "evt-2", "score": 11}])
    response = Response.objects.get()
    assert response.answers.get(question__position=1).rating == 3
    states = dict(Arrival.objects.values_list("key", "state"))
    assert states == {"evt-1": "used", "evt-2": "unused"}
    used = Arrival.objects.get(key="evt-1")
    alice.post(reverse("connectors:take_back", args=[used.public_id]))
    response.refresh_from_db()
    used.refresh_from_db()
    assert response.withdrawn_at is not None
    assert used.state == "undone"


@pytest.mark.parametrize("told", [{"what": "event"}, {"what": "answer"}, {"what": "nonsense"}])
def test_a_mapping_without_the_needful_is_refused_with_words(alice, connection, told):
    post(connection, BODY)
    page = reverse("connectors:mapping", args=[connection.public_id])
    assert alice.post(page, told).context["form"].errors
    connection.refresh_from_db()
    assert connection.mapping == {}


def test_only_the_address_and_the_signature_open_it(connection, organisation):
    here = operations.address_of(connection)
    assert Client().post(here[:-3] + "x/", b"{}", "application/json").status_code == 404
    for body in (b"", b"\xff\xfe", b"[" * 5_000, b'"text"', b"{"):
        assert post(connection, body).status_code == 400
    signed = operations.connect(
        organisation, "inbound", {"secret": "s"}, name="Shop", wish=Wish(), by=None, now=NOW
    )
    raw = json.dumps(BODY).encode()
    assert post(signed, raw).status_code == 400
    right = hmac.new(b"s", raw, hashlib.sha256).hexdigest()
    assert post(signed, raw, X_Hub_Signature_256=f"sha256={right}").status_code == 200
    old = operations.address_of(signed)
    operations.renew_address(signed, by=None, now=NOW)
    assert Client().post(old, raw, "application/json").status_code == 404
    assert Client().get(operations.address_of(signed)).status_code == 200
    assert Arrival.objects.filter(connection=signed).count() == 1


def test_places_and_reading_agree():
    for place, value in places(BODY):
        assert at_place(BODY, place) == value
    found = read(BODY, {"what": "person", "f:/customer": "name", "f:/nowhere": "email"})
    assert found.texts == {}
