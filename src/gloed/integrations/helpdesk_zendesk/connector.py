"""The connector of Zendesk: developer.zendesk.com, the Ticketing API."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
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
from gloed.integrations.connectors.shape import Access, Arriving, NotTaken, Outcome, Setting


class Zendesk(Desk):
    """Tickets with an internal first comment, and fields of users."""

    name = "zendesk"
    label = _("Zendesk")
    text = _("A case becomes a ticket with an internal note; solving it there closes the case.")
    settings = (
        Setting("address", _("Address"), placeholder="https://example.zendesk.com"),
        Setting("email", _("Address of the agent the token belongs to")),
        Setting("token", _("API token"), is_secret=True),
        TICKETS,
        Setting("group", _("Group that gets the tickets"), LATER, is_required=False),
        Setting(
            "signing",
            _("Signing secret of the webhook"),
            _("Where it is given, what is not signed with it is refused."),
            is_secret=True,
            is_required=False,
        ),
    )

    def check(self, given: Mapping[str, str]) -> str:
        """Where it is."""
        return checked_address("address", given.get("address", ""))

    def open_ticket(self, access: Access, ticket: Ticket) -> str:
        """Look first whether it is there: their external id is not unique."""
        listed = self._ask(access, "GET", f"tickets.json?external_id={quote(ticket.ours)}")
        if is_there(listed) and (known := rows_of(listed, "tickets")):
            return str(known[0]["id"])
        group = access.get("group")
        body = {
            "ticket": {
                **({"group_id": int(group)} if group.isdecimal() else {}),
                "subject": ticket.subject,
                "comment": {"body": ticket.text, "public": False},
                "requester": {"name": ticket.name, "email": ticket.email},
                "external_id": ticket.ours,
                "priority": "urgent" if ticket.is_urgent else "high",
                "tags": ["gloed"],
            }
        }
        headers = {"Idempotency-Key": ticket.ours}
        return wanted(self._ask(access, "POST", "tickets.json", body, headers), "ticket", "id")

    def add_note(self, access: Access, theirs: str, text: str) -> None:
        """An internal comment."""
        body = {"ticket": {"comment": {"body": text, "public": False}}}
        needed(self._ask(access, "PUT", f"tickets/{quote(theirs, safe='')}.json", body))

    def set_contact(self, access: Access, email: str, values: Mapping[str, Any]) -> None:
        """User fields, by key."""
        query = quote(f'email:"{email}"')
        users = rows_of(self._ask(access, "GET", f"users/search.json?query={query}"), "users")
        if users:
            body = {"user": {"user_fields": dict(values)}}
            needed(self._ask(access, "PUT", f"users/{users[0]['id']}.json", body))

    def look(self, access: Access) -> Outcome:
        """Who the token belongs to."""
        return outcome_of(self._ask(access, "GET", "users/me.json"))

    def fields(self, access: Access) -> Sequence[tuple[str, str]]:
        """User fields."""
        found = rows_of(self._ask(access, "GET", "user_fields.json"), "user_fields")
        return [(str(one["key"]), str(one["title"])) for one in found if one.get("key")]

    def queues(self, access: Access) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Groups of agents."""
        found = rows_of(self._ask(access, "GET", "groups.json?page[size]=100"), "groups")
        return {"group": [(str(one["id"]), str(one["name"])) for one in found]}

    def check_came(self, access: Access, arriving: Arriving) -> None:
        """HMAC-SHA256 over time and body, in base64."""
        secret = access.get("signing")
        if not secret:
            return
        time = arriving.headers.get("X-Zendesk-Webhook-Signature-Timestamp", "")
        given = arriving.headers.get("X-Zendesk-Webhook-Signature", "")
        digest = hmac.new(secret.encode(), time.encode() + arriving.body, hashlib.sha256).digest()
        if not hmac.compare_digest(base64.b64encode(digest).decode(), given):
            raise NotTaken

    def _ask(
        self,
        access: Access,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        login = f"{access.get('email')}/token:{access.get('token')}"
        sent = {"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}
        address = access.get("address").rstrip("/")
        return ask(method, f"{address}/api/v2/{path}", body, headers={**sent, **(headers or {})})


CONNECTOR = Zendesk()
