"""A reply that is lost makes no second ticket, each system looked in as its API permits."""

from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from gloed.base.worker import run_until_idle
from gloed.integrations.connectors import operations
from gloed.integrations.connectors.models import Counterpart, Dispatch
from tests.integrations.desks.systems import (
    DESKS,
    asked,
    cases_of,
    connect,
    found_again,
    open_case,
)


def test_a_ticket_whose_reply_was_lost_is_found_again(desk, organisation, give, side):
    connect(desk, organisation, side)
    case = cases_of(desk, side, give)
    ours = f"case:cas_{case.public_id.hex}"
    own = quote(ours, safe="")
    path = desk.opens[1] + (f"/{own}" if desk.kind == "salesforce" else "")
    side.say(desk.opens[0], path, 502, {"the": "gateway fell silent"})
    run_until_idle()
    [made] = asked(side, desk.opens)
    row = Dispatch.objects.get(news="case.opened")
    assert (row.state, Counterpart.objects.count()) == ("waiting", 0)
    side.say(desk.opens[0], path, 200, {"id": "a second"})
    if desk.kind == "salesforce":  # the same address again: made or found by our id
        side.say("PATCH", path, 204, b"")
    for where, said in found_again(desk.kind, made, own).items():
        side.say("GET", where, 200, said)
    operations.send_again(row, now=timezone.now())
    run_until_idle()
    assert Counterpart.objects.get(ours=ours).theirs == desk.ticket
    assert len(asked(side, desk.opens)) == (2 if desk.kind == "salesforce" else 1)
    row.refresh_from_db()
    assert row.state == "delivered"


@pytest.mark.parametrize("kind", ["zendesk", "freshdesk", "liveagent", "hubspot"])
def test_no_ticket_is_made_while_nobody_can_tell_whether_there_is_one(
    kind, organisation, give, side
):
    desk = DESKS[kind]
    connect(desk, organisation, side)
    case = open_case(give)
    where = desk.opens[1] + (f"/case%3Acas_{case.public_id.hex}" if kind == "hubspot" else "")
    side.say("GET", where, 503, {"back": "soon"})
    run_until_idle()
    assert asked(side, desk.opens) == []
    assert Dispatch.objects.get(news="case.opened").state == "waiting"


FIELD = ("POST", "/crm/v3/properties/tickets")
NO_FIELD = "makes no field"


def test_hubspot_gets_a_field_for_our_number(organisation, give, side):
    desk = DESKS["hubspot"]
    connect(desk, organisation, side)
    case = open_case(give)
    ours = f"case:cas_{case.public_id.hex}"
    side.say("GET", f"/crm/v3/objects/tickets/{quote(ours, safe='')}", 400, {"no": "such field"})
    side.say(*FIELD, 201, {})
    run_until_idle()
    [field_made] = asked(side, FIELD)
    assert (field_made.json["name"], field_made.json["hasUniqueValue"]) == ("gloed_id", True)
    [made] = asked(side, desk.opens)
    assert made.json["properties"]["gloed_id"] == ours


@pytest.mark.parametrize(
    ("field", "there", "status", "said"),
    [
        (403, None, 403, NO_FIELD),
        (400, None, 400, NO_FIELD),
        (409, {"name": "gloed_id", "hasUniqueValue": False}, 409, "not unique"),
        (503, None, 503, ""),
    ],
)
def test_hubspot_gets_no_ticket_that_could_not_be_found_again(
    field, there, status, said, organisation, give, side
):
    desk = DESKS["hubspot"]
    connect(desk, organisation, side)
    case = open_case(give)
    ours = quote(f"case:cas_{case.public_id.hex}", safe="")
    side.say("GET", f"/crm/v3/objects/tickets/{ours}", 400, {"no": "such field"})
    side.say(*FIELD, field, {"category": "MISSING_SCOPES"})
    if there:
        side.say("GET", "/crm/v3/properties/tickets/gloed_id", 200, there)
    run_until_idle()
    assert asked(side, desk.opens) == []
    row = Dispatch.objects.get(news="case.opened")
    assert (row.state, row.status) == ("waiting", status)
    assert said in row.reply
    side.say(*FIELD, 409, {"category": "OBJECT_ALREADY_EXISTS"})  # made by hand since
    side.say("GET", "/crm/v3/properties/tickets/gloed_id", 200, {"hasUniqueValue": True})
    operations.send_again(row, now=timezone.now())
    run_until_idle()
    assert [one.json["properties"]["gloed_id"] for one in asked(side, desk.opens)] == [
        f"case:cas_{case.public_id.hex}"
    ]


def test_hubspot_that_knows_no_field_yet_is_asked_again(organisation, give, side):
    desk = DESKS["hubspot"]
    connect(desk, organisation, side)
    open_case(give)
    refusal = {"errors": [{"code": "PROPERTY_DOESNT_EXIST", "context": ["gloed_id"]}]}
    side.say(*desk.opens, 400, refusal)
    run_until_idle()
    [made] = asked(side, desk.opens)
    assert "gloed_id" in made.json["properties"]
    assert Dispatch.objects.get(news="case.opened").state == "waiting"


def test_trying_hubspot_tells_on_the_page_what_to_grant(alice, organisation, side):
    connection = connect(DESKS["hubspot"], organisation, side)
    side.say(*FIELD, 403, {"category": "MISSING_SCOPES"})
    alice.post(reverse("connectors:act", args=[connection.public_id, "test"]))
    run_until_idle()
    said = alice.get(reverse("connectors:detail", args=[connection.public_id])).content.decode()
    assert "Give the app the scope “tickets”, or make the property gloed_id yourself" in said
    assert len(asked(side, FIELD)) == 1


def test_trying_hubspot_makes_no_field_where_no_ticket_is_made(alice, organisation, side):
    connection = connect(DESKS["hubspot"], organisation, side, tickets="none")
    alice.post(reverse("connectors:act", args=[connection.public_id, "test"]))
    run_until_idle()
    assert asked(side, FIELD) == []
    assert Dispatch.objects.get().state == "delivered"
