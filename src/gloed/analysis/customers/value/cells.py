"""What stands in a cell: a day, an amount, how somebody came. Plain decisions on text."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from gloed.analysis.customers.value.tables import Cell

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?:[T ,].*)?")
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NAMED = re.compile(r"(\d{1,2})\.?[- ]([a-zA-Z]{3,10})\.?[- ](\d{4})")
_MONTHS = {
    name: month
    for month, names in enumerate(
        ("jan", "feb", "mar maa mrt", "apr", "may mei", "jun", "jul", "aug", "sep", "oct okt",
         "nov", "dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_AMOUNT = re.compile(r"-?\d[\d.,' \u00a0\u202f]*")
MOST = Decimal(10) ** 13

EARNED = (
    "referral", "referred", "recommend", "word of mouth", "friend", "earned", "aanbevel",
    "aanbevol", "doorverw", "mond tot mond", "vriend", "kennis", "bekende", "verdiend",
)  # fmt: skip
BOUGHT = (
    "advert", "adword", "ads", "marketing", "sales", "campaign", "search", "google", "paid",
    "comparison", "bought", "reclame", "verkoop", "campagne", "vergelijk", "gekocht", "betaald",
    "acquisit", "website", "mailing", "social",
)  # fmt: skip


class DayOrder(StrEnum):
    """How a column writes dates such as 3/4/2026."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class Mark(StrEnum):
    """What parts a whole from its decimals."""

    COMMA = "comma"
    POINT = "point"


def read_day(cell: Cell, order: DayOrder = DayOrder.DAY_FIRST) -> date | None:
    """The day in a cell; None for what is none.

    >>> read_day("31-12-2025"), read_day("2025-12-31 10:00"), read_day("12/31/2025")
    (datetime.date(2025, 12, 31), datetime.date(2025, 12, 31), datetime.date(2025, 12, 31))
    """
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, str):
        return None
    text = cell.strip()
    if found := _YEAR_FIRST.fullmatch(text) or _SOLID.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _YEAR_LAST.fullmatch(text):
        one, two, year = int(found[1]), int(found[2]), int(found[3])
        if order is DayOrder.MONTH_FIRST:
            one, two = two, one
        return _day(year, two, one) or _day(year, one, two)
    if found := _NAMED.fullmatch(text):
        month = _MONTHS.get(found[2][:3].lower())
        return _day(int(found[3]), month, int(found[1])) if month else None
    return None


def order_of(cells: Iterable[Cell]) -> DayOrder:
    """What comes first in a column, day or month: a part above 12 decides; else the day."""
    day_first = month_first = 0
    for cell in cells:
        found = _YEAR_LAST.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if found:
            day_first += int(found[1]) > 12
            month_first += int(found[2]) > 12
    return DayOrder.MONTH_FIRST if month_first > day_first else DayOrder.DAY_FIRST


def read_amount(cell: Cell, mark: Mark = Mark.COMMA) -> Decimal | None:
    """The amount in a cell, signs of money and thousands left out; None for what is none.

    >>> read_amount("€ 1.234,50"), read_amount("1,234.50", Mark.POINT), read_amount("n/a")
    (Decimal('1234.50'), Decimal('1234.50'), None)
    """
    if isinstance(cell, bool) or cell is None or isinstance(cell, date):
        return None
    if isinstance(cell, float):
        return _amount(f"{cell:.2f}") if cell == cell and abs(cell) < MOST else None
    text = re.sub(r"(?i)eur|usd|gbp|[€$£]", "", cell).replace("\u2212", "-").strip()
    text = text.removesuffix(",-").removesuffix(".-").strip()
    if not _AMOUNT.fullmatch(text):
        return None
    whole, part = (".", ",") if mark is Mark.COMMA else (",", ".")
    plain = re.sub(r"[' \u00a0\u202f]", "", text).replace(whole, "")
    return _amount(plain.replace(part, ".")) if plain.count(part) <= 1 else None


def mark_of(cells: Iterable[Cell]) -> Mark:
    """Which mark a column writes before its decimals.

    The last one of a number that has both decides; then a number whose last mark is not followed
    by three digits. Else a comma, as in Dutch.
    """
    votes = {Mark.COMMA: 0, Mark.POINT: 0}
    for cell in cells:
        if not isinstance(cell, str):
            continue
        found = re.findall(r"[.,](?=\d)", cell)
        if not found:
            continue
        last = Mark.COMMA if found[-1] == "," else Mark.POINT
        tail = re.search(r"[.,](\d+)\D*$", cell)
        if len(set(found)) == 2:
            votes[last] += 100
        elif len(found) == 1 and tail and len(tail[1]) != 3:
            votes[last] += 1
        elif len(found) > 1:
            votes[Mark.POINT if last is Mark.COMMA else Mark.COMMA] += 1
    return Mark.POINT if votes[Mark.POINT] > votes[Mark.COMMA] else Mark.COMMA


def read_origin(cell: Cell) -> str:
    """How a customer came: "earned" (recommended), "bought" (marketing, sales) or "" for unknown.

    >>> read_origin("Aanbevolen door vriend"), read_origin("Google Ads"), read_origin("?")
    ('earned', 'bought', '')
    """
    if cell is None:
        return ""
    words = re.sub(r"[^a-zà-ÿ]+", " ", str(cell).casefold()).strip()
    if any(sign in words for sign in EARNED):
        return "earned"
    return "bought" if any(word.startswith(BOUGHT) for word in words.split()) else ""


def read_text(cell: Cell, most: int) -> str:
    """The text of a cell; a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = str(int(cell))
    return " ".join(str(cell).replace("\x00", "").split())[:most]


def _day(year: int, month: int | None, day: int) -> date | None:
    try:
        return date(year, month or 0, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None


def _amount(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found.quantize(Decimal("0.01")) if abs(found) < MOST else None
