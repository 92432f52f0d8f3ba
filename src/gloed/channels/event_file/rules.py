"""Which column of a file says what, and what one row tells: decisions on plain values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from zoneinfo import ZoneInfo

from gloed.channels.file_import.reading.times import TimeReader
from gloed.channels.file_import.reading.values import DateOrder
from gloed.people.rules import PersonData

MOST_ROWS = 20_000
MOST_PROBLEMS = 50
MOST_PROPERTIES = 40
LONGEST_VALUE = 400
_FOLD = re.compile(r"[^a-z0-9]+")


class Role(StrEnum):
    """What a column may say. Stored: never rename one."""

    KIND = "kind"
    AT = "at"
    KEY = "key"
    EMAIL = "email"
    EXTERNAL_ID = "external_id"
    PHONE = "phone"
    NAME = "name"
    LANGUAGE = "language"


USUAL: dict[Role, tuple[str, ...]] = {
    Role.KIND: ("event", "kind", "event_type", "event_name", "gebeurtenis", "soort", "type"),
    Role.AT: (
        "occurred_at", "date", "datum", "moment", "time", "tijd", "tijdstip", "timestamp",
        "datum_tijd", "when", "wanneer", "solved_at", "delivered_at", "created_at",
    ),
    Role.KEY: (
        "id", "key", "event_id", "ticket_id", "order_id", "nummer", "ordernummer", "ticketnummer",
        "order_number", "ticket_number", "number",
    ),
    Role.EMAIL: ("email", "e_mail", "email_address", "e_mailadres", "emailadres", "mail"),
    Role.EXTERNAL_ID: (
        "customer_id", "external_id", "klantnummer", "customer_number", "person_id", "klant_id",
        "relatienummer",
    ),
    Role.PHONE: ("phone", "telephone", "telefoon", "telefoonnummer", "mobile", "mobiel", "gsm"),
    Role.NAME: ("name", "naam", "full_name", "customer_name", "klant", "klantnaam"),
    Role.LANGUAGE: ("language", "taal", "locale", "lang"),
}  # fmt: skip
"""How columns are usually called, the surest first."""


class Problem(StrEnum):
    """Why a row cannot be taken in. Stored: never rename one."""

    NO_KIND = "no_kind"
    NOBODY = "nobody"
    NO_MOMENT = "no_moment"
    IN_THE_FUTURE = "in_the_future"
    NOT_PLAIN = "not_plain"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read: which column holds what (by place), and what holds for every row."""

    headers: tuple[str, ...]
    columns: Mapping[Role, int]
    kind: str = ""
    zone: str = "UTC"
    is_day_first: bool = True

    @property
    def times(self) -> TimeReader:
        """What reads its moments."""
        order = DateOrder.DAY_FIRST if self.is_day_first else DateOrder.MONTH_FIRST
        return TimeReader(ZoneInfo(self.zone), self.zone, order)


@dataclass(frozen=True, slots=True)
class Happened:
    """What one row tells."""

    kind: str
    person: PersonData
    key: str
    at: datetime
    properties: Mapping[str, str] = field(default_factory=dict)


def guess_columns(headers: Sequence[str]) -> dict[Role, int]:
    """Which column seems to hold what, by its name; no column is taken twice.

    >>> guess_columns(["E-mail", "Datum", "Event", "Filiaal"])[Role.AT]
    1
    """
    names = [_FOLD.sub("_", header.casefold()).strip("_") for header in headers]
    found: dict[Role, int] = {}
    for role, usual in USUAL.items():
        places = (names.index(name) for name in usual if name in names)
        place = next((one for one in places if one not in found.values()), None)
        if place is not None:
            found[role] = place
    return found


def read_row(cells: Sequence[str], reading: Reading, times: TimeReader) -> Happened | Problem:
    """What a row tells, or why nothing.

    Without a column that names it, an event is known by its kind, its person and its moment, so
    that the same file brought in twice counts once.
    """

    def told(role: Role) -> str:
        place = reading.columns.get(role)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    kind = told(Role.KIND) or reading.kind
    if not kind:
        return Problem.NO_KIND
    person = PersonData(
        external_id=told(Role.EXTERNAL_ID),
        name=told(Role.NAME),
        email=told(Role.EMAIL),
        phone=told(Role.PHONE),
        language=told(Role.LANGUAGE)[:2].lower(),
    )
    if not (person.external_id or person.email or person.phone):
        return Problem.NOBODY
    moment = times.read(told(Role.AT)).moment
    if moment is None:
        return Problem.NO_MOMENT
    who = person.external_id or person.email.lower() or person.phone
    said = told(Role.KEY) or sha256(f"{who}\x00{moment.at.isoformat()}".encode()).hexdigest()[:32]
    return Happened(kind, person, f"file {kind} {said}", moment.at, _properties(cells, reading))


def _properties(cells: Sequence[str], reading: Reading) -> dict[str, str]:
    """All other columns, as properties of the event; the id too, for conditions may need it."""
    used = {place for role, place in reading.columns.items() if role is not Role.KEY}
    found = {
        header[:120]: cells[place].strip()[:LONGEST_VALUE]
        for place, header in enumerate(reading.headers)
        if place not in used and place < len(cells) and cells[place].strip()
    }
    return dict(list(found.items())[:MOST_PROPERTIES])
