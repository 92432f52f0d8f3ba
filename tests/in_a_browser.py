"""What tests with a real browser ask of a page, and of the record behind it."""

from collections.abc import Callable
from typing import Any

from axe_core_python.sync_playwright import Axe

PATIENCE = 300
"""Tenths of a second; a busy machine may take them, a quiet one never does."""


def findings(page: Any, *, impacts: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """What axe objects to, or of these impacts alone: the rule, and the first place.

    Only what is wrong is told in full: the places where all is well take longer to tell than all
    of them to look at.
    """
    told = Axe().run(page, options={"resultTypes": ["violations"]})
    return [
        (rule["id"], rule["nodes"][0]["html"][:160])
        for rule in told["violations"]
        if not impacts or rule["impact"] in impacts
    ]


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
