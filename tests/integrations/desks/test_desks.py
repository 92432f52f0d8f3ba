"""Helpdesks and customer records, each against a fake of its own API that tells what was asked."""

import base64
import hashlib
import hmac
import json

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gloed.base.worker import run_until_idle
from gloed.fieldwork.models import ReceivedEvent
from gloed.integrations.connectors import operations
from gloed.integrations.connectors.models import Counterpart, Dispatch
from gloed.loop.cases import operations as cases
from gloed.loop.cases.rules import Outcome
from tests.integrations.desks.systems import DESKS, asked, cases_of, connect, open_case


def test_a_case_becomes_one_ticket_and_comes_back_closed(desk, organisation, give, side):
    connection = connect(desk, organisation, side)
    case = cases_of(desk, side, give)
    run_until_idle()
    [made] = asked(side, desk.opens)
    assert "anna@example.org" in made.body.decode() or desk.kind == "hubspot"
    assert f"Case #{case.number} is opened" in made.body.decode()
    if desk.login:
        assert made.headers["Authorization"] == desk.login
    ours = f"case:cas_{case.public_id.hex}"
    assert Counterpart.objects.get(ours=ours).theirs == desk.ticket
    for dispatch in Dispatch.objects.filter(news="case.opened"):
        operations.send_again(dispatch, now=timezone.now())
    run_until_idle()
    assert len(asked(side, desk.opens)) == 1
    body = {"ticket": desk.ticket, "status": "solved", "email": "anna@example.org", "at": "1"}
    address = operations.address_of(connection)
    for _again in range(2):
        assert Client().post(address, body, content_type="application/json").status_code == 200
    case.refresh_from_db()
    assert (case.status, case.outcome) == ("closed", "solved")
    assert ReceivedEvent.objects.get().kind == "ticket_solved"
    run_until_idle()
    assert asked(side, desk.notes) == []  # who closed it need not be told
    assert "secret" not in json.dumps(connection.settings)


def test_what_happens_later_is_a_note(desk, organisation, give, side):
    connect(desk, organisation, side)
    case = cases_of(desk, side, give)
    run_until_idle()
    cases.close_case(case, Outcome.SOLVED, staff=None, now=timezone.now())
    run_until_idle()
    [note] = asked(side, desk.notes)
    assert f"Case #{case.number} is closed" in note.body.decode()


def test_the_last_score_stands_on_the_contact(desk, organisation, give, side, alice):
    connection = connect(desk, organisation, side, tickets="none")
    page = reverse("connectors:contact", args=[connection.public_id])
    shown = alice.get(page)
    if not desk.fields:
        assert "score" not in shown.context["form"].fields
        return
    assert shown.context["theirs"] == [("last_score", "Last score")]
    alice.post(page, {"score": "last_score", f"to_{desk.place[0]}": desk.place[1]})
    give(9)
    run_until_idle()
    [written] = asked(side, desk.contact)
    assert '"last_score": 9' in written.body.decode()
    assert asked(side, desk.opens) == []


def test_who_gets_the_tickets_is_chosen_from_what_they_have(desk, organisation, give, side, alice):
    connection = connect(desk, organisation, side)
    setting, value, sent = desk.place
    page = reverse("connectors:contact", args=[connection.public_id])
    name = f"to_{setting}"
    assert value in dict(alice.get(page).context["form"].fields[name].choices)
    assert name in alice.post(page, {name: "made up"}).context["form"].errors
    kept = {
        name: field.initial or "" for name, field in alice.get(page).context["form"].fields.items()
    }
    assert alice.post(page, kept | {name: value}).status_code == 302
    cases_of(desk, side, give)
    run_until_idle()
    [made] = asked(side, desk.opens)
    assert sent in made.body.decode()
    side.answers.clear()  # the other side is out of reach: what was chosen stays
    assert "form" in alice.get(page).context
    connection.refresh_from_db()
    assert connection.settings[setting] == value


def test_a_desk_hears_by_itself_of_all_it_keeps(desk, organisation, alice):
    form = alice.get(reverse("connectors:add"), {"kind": desk.kind}).context["form"]
    assert set(form.fields["news"].initial) == {
        "case.opened", "case.overdue", "case.closed", "response.created",
    }  # fmt: skip
    assert form.fields["bands"].initial == []


