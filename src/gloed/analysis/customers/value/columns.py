"""Which column holds what, and the customers that a table then holds."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from gloed.analysis.customers.value.cells import (
    DayOrder,
    Mark,
    mark_of,
    order_of,
    read_amount,
    read_day,
    read_origin,
    read_text,
)
from gloed.analysis.customers.value.tables import Cell, Table

SAMPLED = 2_000
"""Rows by which the notation of a column is told."""


class What(StrEnum):
    """What a column can hold."""

    NUMBER = "number"
    NAME = "name"
    EMAIL = "email"
    START = "start"
    END = "end"
    REVENUE = "revenue"
    BEFORE = "before"
    ORIGIN = "origin"


WORDS: Mapping[What, tuple[str, ...]] = {
    What.EMAIL: ("email", "e mail", "mail"),
    What.START: ("start", "customer since", "klant sinds", "since", "sinds", "begin", "ingang",
                 "contract start", "aanvang", "joined", "from"),
    What.END: ("end", "left", "churn", "einde", "eind", "opgezegd", "vertrokken", "beeindigd",
               "beëindigd", "cancel", "opzeg", "until", "tot"),
    What.BEFORE: ("last year", "vorig jaar", "previous", "vorige", "revenue before", "year before",
                  "omzet ervoor", "jaar ervoor"),
    What.REVENUE: ("revenue", "omzet", "turnover", "amount", "bedrag", "sales", "arr", "mrr"),
    What.ORIGIN: ("origin", "source", "herkomst", "bron", "came by", "gekomen", "how", "kanaal"),
    What.NUMBER: ("customer number", "klantnummer", "customer id", "klant id", "external id", "id",
                  "nummer", "number", "relatie", "debiteur"),
    What.NAME: ("name", "naam", "company", "bedrijf", "account", "customer", "klant"),
}  # fmt: skip
"""How the heads of such columns are written, the ones told apart most easily first."""


class Flaw(StrEnum):
    """Why a row is left out, or what of it could not be read."""

    NO_START = "no_start"
    BAD_START = "bad_start"
    ENDS_FIRST = "ends_first"
    STARTS_LATER = "starts_later"  # after the last day the file knows of
    NOBODY = "nobody"  # no number, name or address
    BAD_END = "bad_end"  # left out too: whether they left is what counts
    BAD_AMOUNT = "bad_amount"  # kept, without the amount


LEFT_OUT = frozenset(Flaw) - {Flaw.BAD_AMOUNT}


@dataclass(frozen=True, slots=True)
class Found:
    """A customer as the file tells, several rows of one number taken together."""

    row: int
    key: str
    name: str
    email: str
    started_on: date
    ended_on: date | None
    revenue: Decimal | None
    before: Decimal | None
    origin: str


@dataclass(frozen=True)
class Understood:
    """A table read with certain columns: the customers, and the rows with a flaw."""

    customers: tuple[Found, ...]
    flaws: Counter[Flaw] = field(default_factory=Counter)
    examples: Mapping[Flaw, tuple[int, str]] = field(default_factory=dict)  # row and what it says
    merged: int = 0  # rows that were taken together with another one
    order: DayOrder = DayOrder.DAY_FIRST
    mark: Mark = Mark.COMMA


def guess_columns(heads: Sequence[str]) -> dict[What, int]:
    """Which column probably holds what, by its head; each column once."""
    plain = [re.sub(r"[^a-z0-9à-ÿ]+", " ", head.casefold()).strip() for head in heads]
    found: dict[What, int] = {}
    for what, words in WORDS.items():
        free = [place for place in range(len(plain)) if place not in found.values()]
        for word in words:
            match = next((p for p in free if plain[p] == word), None)
            if match is None:
                match = next((p for p in free if _holds(plain[p], word)), None)
            if match is not None:
                found[what] = match
                break
    return found


def _holds(head: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}", head) is not None and bool(head)


def understand(
    table: Table,
    columns: Mapping[What, int],
    *,
    as_of: date,
    order: DayOrder | None = None,
    mark: Mark | None = None,
) -> Understood:
    """The customers of a table, `as_of` its last day. Without `order` and `mark` they are told.

    An end after `as_of` is a contract that still runs. Rows of one number are one customer: first
    start, last end (none where one still runs), amounts added up.
    """
    sample = table.rows[:SAMPLED]
    order = order or order_of(_of(sample, columns, What.START, What.END))
    mark = mark or mark_of(_of(sample, columns, What.REVENUE, What.BEFORE))
    flaws: Counter[Flaw] = Counter()
    examples: dict[Flaw, tuple[int, str]] = {}
    customers: dict[str, Found] = {}
    merged = 0
    for place, row in enumerate(table.rows, start=2):
        found, flaw, said = _customer(place, row, columns, as_of, order, mark)
        if flaw is not None:
            flaws[flaw] += 1
            examples.setdefault(flaw, (place, said))
        if found is None:
            continue
        key = found.key or found.email or f"\x00{found.row}"
        if key in customers:
            merged += 1
            customers[key] = _together(customers[key], found)
        else:
            customers[key] = found
    return Understood(tuple(customers.values()), flaws, examples, merged, order, mark)


def _of(rows: Sequence[tuple[Cell, ...]], columns: Mapping[What, int], *whats: What) -> list[Cell]:
    places = [columns[what] for what in whats if what in columns]
    return [row[place] for row in rows for place in places if place < len(row)]


def _customer(
    place: int,
    row: tuple[Cell, ...],
    columns: Mapping[What, int],
    as_of: date,
    order: DayOrder,
    mark: Mark,
) -> tuple[Found | None, Flaw | None, str]:
    def cell(what: What) -> Cell:
        at = columns.get(what)
        return row[at] if at is not None and at < len(row) else None

    start, end = cell(What.START), cell(What.END)
    key, name = read_text(cell(What.NUMBER), 120), read_text(cell(What.NAME), 200)
    email = read_text(cell(What.EMAIL), 254).lower()
    if not (key or name or email):
        return None, Flaw.NOBODY, ""
    if not read_text(start, 40):
        return None, Flaw.NO_START, ""
    started_on, ended_on = read_day(start, order), read_day(end, order)
    if started_on is None:
        return None, Flaw.BAD_START, read_text(start, 40)
    if ended_on is None and read_text(end, 40):
        return None, Flaw.BAD_END, read_text(end, 40)
    if started_on > as_of:
        return None, Flaw.STARTS_LATER, read_text(start, 40)
    if ended_on is not None and ended_on < started_on:
        return None, Flaw.ENDS_FIRST, f"{read_text(start, 40)} – {read_text(end, 40)}"
    amounts, flaw, said = [], None, ""
    for what in (What.REVENUE, What.BEFORE):
        written = cell(what)
        amount = read_amount(written, mark)
        if (amount is None and read_text(written, 40)) or (amount is not None and amount < 0):
            flaw, said, amount = Flaw.BAD_AMOUNT, read_text(written, 40), None
        amounts.append(amount)
    found = Found(
        row=place, key=key, name=name, email=email, started_on=started_on,
        ended_on=ended_on if ended_on is None or ended_on <= as_of else None,
        revenue=amounts[0], before=amounts[1], origin=read_origin(cell(What.ORIGIN)),
    )  # fmt: skip
    return found, flaw, said


def _together(one: Found, other: Found) -> Found:
    ends = (one.ended_on, other.ended_on)
    return Found(
        row=one.row,
        key=one.key,
        name=one.name or other.name,
        email=one.email or other.email,
        started_on=min(one.started_on, other.started_on),
        ended_on=None if None in ends else max(day for day in ends if day is not None),
        revenue=_sum(one.revenue, other.revenue),
        before=_sum(one.before, other.before),
        origin=one.origin or other.origin,
    )


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other
