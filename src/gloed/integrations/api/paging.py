"""Lists in pages: `after` is where the last page ended, whatever came or went meanwhile."""

import base64
from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from gloed.integrations.api.problems import invalid

USUAL, MOST = 50, 200
Row = TypeVar("Row", bound=Model)


def page_of(
    rows: QuerySet[Row], after: str, limit: int, show: Callable[[list[Row]], list[Any]]
) -> dict[str, Any]:
    """A page, the oldest first, and the mark of the next one (null at the end)."""
    ordered = rows.order_by("pk")
    if after:
        ordered = ordered.filter(pk__gt=_read_mark(after))
    found = list(ordered[: limit + 1])
    page = found[:limit]
    more = len(found) > limit
    return {"data": show(page), "next": _mark(page[-1].pk) if more else None}


def _mark(pk: int) -> str:
    return base64.urlsafe_b64encode(f"a{pk}".encode()).decode().rstrip("=")


def _read_mark(text: str) -> int:
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        plain = ""
    if not (plain.startswith("a") and plain[1:].isascii() and plain[1:].isdigit()):
        raise invalid("/after", "This is no mark of a page; take the one in “next”.")
    return min(int(plain[1:]), 2**63 - 1)
