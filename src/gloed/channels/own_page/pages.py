"""How the own page is answered: in the guest's language and on their clock."""

from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse

from gloed.channels.link import private_page
from gloed.channels.own_page.guests import Guest

OWN_STYLE = Path(__file__).parent / "own.css"


def language_of(request: HttpRequest, guest: Guest | None) -> str:
    """The language asked for, else the person's, else the browser's."""
    return private_page.language_of(request, guest.language if guest else "")


def own_page(
    request: HttpRequest,
    guest: Guest | None,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a template of this room."""
    organisation = guest.organisation if guest else None
    return private_page.private_page(
        f"own_page/{template}",
        {
            "guest": guest,
            "organisation": organisation.name if organisation else "",
            **(context or {}),
        },
        language=language_of(request, guest),
        style=private_page.style_with(OWN_STYLE),
        time_zone=organisation.time_zone if organisation else "",
        status=status,
    )
