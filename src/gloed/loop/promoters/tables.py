"""A small table of new customers as it comes from a spreadsheet: CSV, by its heads."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from gloed.loop.promoters.operations.referring import Told

LARGEST_BYTES = 2_000_000
MOST_ROWS = 20_000
_HEADS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "ref", "referral code", "link", "verwijscode"),
    "customer": ("customer", "customer number", "klant", "klantnummer", "id", "nummer", "number"),
    "date": ("date", "day", "datum", "dag", "start", "klant sinds", "customer since"),
    "revenue": ("revenue", "amount", "omzet", "bedrag"),
    "email": ("email", "e mail", "mail", "e mailadres"),
}
_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


class Flaw(StrEnum):
    """What is wrong with a row that is left out."""

    NO_CODE = "no_code"
    NO_CUSTOMER = "no_customer"
    BAD_DAY = "bad_day"
    BAD_AMOUNT = "bad_amount"


class Unreadable(Exception):
    """No table of new customers: `reason` is too_large, no_text or no_heads."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that can be used, with their number, and those that cannot."""

    rows: tuple[tuple[int, Told], ...]
    flaws: tuple[tuple[int, Flaw], ...]


def read_table(content: bytes, *, today: date) -> Table:
    """The new customers in a file; a row without a day is of today.

    Days are written 2026-03-02 or 02-03-2026, amounts with a comma or a point. Raises Unreadable.
    """
    if len(content) > LARGEST_BYTES:
        raise Unreadable("too_large")
    lines = _text(content).splitlines()
    if not lines:
        raise Unreadable("no_heads")
    sign = max(";,\t", key=lines[0].count)
    try:
        records = list(csv.reader(lines, delimiter=sign))
    except csv.Error:
        raise Unreadable("no_text") from None
    places = _places(records[0])
    if not {"code", "customer"} <= set(places):
        raise Unreadable("no_heads")
    if len(records) > MOST_ROWS:
        raise Unreadable("too_large")
    rows, flaws = [], []
    for number, cells in enumerate(records[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        found = _row({n: cells[p].strip() for n, p in places.items() if p < len(cells)}, today)
        if isinstance(found, Flaw):
            flaws.append((number, found))
        else:
            rows.append((number, found))
    return Table(tuple(rows), tuple(flaws))


def read_amount(text: str) -> Decimal | None:
    """An amount as people write it; None for what is none.

    >>> read_amount("1.234,50"), read_amount("€ 99"), read_amount("1,234.50"), read_amount("many")
    (Decimal('1234.50'), Decimal('99.00'), Decimal('1234.50'), None)
    """
    plain = re.sub(r"[€$£\s\u00a0]", "", text).replace("EUR", "")
    mark = "," if plain.rfind(",") > plain.rfind(".") else "."
    other = "." if mark == "," else ","
    whole, sign, rest = plain.replace(other, "").rpartition(mark)
    if sign and len(rest) == 3 and other not in plain:  # 1.234 is a thousand and more
        whole, rest = whole + rest, ""
    try:
        amount = Decimal(f"{whole.replace(mark, '')}.{rest or 0}" if sign else plain)
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount < Decimal("1e14"):
        return None
    return amount.quantize(Decimal("0.01"))


def read_day(text: str) -> date | None:
    """A day as people write it, the day before the month; None for what is none.

    >>> read_day("02-03-2026"), read_day("2026-03-02"), read_day("soon")
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 2), None)
    """
    match = _DAY.fullmatch(text.strip())
    try:
        if match:
            day, month, year = map(int, match.groups())
            return date(year, month, day)
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _row(cells: Mapping[str, str], today: date) -> Told | Flaw:
    code, customer = cells.get("code", ""), cells.get("customer", "")
    if not code:
        return Flaw.NO_CODE
    if not customer:
        return Flaw.NO_CUSTOMER
    day = read_day(cells["date"]) if cells.get("date") else today
    if day is None:
        return Flaw.BAD_DAY
    revenue = read_amount(cells["revenue"]) if cells.get("revenue") else None
    if cells.get("revenue") and revenue is None:
        return Flaw.BAD_AMOUNT
    return Told(code, customer, day, revenue, cells.get("email", ""))


def _places(heads: Sequence[str]) -> dict[str, int]:
    plain = [re.sub(r"[^a-z0-9]+", " ", head.casefold()).strip() for head in heads]
    found = {}
    for name, words in _HEADS.items():
        place = next((plain.index(word) for word in words if word in plain), None)
        if place is not None:
            found[name] = place
    return found


def _text(content: bytes) -> str:
    for name in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise Unreadable("no_text")
