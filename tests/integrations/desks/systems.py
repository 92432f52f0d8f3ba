"""Helpdesks and customer records as fakes of their own API, and what is looked for in each."""

import base64
import json
from dataclasses import dataclass, field

from django.utils import timezone

from gloed.integrations.connectors import operations
from gloed.integrations.webhooks.rules import Wish
from gloed.loop.cases import operations as cases
from gloed.loop.cases.rules import Because, Reason
from gloed.responses.models import Response
from tests.conftest import NOW

SF = "/services/data/v62.0"


@dataclass
class Desk:
    """One system: what is typed, what its API answers, and what we look for in what was asked."""

    kind: str
    given: dict
    answers: dict  # (method, path) -> what it says
    opens: tuple  # (method, path) of making a ticket
    ticket: str
    notes: tuple  # (method, path) of the note
    contact: tuple = ()  # (method, path) of writing fields
    fields: tuple = ()
    login: str = ""
    place: tuple = ()  # which setting says who gets tickets, what is chosen, and what is then sent
    says: dict = field(default_factory=dict)

    def prepare(self, side):
        """Let the other side answer as this system does."""
        side.usual = (404, {"not": "there"}, {})
        for (method, path), said in self.answers.items():
            side.say(method, path, 200, said)


DESKS = {
    "zendesk": Desk(
        "zendesk",
        {"email": "bob@example.org", "token": "secret"},
        {
            ("GET", "/api/v2/tickets.json"): {"tickets": []},
            ("POST", "/api/v2/tickets.json"): {"ticket": {"id": 35}},
            ("PUT", "/api/v2/tickets/35.json"): {"ticket": {"id": 35}},
            ("GET", "/api/v2/users/search.json"): {"users": [{"id": 7}]},
            ("PUT", "/api/v2/users/7.json"): {"user": {"id": 7}},
            ("GET", "/api/v2/user_fields.json"): {
                "user_fields": [{"key": "last_score", "title": "Last score"}]
            },
            ("GET", "/api/v2/users/me.json"): {"user": {"id": 1}},
            ("GET", "/api/v2/groups.json"): {"groups": [{"id": 12, "name": "Service"}]},
        },
        ("POST", "/api/v2/tickets.json"),
        "35",
        ("PUT", "/api/v2/tickets/35.json"),
        ("PUT", "/api/v2/users/7.json"),
        ("last_score",),
        "Basic " + base64.b64encode(b"bob@example.org/token:secret").decode(),
        ("group", "12", '"group_id": 12'),
    ),
    "freshdesk": Desk(
        "freshdesk",
        {"key": "secret"},
        {
            ("POST", "/api/v2/tickets"): {"id": 35},
            ("POST", "/api/v2/tickets/35/notes"): {"id": 1},
            ("GET", "/api/v2/contacts"): [{"id": 7}],
            ("PUT", "/api/v2/contacts/7"): {"id": 7},
            ("GET", "/api/v2/contact_fields"): [{"name": "last_score", "label": "Last score"}],
            ("GET", "/api/v2/agents/me"): {"id": 1},
            ("GET", "/api/v2/groups"): [{"id": 12, "name": "Service"}],
        },
        ("POST", "/api/v2/tickets"),
        "35",
        ("POST", "/api/v2/tickets/35/notes"),
        ("PUT", "/api/v2/contacts/7"),
        ("last_score",),
        "Basic " + base64.b64encode(b"secret:X").decode(),
        ("group", "12", '"group_id": 12'),
    ),
    "liveagent": Desk(
        "liveagent",
        {"key": "secret", "department": "d1"},
        {
            ("POST", "/api/v3/tickets"): {"id": "t35"},
            ("POST", "/api/v3/tickets/t35/messages"): {"id": 1},
            ("GET", "/api/v3/departments"): [
                {"department_id": "d1", "name": "Post"},
                {"department_id": "d2", "name": "Service"},
            ],
        },
        ("POST", "/api/v3/tickets"),
        "t35",
        ("POST", "/api/v3/tickets/t35/messages"),
        place=("department", "d2", '"departmentid": "d2"'),
    ),
    "hubspot": Desk(
        "hubspot",
        {"token": "secret", "pipeline": "0", "stage": "1", "closed_stage": "4"},
        {
            ("POST", "/crm/v3/objects/tickets"): {"id": "35"},
            ("POST", "/crm/v3/objects/contacts/search"): {"results": [{"id": "7"}]},
            ("PUT", "/crm/v4/objects/tickets/35/associations/default/contacts/7"): {},
            ("POST", "/crm/v3/objects/notes"): {"id": "9"},
            ("PUT", "/crm/v4/objects/notes/9/associations/default/tickets/35"): {},
            ("PATCH", "/crm/v3/objects/contacts/7"): {"id": "7"},
            ("POST", "/crm/v3/properties/tickets"): {"name": "gloed_id"},
            ("GET", "/crm/v3/properties/contacts"): {
                "results": [{"name": "last_score", "label": "Last score"}]
            },
            ("GET", "/crm/v3/objects/contacts"): {"results": []},
            ("GET", "/crm/v3/pipelines/tickets"): {
                "results": [
                    {
                        "id": "0",
                        "label": "Support",
                        "stages": [{"id": "1", "label": "New"}, {"id": "7", "label": "Called"}],
                    }
                ]
            },
            ("GET", "/crm/v4/objects/tickets/35/associations/contacts"): {
                "results": [{"toObjectId": 7}]
            },
            ("GET", "/crm/v4/objects/deals/9/associations/contacts"): {"results": []},
            ("GET", "/crm/v3/objects/contacts/7"): {
                "properties": {"email": "anna@example.org", "firstname": "Anna", "lastname": "V"}
            },
        },
        ("POST", "/crm/v3/objects/tickets"),
        "35",
        ("POST", "/crm/v3/objects/notes"),
        ("PATCH", "/crm/v3/objects/contacts/7"),
        ("last_score",),
        "Bearer secret",
        ("stage", "7", '"hs_pipeline_stage": "7"'),
    ),
    "salesforce": Desk(
        "salesforce",
        {"client_id": "c", "client_secret": "secret", "external_field": "Gloed_Id__c"},
        {
            ("POST", "/services/oauth2/token"): {"access_token": "t"},
            ("POST", f"{SF}/sobjects/CaseComment"): {"id": "1"},
            ("GET", f"{SF}/query"): {"records": [{"Id": "7", "Name": "Service"}]},
            ("PATCH", f"{SF}/sobjects/Contact/7"): {},
            ("GET", f"{SF}/sobjects/Contact/describe"): {
                "fields": [{"name": "last_score", "label": "Last score", "updateable": True}]
            },
            ("GET", f"{SF}/limits"): {},
        },
        ("PATCH", f"{SF}/sobjects/Case/Gloed_Id__c"),
        "500x",
        ("POST", f"{SF}/sobjects/CaseComment"),
        ("PATCH", f"{SF}/sobjects/Contact/7"),
        ("last_score",),
        "Bearer t",
        ("owner", "7", '"OwnerId": "7"'),
    ),
}


