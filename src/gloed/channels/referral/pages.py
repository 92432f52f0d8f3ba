"""How these pages are answered: small, without cookies, kept and indexed by nobody."""

from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse

from gloed.base.models import Organisation
from gloed.channels.link.private_page import LANGUAGES, private_page
from gloed.channels.link.private_page import language_of as private_language
from gloed.channels.link.rules import browser_wishes, choose_language


def language_of(request: HttpRequest, *known: str) -> str:
    """The language asked for, else the first one known, else the browser's."""
    return private_language(request, next((one for one in known if one), ""))


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
    answer = private_page(
        f"referral/{template}",
        {"organisation": organisation.name if organisation else "", **context},
        language=language,
        style=_style(),
        time_zone=organisation.time_zone if organisation else "",
        status=status,
    )
    if goes_to:
        policy = answer.headers["Content-Security-Policy"]
        answer.headers["Content-Security-Policy"] = policy.replace(
            "form-action 'self'", f"form-action 'self' {goes_to}"
        )
    return answer


@cache
def _style() -> str:
    """The style sheet of the survey page and what these pages add; it stands inside the page."""
    found = finders.find("gloed/survey.css")
    shared = Path(found).read_text(encoding="utf-8") if isinstance(found, str) else ""
    own = (Path(__file__).parent / "referral.css").read_text(encoding="utf-8")
    return "\n".join(line.strip() for line in (shared + own).splitlines() if line.strip())
