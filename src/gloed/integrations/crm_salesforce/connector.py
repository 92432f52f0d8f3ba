"""The connector of Salesforce: its REST API, by the client credentials of a connected app."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext_lazy as _

from gloed.base.outward import call
from gloed.integrations.connectors.calling import (
    BOUNDS,
    ask,
    checked_address,
    outcome_of,
)
from gloed.integrations.connectors.desk import LATER, TICKETS, Desk, Ticket, needed, wanted
from gloed.integrations.connectors.lists import rows_of
from gloed.integrations.connectors.shape import Access, Outcome, Setting

VERSION = "v62.0"


class Salesforce(Desk):
    """Cases by an external id, so that none is made twice, and fields of contacts."""

    name = "salesforce"
    label = _("Salesforce")
    text = _("A case here becomes a Case there, and the last score stands on the contact.")
    icon = "users"
    group = "crm"
    settings = (
        Setting("address", _("Address"), placeholder="https://example.my.salesforce.com"),
        Setting("client_id", _("Consumer key of the connected app")),
        Setting("client_secret", _("Consumer secret"), is_secret=True),
        Setting(
            "external_field",
            _("Field of Case that is marked External ID"),
            placeholder="Gloed_Id__c",
        ),
        TICKETS,
        Setting("owner", _("Queue that gets the cases"), LATER, is_required=False),
    )

    def check(self, given: Mapping[str, str]) -> str:
        """Where it is."""
        return checked_address("address", given.get("address", ""))

    def open_ticket(self, access: Access, ticket: Ticket) -> str:
        """A Case, made or found by our id."""
        field = quote(access.get("external_field"), safe="")
        owner = access.get("owner")
        body = {
            **({"OwnerId": owner} if owner else {}),
            "Subject": ticket.subject,
            "Description": ticket.text,
            "Origin": "Gloed",
            "Priority": "High",
            "SuppliedEmail": ticket.email,
            "SuppliedName": ticket.name,
        }
        path = f"sobjects/Case/{field}/{quote(ticket.ours, safe='')}"
        reply = self._ask(access, "PATCH", path, body)
        if reply.is_success and not reply.body:  # it was there: older versions tell no id
            reply = self._ask(access, "GET", f"{path}?fields=Id")
            return wanted(reply, "Id")
        return wanted(reply, "id")

    def add_note(self, access: Access, theirs: str, text: str) -> None:
        """A comment that the customer does not see."""
        body = {"ParentId": theirs, "CommentBody": text[:4_000], "IsPublished": False}
        needed(self._ask(access, "POST", "sobjects/CaseComment", body))

    def set_contact(self, access: Access, email: str, values: Mapping[str, Any]) -> None:
        """Fields of the contact with this address."""
        safe = email.replace("\\", "\\\\").replace("'", "\\'")
        soql = f"SELECT Id FROM Contact WHERE Email = '{safe}' LIMIT 1"  # noqa: S608 - escaped; theirs
        query = urlencode({"q": soql})
        rows = rows_of(self._ask(access, "GET", f"query?{query}"), "records")
        if rows:
            path = f"sobjects/Contact/{quote(str(rows[0]['Id']), safe='')}"
            needed(self._ask(access, "PATCH", path, dict(values)))

    def look(self, access: Access) -> Outcome:
        """Whether the app is let in."""
        return outcome_of(self._ask(access, "GET", "limits"))

    def fields(self, access: Access) -> Sequence[tuple[str, str]]:
        """Fields of contacts that may be written."""
        found = rows_of(self._ask(access, "GET", "sobjects/Contact/describe"), "fields")
        return [(str(one["name"]), str(one["label"])) for one in found if one.get("updateable")]

    def queues(self, access: Access) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Queues."""
        query = urlencode({"q": "SELECT Id, Name FROM Group WHERE Type = 'Queue' ORDER BY Name"})
        found = rows_of(self._ask(access, "GET", f"query?{query}"), "records")
        return {"owner": [(str(one["Id"]), str(one["Name"])) for one in found]}

    def _ask(self, access: Access, method: str, path: str, body: Any = None) -> Any:
        address = access.get("address").rstrip("/")
        headers = {"Authorization": f"Bearer {self._token(access)}"}
        return ask(method, f"{address}/services/data/{VERSION}/{path}", body, headers=headers)

    def _token(self, access: Access) -> str:
        address = access.get("address").rstrip("/")
        body = urlencode(
            {
                "grant_type": "client_credentials",
                "client_id": access.get("client_id"),
                "client_secret": access.get("client_secret"),
            }
        ).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        reply = call(
            "POST",
            f"{address}/services/oauth2/token",
            headers=headers,
            body=body,
            bounds=BOUNDS,
        )
        return wanted(reply, "access_token")


CONNECTOR = Salesforce()
