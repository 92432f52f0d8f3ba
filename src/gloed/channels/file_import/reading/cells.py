"""Single cells: as text, as address, as name. Files give text or typed values."""

import json
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

Cell = object

# Longer addresses do not exist in mail (RFC 5321, 4.5.3.1), and the bound keeps matching cheap.
LONGEST_ADDRESS = 254
_ADDRESS = re.compile(r"[^\s@,;<>()]+@[^\s@,;<>()]+\.[^\s@,;<>().]+")

_NOBODY = frozenset(
    {
        "deleted person",
        "deleted user",
        "permanently deleted user",
        "anonymous",
        "anonymous user",
        "anoniem",
        "verwijderde gebruiker",
    }
)

_LARGEST_EXACT_FLOAT = 2**53


def text_of(cell: Cell) -> str:
    """A cell as the text that a person would have typed: 4000.0 is 4000, None is empty."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _text_of_float(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, (date, time, timedelta, int, Decimal)):
        return str(cell)
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    return json.dumps(cell, ensure_ascii=False, default=str)


def _text_of_float(number: float) -> str:
    if number != number:  # NaN stands for no value in every format that has it
        return ""
    if abs(number) < _LARGEST_EXACT_FLOAT and number == int(number):
        return str(int(number))
    return repr(number)


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing: no value, NaN, or only white space."""
    return not text_of(cell).strip()


def address_in(text: str) -> str | None:
    """The e-mail address that a cell holds, trimmed, or None if it does not look like one."""
    trimmed = text.strip()
    if len(trimmed) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(trimmed):
        return trimmed
    return None


def is_nobody(name: str) -> bool:
    """Whether a name is another tool's placeholder for someone deleted or unknown."""
    return name.strip().casefold() in _NOBODY


def json_in(cell: Cell) -> object:
    """The list or object that a cell is or writes as JSON; None where it is neither."""
    if not isinstance(cell, str):
        return cell if isinstance(cell, (list, dict)) else None
    if cell[:1] not in {"{", "["}:
        return None
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None


def items_in(cell: Cell, mark: str | None = None) -> tuple[str, ...]:
    """The texts of a list: a list, JSON of one, or text split at `mark` (None: one text)."""
    value = json_in(cell)
    if isinstance(value, list):
        texts = [_item_text(item).strip() for item in value]
    else:
        text = text_of(cell)
        texts = [part.strip() for part in (text.split(mark) if mark else [text])]
    return tuple(text for text in texts if text)


def _item_text(item: Cell) -> str:
    if not isinstance(item, dict):
        return text_of(item)
    for key in ("text", "name", "label", "body"):
        if item.get(key):
            return text_of(item[key])
    return text_of(item)
