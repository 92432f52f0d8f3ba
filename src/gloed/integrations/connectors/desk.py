"""What helpdesks and customer records have in common; a folder per system says how it is spoken to.

A case (or an answer) becomes one ticket there and is never made twice; what happens to it later is
a note; the last score stands on the contact; and a ticket that is closed there closes our case.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings as house
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gloed.base.outward import NotReached
from gloed.integrations.chat.words import say
from gloed.integrations.connectors.calling import outcome_of
from gloed.integrations.connectors.shape import (
    Access,
    Arriving,
    Happening,
    Memory,
    NotTaken,
    Outcome,
    Setting,
    Solved,
    Taken,
)
from gloed.integrations.inbound.rules import moment_of
from gloed.integrations.webhooks.rules import News, Told
from gloed.people.rules import PersonData

OF_CASES = (News.CASE_OPENED.value, News.CASE_OVERDUE.value, News.CASE_CLOSED.value)
HEARS = (*OF_CASES, News.RESPONSE_CREATED.value)
CLOSED = frozenset({"solved", "closed", "resolved", "4", "5"})
CLOSED_THERE = "closed:"
ABOUT = frozenset({"event", "id", "at", "email", "name", "customer"})
OURS = {
    "score": _("the last rating"),
    "group": _("promoter, passive or detractor"),
    "words": _("what was written"),
    "answered_at": _("when it was"),
}
"""What may stand on the contact there."""
TICKETS = Setting(
    "tickets",
    _("A ticket is made"),
    choices=(
        ("cases", _("for each case")),
        ("answers", _("for each answer that it hears of")),
        ("none", _("for nothing; only the contact is kept up to date")),
    ),
)


NOT_THERE = frozenset({400, 404})
LATER = _("Chosen under “Where things go”, once it is connected.")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket to be made there."""

    ours: str
    subject: str
    text: str
    email: str
    name: str
    is_urgent: bool


