"""Lists in pages: `after` is where the last page ended, whatever came or went meanwhile."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from gloed.integrations.api.problems import invalid
from gloed.integrations.marks import mark_of, read_mark

USUAL, MOST = 50, 200
Row = TypeVar("Row", bound=Model)


def page_of(
    rows: QuerySet[Row], after: str, limit: int, show: Callable[[list[Row]], list[Any]]
) -> dict[str, Any]:
    """A page, the oldest first, and the mark of the next one (null at the end)."""
    ordered = rows.order_by("pk")
    if after:
        ordered = ordered.filter(pk__gt=_after(after))
    found = list(ordered[: limit + 1])
    page = found[:limit]
    more = len(found) > limit
    return {"data": show(page), "next": mark_of(page[-1].pk) if more else None}


def _after(mark: str) -> int:
    try:
        return read_mark(mark)[0]
    except ValueError:
        raise invalid("/after", "This is no mark of a page; take the one in “next”.") from None
