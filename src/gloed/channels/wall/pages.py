"""How the pages of this room are answered: for everybody, or for one customer alone."""

from pathlib import Path
from typing import Any

from django.http import HttpResponse

from gloed.base.models import Organisation
from gloed.channels.link.private_page import private_page, small_page, style_with

OWN_STYLE = Path(__file__).parent / "wall.css"


def public(
    template: str,
    context: dict[str, Any],
    organisation: Organisation,
    language: str,
    *,
    ancestors: str,
) -> HttpResponse:
    """What everybody may see; `ancestors` may frame it."""
    return small_page(
        f"wall/{template}",
        {"organisation": organisation.name, **context},
        language=language,
        style=style_with(OWN_STYLE),
        time_zone=organisation.time_zone,
        ancestors=ancestors,
    )


def own(
    template: str,
    context: dict[str, Any],
    organisation: Organisation | None,
    language: str,
    *,
    status: int = 200,
) -> HttpResponse:
    """What one customer sees behind their secret address."""
    response = private_page(
        f"wall/{template}",
        {"organisation": organisation.name if organisation else "", **context},
        language=language,
        style=style_with(OWN_STYLE),
        time_zone=organisation.time_zone if organisation else "",
        status=status,
    )
    if status == 429:
        response.headers["Retry-After"] = "60"
    return response