class Refused(Exception):
    """The other side answered, and not with what was wanted."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.reply)
        self.outcome = outcome


class Desk:
    """The common part; a system fills in the calls."""

    name = ""
    group = "helpdesk"
    icon = "life-buoy"
    settings: Sequence[Setting] = ()
    hears: Sequence[str] = HEARS
    takes_in = True
    needs_person = True
    guide = _(
        "Have a rule there post JSON when a ticket changes: "
        "{“ticket”: number, “status”: “solved”, “email”: address, “name”: name}. "
        "Anything else that happens to a customer comes in as "
        "{“event”: “contract signed”, “id”: number, “email”: address}."
    )

    # what a system fills in; each raises NotReached, or Refused for an answer it cannot use

    def open_ticket(self, access: Access, ticket: Ticket) -> str:
        """Make a ticket, without a mail to the customer, or find it; its id there.

        A reply may have been lost after the ticket was made: look for `ticket.ours` first.
        """
        raise NotImplementedError

    def add_note(self, access: Access, theirs: str, text: str) -> None:
        """Add a note that the customer does not see."""
        raise NotImplementedError

    def set_contact(self, access: Access, email: str, values: Mapping[str, Any]) -> None:
        """Write these fields of the contact with this address; none is made."""

    def look(self, access: Access) -> Outcome:
        """Whether the other side knows us."""
        raise NotImplementedError

    def fields(self, access: Access) -> Sequence[tuple[str, str]]:
        """The fields of a contact that may be written, as (name, label)."""
        return ()

    def queues(self, access: Access) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Settings that are chosen from what the other side has, each with its (id, label)."""
        return {}

    def look_up(self, access: Access, what: Mapping[str, str], at: datetime) -> Sequence[Taken]:
        """To whom something happened that came in as `Pointed`."""
        return ()

    def check_came(self, access: Access, arriving: Arriving) -> None:
        """Raise NotTaken where a signature is wrong."""

    # what is the same for all

    def tell(self, access: Access, told: Told, memory: Memory) -> Outcome:
        """A ticket, a note, or the fields of a contact."""
        try:
            return self._tell(access, told, memory)
        except NotReached as trouble:
            return Outcome(reply=trouble.trouble.value)
        except Refused as refusal:
            return refusal.outcome

    def try_out(self, access: Access) -> Outcome:
        """Ask who we are; no ticket is made."""
        try:
            return self.look(access)
        except NotReached as trouble:
            return Outcome(reply=trouble.trouble.value)
        except Refused as refusal:
            return refusal.outcome

    def take(self, access: Access, arriving: Arriving, memory: Memory) -> Sequence[Taken]:
        """A ticket that changed: an event for the triggers, and the end of a case."""
        self.check_came(access, arriving)
        try:
            body = json.loads(arriving.body)
        except (ValueError, RecursionError):
            raise NotTaken from None
        if isinstance(body, dict) and body.get("event"):
            return [_happened(body, arriving)]
        if not isinstance(body, dict) or not body.get("ticket"):
            raise NotTaken
        theirs, status = str(body["ticket"])[:100], str(body.get("status", "")).lower()[:40]
        key = f"{theirs}:{status}:{str(body.get('at', ''))[:30]}"
        at = moment_of(str(body.get("at") or "")) or arriving.now
        told = {"ticket": theirs, "status": status}
        happened = Happening(f"ticket_{status}", _person(body), key, at, told)
        if status in CLOSED:
            return [happened, Solved(theirs, f"closed:{key}")]
        return [happened]

    def _tell(self, access: Access, told: Told, memory: Memory) -> Outcome:
        if told.news == News.RESPONSE_CREATED:
            return self._answered(access, told, memory)
        ours = f"case:{told.data.get('id')}"
        if told.news == News.CASE_OPENED:
            if access.get("tickets") != "cases":
                return Outcome(is_refused=True, reply=gettext("Cases make no ticket here."))
            return self._open(access, told, ours, memory)
        if memory.find(f"{CLOSED_THERE}{ours}"):
            return Outcome(is_done=True, reply=gettext("It was closed there."))
        theirs = memory.find(ours)
        if not theirs:
            return Outcome(is_refused=True, reply=gettext("There is no ticket for it."))
        self.add_note(access, theirs, _said(access, told)[1])
        return Outcome(is_done=True, status=200, reply=theirs)

    def _answered(self, access: Access, told: Told, memory: Memory) -> Outcome:
        person = told.data.get("person") or {}
        email = str(person.get("email") or "") if isinstance(person, dict) else ""
        known = {
            "score": told.data.get("rating"),
            "group": told.data.get("group"),
            "words": told.data.get("text", "") if access.with_words else None,
            "answered_at": told.data.get("answered_at"),
        }
        values = {
            theirs: known[ours]
            for ours, theirs in access.mapping.items()
            if theirs and known.get(ours) is not None
        }
        if email and values:
            self.set_contact(access, email, values)
        if access.get("tickets") == "answers":
            return self._open(access, told, f"answer:{told.data.get('id')}", memory)
        if email and values:
            return Outcome(is_done=True, status=200)
        return Outcome(is_refused=True, reply=gettext("Nothing is kept of an answer there."))

    def _open(self, access: Access, told: Told, ours: str, memory: Memory) -> Outcome:
        if theirs := memory.find(ours):
            return Outcome(is_done=True, reply=theirs)
        person = told.data.get("person") or {}
        email = str(person.get("email") or "") if isinstance(person, dict) else ""
        if not email:
            return Outcome(is_refused=True, reply=gettext("The customer has no address."))
        title, text = _said(access, told)
        ticket = Ticket(
            ours=ours,
            subject=title,
            text=text,
            email=email,
            name=str(person.get("name") or email),
            is_urgent=bool(told.data.get("priority")),
        )
        theirs = self.open_ticket(access, ticket)
        memory.keep(ours, theirs)
        return Outcome(is_done=True, status=201, reply=theirs)


def _happened(body: dict[str, Any], arriving: Arriving) -> Happening:
    """Whatever a rule there tells of a customer; what it says beside that goes along."""
    key = str(body.get("id") or "") or sha256(arriving.body).hexdigest()
    told = {
        name[:120]: value
        for name, value in body.items()
        if name not in ABOUT and isinstance(value, str | int | float | bool)
    }
    at = moment_of(str(body.get("at") or "")) or arriving.now
    return Happening(str(body["event"])[:120], _person(body), f"event:{key[:100]}", at, told)


def _person(body: Mapping[str, Any]) -> PersonData:
    return PersonData(
        email=str(body.get("email") or "")[:254],
        name=str(body.get("name") or "")[:200],
        external_id=str(body.get("customer") or "")[:200],
    )


def wanted(reply: Any, *names: str) -> str:
    """A field of a reply, by the names that lead to it. Raises Refused."""
    found: Any = None
    if reply.is_success:
        try:
            found = json.loads(reply.body)
        except (ValueError, RecursionError):
            found = None
        for name in names:
            found = found.get(name) if isinstance(found, dict) else None
    if found in (None, ""):
        told = outcome_of(reply)
        raise Refused(told if not told.is_done else Outcome(status=told.status, reply="?"))
    return str(found)


def is_there(reply: Any) -> bool:
    """Whether a look for something found it; what cannot be told raises Refused, to ask again."""
    if reply.status not in NOT_THERE:
        needed(reply)
    return bool(reply.is_success)


def needed(reply: Any) -> None:
    """Raise Refused unless it was accepted."""
    if not reply.is_success:
        raise Refused(outcome_of(reply))


def _said(access: Access, told: Told) -> tuple[str, str]:
    """Subject and text, in the language of the organisation."""
    with translation.override(access.organisation.language or house.LANGUAGE_CODE):
        said = say(told)
    return said.title[:200], said.whole
