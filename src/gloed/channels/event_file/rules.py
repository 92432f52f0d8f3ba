"""Which column of a file says what, and what one row tells: decisions on plain values."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from zoneinfo import ZoneInfo

from gloed.channels.file_import.reading.times import TimeReader
from gloed.channels.file_import.reading.values import DateOrder
from gloed.fieldwork.rules import NO_WORDS, OwnWords, language_of, own_words_in
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
    DELAY = "delay"


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
    Role.DELAY: ("delay", "delay_seconds", "delay_in_seconds"),
}  # fmt: skip
"""How columns are usually called, the surest first."""


class Problem(StrEnum):
    """Why a row cannot be taken in. Stored: never rename one."""

    NO_KIND = "no_kind"
    NOBODY = "nobody"
    NO_MOMENT = "no_moment"
    IN_THE_FUTURE = "in_the_future"
    NOT_PLAIN = "not_plain"
    NO_DELAY = "no_delay"
    ERASED = "erased"


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


@dataclass(frozen=True, slots=True)
class ToAsk:
    """Somebody who is to be asked, in own words perhaps; `at` is None for as soon as can be."""

    person: PersonData
    at: datetime | None
    delay: timedelta
    properties: Mapping[str, str] = field(default_factory=dict)
    own_words: OwnWords = NO_WORDS


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

    told = _Row(cells, reading)
    kind = told.cell(Role.KIND) or reading.kind
    if not kind:
        return Problem.NO_KIND
    person = told.person
    if person is None:
        return Problem.NOBODY
    moment = times.read(told.cell(Role.AT)).moment
    if moment is None:
        return Problem.NO_MOMENT
    who = person.external_id or person.email.lower() or person.phone
    at = moment.at.isoformat()
    said = told.cell(Role.KEY) or sha256(f"{who}\x00{at}".encode()).hexdigest()[:32]
    properties = told.properties({*Role} - {Role.KEY, Role.DELAY})
    return Happened(kind, person, f"file {kind} {said}", moment.at, properties)


def read_ask(cells: Sequence[str], reading: Reading, times: TimeReader) -> ToAsk | Problem:
    """Whom a row wants to be asked, when, and in which words of their own; or why nobody."""
    told = _Row(cells, reading)
    person = told.person
    if person is None:
        return Problem.NOBODY
    when, delay = told.cell(Role.AT), told.cell(Role.DELAY)
    moment = times.read(when).moment if when else None
    if when and moment is None:
        return Problem.NO_MOMENT
    if delay and not re.fullmatch("[0-9]{1,9}", delay):
        return Problem.NO_DELAY
    return ToAsk(
        person,
        moment.at if moment else None,
        timedelta(seconds=int(delay or 0)),
        told.properties({*Role} - {Role.KEY, Role.KIND}),
        own_words_in(dict(zip(reading.headers, cells, strict=False))),
    )


def has_own_words(headers: Sequence[str]) -> bool:
    """Whether some of these columns say something to one person alone."""
    return own_words_in(dict.fromkeys(headers, "x")) != own_words_in({})


class _Row:
    """One row: a cell by what its column says, and the rest."""

    def __init__(self, cells: Sequence[str], reading: Reading) -> None:
        self._cells, self._reading = cells, reading

    def cell(self, role: Role) -> str:
        """What stands in the column of this; empty where none does."""
        place = self._reading.columns.get(role)
        return self._cells[place].strip() if place is not None and place < len(self._cells) else ""

    @property
    def person(self) -> PersonData | None:
        """Whom it names; None for nobody."""
        person = PersonData(
            external_id=self.cell(Role.EXTERNAL_ID),
            name=self.cell(Role.NAME),
            email=self.cell(Role.EMAIL),
            phone=self.cell(Role.PHONE),
            language=language_of(self.cell(Role.LANGUAGE)),
        )
        return person if person.external_id or person.email or person.phone else None

    def properties(self, used: AbstractSet[Role]) -> dict[str, str]:
        """All columns but these, as properties."""
        places = {place for role, place in self._reading.columns.items() if role in used}
        found = {
            header[:120]: self._cells[place].strip()[:LONGEST_VALUE]
            for place, header in enumerate(self._reading.headers)
            if place not in places and place < len(self._cells) and self._cells[place].strip()
        }
        return dict(list(found.items())[:MOST_PROPERTIES])
