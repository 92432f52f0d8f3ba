"""Marks of a page: where a list goes on, as a word in an address that says nothing to a reader."""

import base64
import json
from typing import Any

MOST = 2**63 - 1


def mark_of(after: int, **given: Any) -> str:
    """The mark of what follows the row `after`, with what else the next page has to know.

    >>> mark_of(3)
    'eyJhZnRlciI6M30'
    >>> read_mark("eyJhZnRlciI6M30")
    (3, {})
    """
    told = json.dumps({"after": after, **given}, separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def read_mark(mark: str) -> tuple[int, dict[str, Any]]:
    """The row it follows, and what else was given. Raises ValueError for anything else."""
    try:
        found = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
    except (ValueError, RecursionError):
        found = None
    after = found.pop("after", None) if isinstance(found, dict) else None
    if type(after) is not int or not 0 <= after <= MOST:
        raise ValueError("not a mark of a page")
    return after, found