def connect(desk, organisation, side, tickets="cases", **given):
    organisation.language = "en"
    organisation.save()
    where = "endpoint" if desk.kind == "hubspot" else "address"
    typed = {where: side.address, "tickets": tickets, "signing": "", **desk.given, **given}
    news = {"case.opened", "case.overdue", "case.closed", "response.created"}
    desk.prepare(side)
    return operations.connect(
        organisation, desk.kind, typed, name="Desk", wish=Wish(frozenset(news)), by=None, now=NOW
    )


def asked(side, call):
    method, path = call
    return [one for one in side.came if one.method == method and one.path.startswith(path)]


def open_case(give):
    response = Response.objects.get(public_id=give(2).response_id)
    return cases.open_case(response, because=[Reason(Because.BY_HAND)], now=timezone.now())


def cases_of(desk, side, give):
    """Open a case; Salesforce answers at an address that holds our id."""
    case = open_case(give)
    if desk.kind == "salesforce":
        path = f"{desk.opens[1]}/case%3Acas_{case.public_id.hex}"
        side.say("PATCH", path, 201, {"id": desk.ticket})
    return case


def found_again(kind, made, ours):
    """What each system answers on looking for a ticket that it made: (path, body)."""
    told = json.loads(made.body)
    return {
        "zendesk": {"/api/v2/tickets.json": {"tickets": [{"id": 35}]}},
        "freshdesk": {
            "/api/v2/tickets": [
                {"id": 34, "description": "another"},
                {"id": 35, "description": f"<p>{told.get('description')}</p>"},
            ]
        },
        "liveagent": {
            "/api/v3/tickets": [
                {"id": "t33", "subject": "another"},
                {"id": "t34", "subject": told.get("subject")},
                {"id": "t35", "subject": told.get("subject")},
            ],
            "/api/v3/tickets/t34/messages": [{"messages": [{"message": "another"}]}],
            "/api/v3/tickets/t35/messages": [{"messages": [{"message": told.get("message")}]}],
        },
        "hubspot": {f"/crm/v3/objects/tickets/{ours}": {"id": "35"}},
        "salesforce": {f"{made.path}": {"Id": "500x"}},
    }[kind]
