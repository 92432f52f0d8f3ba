"""The connector of HubSpot: developers.hubspot.com, CRM objects."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gloed.integrations.connectors.calling import ask, checked_address, json_of, outcome_of
from gloed.integrations.connectors.desk import (
    LATER,
    TICKETS,
    Desk,
    Refused,
    Ticket,
    is_there,
    needed,
    wanted,
)
from gloed.integrations.connectors.lists import rows_of
from gloed.integrations.connectors.shape import (
    Access,
    Arriving,
    Happening,
    Memory,
    NotTaken,
    Outcome,
    Passed,
    Pointed,
    Setting,
    Solved,
    Taken,
)
from gloed.people.rules import PersonData

USUAL = "https://api.hubapi.com"
STAGE = "hs_pipeline_stage"
KINDS = frozenset({"ticket", "contact", "deal"})
GONE, BAD, TAKEN = 404, 400, 409
OURS, NO_FIELD = "gloed_id", b"PROPERTY_DOESNT_EXIST"
NO_FIELD_FOR_US = frozenset({400, 403})
"""It may not be made: the right is missing, or there are as many as HubSpot permits."""
NO_RIGHT, NOT_UNIQUE = "hubspot makes no field", "hubspot field not unique"
FIELD = {
    "name": OURS,
    "label": "Gloed",
    "groupName": "ticketinformation",
    "type": "string",
    "fieldType": "text",
    "hasUniqueValue": True,
    "formField": False,
}
"""The field of tickets that holds our number; no two may have the same."""
LATEST = 300  # seconds a signed request may be old


class HubSpot(Desk):
    """Tickets in a pipeline, and properties of contacts."""

    name = "hubspot"
    label = _("HubSpot")
    text = _("A case becomes a ticket at its contact, and the last score stands on the contact.")
    icon = "users"
    group = "crm"
    guide = _(
        "In the private app, subscribe with this address to ticket.propertyChange of "
        "hs_pipeline_stage. What is subscribed to of contacts and deals (lifecyclestage, "
        "dealstage, …) becomes an event too."
    )
    settings = (
        Setting(
            "token",
            _("Access token of the private app"),
            _(
                "The app needs the scopes tickets, crm.objects.contacts.read and "
                "crm.objects.contacts.write."
            ),
            is_secret=True,
        ),
        Setting("pipeline", _("Pipeline of tickets"), LATER, is_required=False, placeholder="0"),
        Setting("stage", _("Stage a ticket begins in"), LATER, is_required=False, placeholder="1"),
        Setting("closed_stage", _("Stage that ends it"), LATER, is_required=False),
        TICKETS,
        Setting(
            "signing",
            _("Client secret of the app"),
            _("Where it is given, what is not signed with it is refused."),
            is_secret=True,
            is_required=False,
        ),
        Setting(
            "endpoint",
            _("Address"),
            _("Left empty: HubSpot itself."),
            is_required=False,
            placeholder=USUAL,
        ),
    )

    def check(self, given: Mapping[str, str]) -> str:
        """Where it is."""
        return checked_address("endpoint", given.get("endpoint") or USUAL)

    def open_ticket(self, access: Access, ticket: Ticket) -> str:
        """A ticket with our number, tied to its contact where there is one."""
        theirs = self._known(access, ticket.ours) or self._made(access, ticket)
        if contact := self._contact(access, ticket.email):
            self._tie(access, f"tickets/{theirs}", f"contacts/{contact}")
        return theirs

    def _known(self, access: Access, ours: str) -> str:
        """The ticket with our number; where no ticket can have one yet, the field is made."""
        path = f"crm/v3/objects/tickets/{quote(ours, safe='')}?idProperty={OURS}"
        found = self._ask(access, "GET", path)
        if is_there(found):
            return wanted(found, "id")
        if found.status != GONE:
            self._make_field(access)
        return ""

    def _make_field(self, access: Access) -> None:
        """See to it that tickets have the field, and that no two can hold the same number in it.

        Without it a ticket whose reply was lost cannot be found again: what is new is not in the
        search of HubSpot yet. So no ticket is made until the field is there. Raises Refused.
        """
        made = self._ask(access, "POST", "crm/v3/properties/tickets", FIELD)
        if made.status == TAKEN:
            there = self._ask(access, "GET", f"crm/v3/properties/tickets/{OURS}")
            needed(there)
            if not json_of(there).get("hasUniqueValue"):
                raise Refused(Outcome(status=TAKEN, reply=NOT_UNIQUE))
        elif made.status in NO_FIELD_FOR_US:
            raise Refused(Outcome(status=made.status, reply=NO_RIGHT))
        else:
            needed(made)

    def _made(self, access: Access, ticket: Ticket) -> str:
        told = {
            "subject": ticket.subject,
            "content": ticket.text,
            "hs_pipeline": access.get("pipeline") or "0",
            "hs_pipeline_stage": access.get("stage") or "1",
            "hs_ticket_priority": "HIGH" if ticket.is_urgent else "MEDIUM",
            OURS: ticket.ours,
        }
        made = self._ask(access, "POST", "crm/v3/objects/tickets", {"properties": told})
        if made.status == BAD and NO_FIELD in made.body:  # taken away there, or not known yet
            raise Refused(Outcome(status=BAD, reply=NO_RIGHT))
        return wanted(made, "id")

    def add_note(self, access: Access, theirs: str, text: str) -> None:
        """A note on the ticket."""
        told = {"hs_note_body": text, "hs_timestamp": timezone.now().isoformat()}
        note = self._ask(access, "POST", "crm/v3/objects/notes", {"properties": told})
        self._tie(access, f"notes/{wanted(note, 'id')}", f"tickets/{quote(theirs, safe='')}")

    def set_contact(self, access: Access, email: str, values: Mapping[str, Any]) -> None:
        """Properties of the contact."""
        if contact := self._contact(access, email):
            body = {"properties": dict(values)}
            needed(self._ask(access, "PATCH", f"crm/v3/objects/contacts/{contact}", body))

    def look(self, access: Access) -> Outcome:
        """Whether the token opens contacts, and tickets can hold our number."""
        opened = outcome_of(self._ask(access, "GET", "crm/v3/objects/contacts?limit=1"))
        if opened.is_done and access.get("tickets") != "none":
            self._make_field(access)
        return opened

    def fields(self, access: Access) -> Sequence[tuple[str, str]]:
        """Properties of contacts that may be written."""
        found = rows_of(self._ask(access, "GET", "crm/v3/properties/contacts"), "results")
        return [
            (str(one["name"]), str(one.get("label") or one["name"]))
            for one in found
            if not (one.get("modificationMetadata") or {}).get("readOnlyValue")
        ]

    def queues(self, access: Access) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Pipelines of tickets and their stages."""
        pipelines = rows_of(self._ask(access, "GET", "crm/v3/pipelines/tickets"), "results")
        stages = [
            (str(stage["id"]), f"{pipeline.get('label', '')} › {stage.get('label', '')}")
            for pipeline in pipelines
            for stage in pipeline.get("stages") or []
        ]
        names = [(str(one["id"]), str(one.get("label") or one["id"])) for one in pipelines]
        return {"pipeline": names, "stage": stages, "closed_stage": stages}

    def look_up(self, access: Access, what: Mapping[str, str], at: datetime) -> Sequence[Taken]:
        """HubSpot names only the object: ask which contact it belongs to."""
        kind, theirs = what["kind"], quote(what["id"], safe="")
        contact = theirs
        if kind != "contact":
            path = f"crm/v4/objects/{kind}s/{theirs}/associations/contacts"
            tied = rows_of(self._found(access, path), "results")
            contact = str(tied[0]["toObjectId"]) if tied else ""
        if not contact:
            return [Passed(what["key"], gettext("It belongs to no contact there."))]
        wish = "properties=email,firstname,lastname"
        known = json_of(self._found(access, f"crm/v3/objects/contacts/{contact}?{wish}"))
        person = _person(known.get("properties") or {})
        told = {kind: what["id"], what["property"]: what["value"]}
        return [Happening(self._called(access, what), person, what["key"], at, told)]

    def _found(self, access: Access, path: str) -> Any:
        """A reply that can be used: what is gone there is found empty. Raises Refused."""
        reply = self._ask(access, "GET", path)
        if reply.status != GONE:
            needed(reply)
        return reply

    def _called(self, access: Access, what: Mapping[str, str]) -> str:
        """“ticket_solved” as helpdesks say it; for the rest object, property and value."""
        if what["property"] == STAGE:
            is_end = what["value"] == access.get("closed_stage")
            return "ticket_solved" if is_end else f"ticket_{what['value']}"
        return f"{what['kind']}_{what['property']}_{what['value']}"[:120]

    def take(self, access: Access, arriving: Arriving, memory: Memory) -> Sequence[Taken]:
        """What changed, several at once; a ticket in its last stage ends a case too."""
        self._check_signature(access, arriving)
        try:
            found = json.loads(arriving.body)
        except (ValueError, RecursionError):
            raise NotTaken from None
        if not isinstance(found, list):
            return super().take(access, arriving, memory)
        changes = [one for one in found[:200] if isinstance(one, dict)]
        return [taken for one in changes for taken in _taken(one, access, arriving.now)]

    def _check_signature(self, access: Access, arriving: Arriving) -> None:
        secret = access.get("signing")
        if not secret:
            return
        time = arriving.headers.get("X-HubSpot-Request-Timestamp", "")
        said = b"POST" + arriving.address.encode() + arriving.body + time.encode()
        meant = base64.b64encode(hmac.new(secret.encode(), said, hashlib.sha256).digest()).decode()
        is_right = hmac.compare_digest(meant, arriving.headers.get("X-HubSpot-Signature-v3", ""))
        is_old = not time.isdigit() or abs(arriving.now.timestamp() - int(time) / 1000) > LATEST
        if not is_right or is_old:
            raise NotTaken

    def _contact(self, access: Access, email: str) -> str:
        wish = {"propertyName": "email", "operator": "EQ", "value": email}
        body = {"filterGroups": [{"filters": [wish]}], "limit": 1}
        rows = rows_of(self._ask(access, "POST", "crm/v3/objects/contacts/search", body), "results")
        return str(rows[0]["id"]) if rows else ""

    def _tie(self, access: Access, one: str, other: str) -> None:
        needed(self._ask(access, "PUT", f"crm/v4/objects/{one}/associations/default/{other}"))

    def _ask(self, access: Access, method: str, path: str, body: Any = None) -> Any:
        address = (access.get("endpoint") or USUAL).rstrip("/")
        headers = {"Authorization": f"Bearer {access.get('token')}"}
        return ask(method, f"{address}/{path}", body, headers=headers)


