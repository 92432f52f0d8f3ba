"""Undo rather than "are you sure": the way back is offered once, on the next page."""

from typing import Any

from django.http import HttpRequest

SESSION_KEY = "undo"


def offer_undo(request: HttpRequest, text: str, url: str, *, value: str = "") -> None:
    """Keep what was done (a sentence) and the address whose POST takes it back.

    `value` is posted as "undo" along with it, where the address alone does not say what.
    """
    request.session[SESSION_KEY] = {"text": str(text), "url": url, "value": value}


def take_undo(request: HttpRequest) -> Any:
    """The offer for this page, shown by the part undo.html; None if there is none."""
    return request.session.pop(SESSION_KEY, None)
