"""The connector of LiveAgent: its API v3."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext_lazy as _

from gloed.integrations.connectors.calling import ask, checked_address, outcome_of
from gloed.integrations.connectors.desk import (
    LATER,
    TICKETS,
    Desk,
    Ticket,
    is_there,
    needed,
    wanted,
)
from gloed.integrations.connectors.lists import rows_of
from gloed.integrations.connectors.shape import Access, Outcome, Setting

NOTE = "N"


class LiveAgent(Desk):
    """Tickets and notes; contacts have no fields for scores there."""

    name = "liveagent"
    label = _("LiveAgent")
    text = _("A case becomes a ticket of a department; closing it there closes the case.")
    settings = (
        Setting("address", _("Address"), placeholder="https://example.ladesk.com"),
        Setting("key", _("API key (version 3)"), is_secret=True),
        Setting("department", _("Department that gets the tickets"), LATER, is_required=False),
        Setting("recipient", _("Address the ticket was written to"), is_required=False),
        TICKETS,
    )

    def check(self, given: Mapping[str, str]) -> str:
        """Where it is."""
        return checked_address("address", given.get("address", ""))

    def open_ticket(self, access: Access, ticket: Ticket) -> str:
        """A ticket of the customer, with our number in the text: there is no field for it."""
        if known := self._known(access, ticket):
            return known
        body = {
            "useridentifier": ticket.email,
            "subject": ticket.subject,
            "message": f"{ticket.text}\n\n{ticket.ours}",
            "departmentid": access.get("department"),
            "recipient": access.get("recipient"),
        }
        return wanted(self._ask(access, "POST", "tickets", body), "id")

    def _known(self, access: Access, ticket: Ticket) -> str:
        """The ticket of the customer whose text has our number; empty where there is none."""
        wish = {
            "_filters": json.dumps({"owner_email": ticket.email, "subject": ticket.subject}),
            "_sortField": "date_created",
            "_sortDir": "DESC",
        }
        listed = self._ask(access, "GET", f"tickets?{urlencode(wish)}")
        for one in rows_of(listed) if is_there(listed) else ():
            if one.get("subject") != ticket.subject:
                continue
            theirs = quote(str(one["id"]), safe="")
            said = self._ask(access, "GET", f"tickets/{theirs}/messages")
            if is_there(said) and ticket.ours.encode() in said.body:
                return str(one["id"])
        return ""

    def add_note(self, access: Access, theirs: str, text: str) -> None:
        """A note for agents."""
        path = f"tickets/{quote(theirs, safe='')}/messages"
        needed(self._ask(access, "POST", path, {"message": text, "type": NOTE}))

    def look(self, access: Access) -> Outcome:
        """Whether the key opens the departments."""
        return outcome_of(self._ask(access, "GET", "departments?_perPage=1"))

    def queues(self, access: Access) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Departments."""
        found = rows_of(self._ask(access, "GET", "departments?_perPage=100"))
        named = [(str(one["department_id"]), str(one.get("name") or "")) for one in found]
        return {"department": named}

    def _ask(self, access: Access, method: str, path: str, body: Any = None) -> Any:
        address = access.get("address").rstrip("/")
        headers = {"apikey": access.get("key")}
        return ask(method, f"{address}/api/v3/{path}", body, headers=headers)


CONNECTOR = LiveAgent()
