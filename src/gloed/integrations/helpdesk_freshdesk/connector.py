"""The connector of Freshdesk: developers.freshdesk.com, API v2."""

import base64
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

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

OPEN, HIGH, URGENT = 2, 3, 4


class Freshdesk(Desk):
    """Tickets with private notes, and custom fields of contacts."""

    name = "freshdesk"
    label = _("Freshdesk")
    text = _(
        "A case becomes a ticket. Switch the mail to requesters off there, or the customer hears "
        "of it."
    )
    settings = (
        Setting("address", _("Address"), placeholder="https://example.freshdesk.com"),
        Setting("key", _("API key"), is_secret=True),
        TICKETS,
        Setting("group", _("Group that gets the tickets"), LATER, is_required=False),
    )

    def check(self, given: Mapping[str, str]) -> str:
        """Where it is."""
        return checked_address("address", given.get("address", ""))

    def open_ticket(self, access: Access, ticket: Ticket) -> str:
        """A ticket of the customer, with our number in the text: there is no field for it."""
        query = f"email={quote(ticket.email)}&include=description&per_page=100"
        listed = self._ask(access, "GET", f"tickets?{query}")  # of the last 30 days, newest first
        for known in rows_of(listed) if is_there(listed) else ():
            if ticket.ours in str(known.get("description")):
                return str(known["id"])
        group = access.get("group")
        body = {
            **({"group_id": int(group)} if group.isdecimal() else {}),
            "email": ticket.email,
            "name": ticket.name,
            "subject": ticket.subject,
            "description": escape(f"{ticket.text}\n\n{ticket.ours}").replace("\n", "<br>"),
            "status": OPEN,
            "priority": URGENT if ticket.is_urgent else HIGH,
            "tags": ["gloed"],
        }
        return wanted(self._ask(access, "POST", "tickets", body), "id")

    def add_note(self, access: Access, theirs: str, text: str) -> None:
        """A private note."""
        body = {"body": escape(text).replace("\n", "<br>"), "private": True}
        needed(self._ask(access, "POST", f"tickets/{quote(theirs, safe='')}/notes", body))

    def set_contact(self, access: Access, email: str, values: Mapping[str, Any]) -> None:
        """Custom fields, by name."""
        found = rows_of(self._ask(access, "GET", f"contacts?email={quote(email)}"))
        if found:
            body = {"custom_fields": dict(values)}
            needed(self._ask(access, "PUT", f"contacts/{found[0]['id']}", body))

    def look(self, access: Access) -> Outcome:
        """Whose key it is."""
        return outcome_of(self._ask(access, "GET", "agents/me"))

    def fields(self, access: Access) -> Sequence[tuple[str, str]]:
        """Custom fields of contacts."""
        found = rows_of(self._ask(access, "GET", "contact_fields"))
        return [(str(one["name"]), str(one.get("label") or one["name"])) for one in found]

    def queues(self, access: Access) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Groups of agents."""
        found = rows_of(self._ask(access, "GET", "groups?per_page=100"))
        return {"group": [(str(one["id"]), str(one["name"])) for one in found]}

    def _ask(self, access: Access, method: str, path: str, body: Any = None) -> Any:
        login = base64.b64encode(f"{access.get('key')}:X".encode()).decode()
        address = access.get("address").rstrip("/")
        headers = {"Authorization": f"Basic {login}"}
        return ask(method, f"{address}/api/v2/{path}", body, headers=headers)


CONNECTOR = Freshdesk()
