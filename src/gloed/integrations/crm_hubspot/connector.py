"""The connector of HubSpot: developers.hubspot.com, CRM objects."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gloed.integrations.connectors.calling import ask, checked_address, json_of, outcome_of
from gloed.integrations.connectors.desk import TICKETS, Desk, Ticket, needed, wanted
from gloed.integrations.connectors.shape import (
    Access,
    Arriving,
    Memory,
    NotTaken,
    Outcome,
    Passed,
    Setting,
    Solved,
    Taken,
)

USUAL = "https://api.hubapi.com"
LATEST = 300  # seconds a signed request may be old


class HubSpot(Desk):
    """Tickets in a pipeline, and properties of contacts."""

    name = "hubspot"
    label = _("HubSpot")
    text = _("A case becomes a ticket at its contact, and the last score stands on the contact.")
    icon = "users"
    group = "crm"
    guide = _(
        "In the private app, subscribe to ticket.propertyChange of hs_pipeline_stage with this "
        "address."
    )
    settings = (
        Setting("token", _("Access token of the private app"), is_secret=True),
        Setting("pipeline", _("ID of the pipeline"), placeholder="0"),
        Setting("stage", _("ID of the stage a ticket begins in"), placeholder="1"),
        Setting("closed_stage", _("ID of the stage that ends it"), is_required=False),
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
        """A ticket, tied to its contact where there is one."""
        body = {
            "properties": {
                "subject": ticket.subject,
                "content": ticket.text,
                "hs_pipeline": access.get("pipeline"),
                "hs_pipeline_stage": access.get("stage"),
                "hs_ticket_priority": "HIGH" if ticket.is_urgent else "MEDIUM",
            }
        }
        theirs = wanted(self._ask(access, "POST", "crm/v3/objects/tickets", body), "id")
        if contact := self._contact(access, ticket.email):
            self._tie(access, f"tickets/{theirs}", f"contacts/{contact}")
        return theirs

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
        """Whether the token opens contacts."""
        return outcome_of(self._ask(access, "GET", "crm/v3/objects/contacts?limit=1"))

    def fields(self, access: Access) -> Sequence[tuple[str, str]]:
        """Properties of contacts that may be written."""
        found = json_of(self._ask(access, "GET", "crm/v3/properties/contacts")).get("results") or []
        return [
            (str(one["name"]), str(one.get("label") or one["name"]))
            for one in found
            if not (one.get("modificationMetadata") or {}).get("readOnlyValue")
        ]

    def take(self, access: Access, arriving: Arriving, memory: Memory) -> Sequence[Taken]:
        """Tickets that reached the last stage; HubSpot tells several changes at once."""
        self._check_signature(access, arriving)
        try:
            found = json.loads(arriving.body)
        except (ValueError, RecursionError):
            raise NotTaken from None
        if not isinstance(found, list):
            return super().take(access, arriving, memory)
        return [_taken(one, access) for one in found[:200] if isinstance(one, dict)]

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
        found = json_of(self._ask(access, "POST", "crm/v3/objects/contacts/search", body))
        rows = found.get("results") or []
        return str(rows[0]["id"]) if rows else ""

    def _tie(self, access: Access, one: str, other: str) -> None:
        needed(self._ask(access, "PUT", f"crm/v4/objects/{one}/associations/default/{other}"))

    def _ask(self, access: Access, method: str, path: str, body: Any = None) -> Any:
        address = (access.get("endpoint") or USUAL).rstrip("/")
        headers = {"Authorization": f"Bearer {access.get('token')}"}
        return ask(method, f"{address}/{path}", body, headers=headers)


def _taken(change: dict[str, Any], access: Access) -> Taken:
    key = str(change.get("eventId") or "")[:60] + ":" + str(change.get("occurredAt") or "")[:30]
    is_end = (
        change.get("propertyName") == "hs_pipeline_stage"
        and bool(access.get("closed_stage"))
        and str(change.get("propertyValue")) == access.get("closed_stage")
    )
    if is_end:
        return Solved(str(change.get("objectId", ""))[:100], key)
    return Passed(key, gettext("This change means nothing to Gloed."))


CONNECTOR = HubSpot()
