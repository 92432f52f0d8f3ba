"""How these pages are answered: small, without cookies, kept and indexed by nobody."""

from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse

from gloed.base.models import Organisation
from gloed.channels.link.private_page import LANGUAGES, private_page, style_with
from gloed.channels.link.rules import browser_wishes, choose_language

OWN_STYLE = Path(__file__).parent / "referral.css"


def language_of_friend(request: HttpRequest, usual: str) -> str:
    """The language asked for, else the browser's, else the organisation's usual one."""
    wishes = browser_wishes(request.headers.get("Accept-Language", ""))
    return choose_language(LANGUAGES, [request.GET.get("l", ""), *wishes, usual])


def page(
    template: str,
    context: dict[str, Any],
    organisation: Organisation | None,
    language: str,
    *,
    goes_to: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a template of this room; `goes_to` is where its form may lead besides here."""
    return private_page(
        f"referral/{template}",
        {"organisation": organisation.name if organisation else "", **context},
        language=language,
        style=style_with(OWN_STYLE),
        time_zone=organisation.time_zone if organisation else "",
        form_action=f"'self' {goes_to}".strip(),
        status=status,
    )
