"""What tests with a real browser ask of a page, and of the record behind it."""

from collections.abc import Callable
from typing import Any

from axe_core_python.sync_playwright import Axe

PATIENCE = 300
"""Tenths of a second; a busy machine may take them, a quiet one never does."""


def findings(page: Any) -> list[tuple[str, str]]:
    """What axe objects to: the rule, and the first place."""
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in Axe().run(page)["violations"]]


def recorded() -> list[tuple[int, str, str]]:
    """Every response on record, the earliest first: rating, words and status."""
    from gloed.responses.models import Response

    return [
        (
            one.answers.get(question__position=1).rating,
            "".join(one.answers.filter(question__position=2).values_list("verbatim", flat=True)),
            one.status,
        )
        for one in Response.objects.order_by("responded_at", "pk")
    ]


def until(page: Any, check: Callable[[], bool]) -> None:
    """Wait until the server has it."""
    for _ in range(PATIENCE):
        if check():
            return
        page.wait_for_timeout(100)
    assert check()