def test_whatever_happens_to_a_customer_there_is_an_event(desk, organisation, side):
    connection = connect(desk, organisation, side)
    body = {"event": "contract signed", "id": 8, "email": "anna@example.org", "value": 1200}
    address = operations.address_of(connection)
    for _again in range(2):
        assert Client().post(address, body, content_type="application/json").status_code == 200
    event = ReceivedEvent.objects.get()
    assert (event.kind, event.person.email) == ("contract_signed", "anna@example.org")
    assert event.properties == {"value": 1200}
    assert (
        Client().post(address, {"ticket": ""}, content_type="application/json").status_code == 400
    )


def test_it_is_tried_without_making_anything(desk, organisation, side, alice):
    connection = connect(desk, organisation, side)
    act = reverse("connectors:act", args=[connection.public_id, "test"])
    alice.post(act)
    run_until_idle()
    assert Dispatch.objects.get().state == "delivered"
    assert {one.method for one in side.came} <= {"GET", "POST"}
    assert asked(side, desk.opens) == []
    side.answers.clear()
    side.usual = (401, {"no": "entry"}, {})
    alice.post(act)
    run_until_idle()
    row = Dispatch.objects.order_by("-pk").first()
    assert (row.state, row.status) == ("waiting", 401)


def test_what_is_not_signed_is_refused(organisation, side):
    connection = connect(DESKS["zendesk"], organisation, side, signing="s")
    address = operations.address_of(connection)
    raw = json.dumps({"ticket": "1", "status": "open", "email": "a@example.org"}).encode()
    assert Client().post(address, raw, content_type="application/json").status_code == 400
    digest = hmac.new(b"s", b"77" + raw, hashlib.sha256).digest()
    headers = {
        "X-Zendesk-Webhook-Signature": base64.b64encode(digest).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": "77",
    }
    signed = Client().post(address, raw, content_type="application/json", headers=headers)
    assert signed.status_code == 200


def test_hubspot_tells_several_changes_at_once(organisation, give, side):
    desk = DESKS["hubspot"]
    connection = connect(desk, organisation, side, signing="s")
    case = open_case(give)
    run_until_idle()
    change = {"eventId": 1, "occurredAt": 2, "objectId": 35, "propertyName": "hs_pipeline_stage"}
    raw = json.dumps([{**change, "propertyValue": "4"}, {**change, "eventId": 3}]).encode()
    address = operations.address_of(connection)
    time = str(int(timezone.now().timestamp() * 1000))

    def post(secret):
        path = address.partition("//")[2].partition("/")[2]
        said = f"POSThttp://testserver/{path}".encode() + raw + time.encode()
        digest = hmac.new(secret, said, hashlib.sha256).digest()
        headers = {
            "X-HubSpot-Request-Timestamp": time,
            "X-HubSpot-Signature-v3": base64.b64encode(digest).decode(),
        }
        return Client().post(f"/{path}", raw, content_type="application/json", headers=headers)

    assert post(b"wrong").status_code == 400
    assert post(b"s").status_code == 200
    case.refresh_from_db()
    assert case.status == "closed"
    assert not ReceivedEvent.objects.exists()  # to whom it happened only HubSpot knows
    run_until_idle()
    event = ReceivedEvent.objects.get()
    assert (event.kind, event.person.email) == ("ticket_solved", "anna@example.org")


def test_hubspot_is_asked_to_whom_something_happened(organisation, side):
    connection = connect(DESKS["hubspot"], organisation, side)
    address = operations.address_of(connection)
    told = {"occurredAt": 1_700_000_000_000, "propertyValue": "customer"}
    changes = [
        {**told, "eventId": 1, "objectId": 7, "subscriptionType": "contact.propertyChange",
         "propertyName": "lifecyclestage"},
        {**told, "eventId": 2, "objectId": 9, "subscriptionType": "deal.propertyChange",
         "propertyName": "dealstage"},
        {**told, "eventId": 3, "objectId": 5, "subscriptionType": "company.creation"},
    ]  # fmt: skip
    for _again in range(2):
        Client().post(address, changes, content_type="application/json")
    run_until_idle()
    event = ReceivedEvent.objects.get()
    assert (event.kind, event.person.name) == ("contact_lifecyclestage_customer", "Anna V")
    assert event.occurred_at.year == 2023
    outcomes = {one.key.partition(":")[0]: one.outcome for one in connection.arrivals.all()}
    assert "no trigger asks" in outcomes["1"]
    assert outcomes["2"] == "It belongs to no contact there."
    assert outcomes["3"] == "This change means nothing to Gloed."
