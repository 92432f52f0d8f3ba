"""A reply that is lost makes no second ticket, each system looked in as its API permits."""

from urllib.parse import quote

import pytest
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


def test_hubspot_gets_a_field_for_our_number_or_does_without(organisation, give, side):
    desk = DESKS["hubspot"]
    connect(desk, organisation, side)
    case = open_case(give)
    ours = f"case:cas_{case.public_id.hex}"
    side.say("GET", f"/crm/v3/objects/tickets/{quote(ours, safe='')}", 400, {"no": "such field"})
    side.say("POST", "/crm/v3/properties/tickets", 201, {})
    run_until_idle()
    [field_made] = asked(side, ("POST", "/crm/v3/properties/tickets"))
    assert (field_made.json["name"], field_made.json["hasUniqueValue"]) == ("gloed_id", True)
    [made] = asked(side, desk.opens)
    assert made.json["properties"]["gloed_id"] == ours
    Counterpart.objects.all().delete()
    refusal = {"errors": [{"code": "PROPERTY_DOESNT_EXIST", "context": ["gloed_id"]}]}
    side.say(*desk.opens, 400, refusal)
    operations.send_again(Dispatch.objects.get(news="case.opened"), now=timezone.now())
    run_until_idle()
    assert ["gloed_id" in one.json["properties"] for one in asked(side, desk.opens)] == [
        True, True, False,
    ]  # fmt: skip