def _taken(change: dict[str, Any], access: Access, now: datetime) -> list[Taken]:
    """One change: what happened, to be looked up, and the end of a case."""
    key = str(change.get("eventId") or "")[:60] + ":" + str(change.get("occurredAt") or "")[:30]
    kind = str(change.get("subscriptionType") or "ticket.").partition(".")[0]
    theirs, name = str(change.get("objectId", ""))[:100], str(change.get("propertyName") or "")
    value = str(change.get("propertyValue") or "")[:80]
    if kind not in KINDS or not theirs or not name or not value:
        return [Passed(key, gettext("This change means nothing to Gloed."))]
    at = _moment(change.get("occurredAt")) or now
    what = {"kind": kind, "id": theirs, "property": name[:80], "value": value, "key": key}
    found: list[Taken] = [Pointed(f"{key}:who", what, min(at, now))]
    if kind == "ticket" and name == STAGE and value == (access.get("closed_stage") or "?"):
        found.append(Solved(theirs, key))
    return found


def _person(known: Mapping[str, Any]) -> PersonData:
    names = (str(known[part]) for part in ("firstname", "lastname") if known.get(part))
    return PersonData(email=str(known.get("email") or "")[:254], name=" ".join(names)[:200])


def _moment(told: Any) -> datetime | None:
    """Their moments are milliseconds."""
    try:
        return datetime.fromtimestamp(int(told) / 1000, UTC) if told else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None


CONNECTOR = HubSpot()
