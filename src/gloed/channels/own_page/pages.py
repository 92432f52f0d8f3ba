"""How the own page is answered: in the guest's language, on their clock, kept by nobody."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from gloed.channels.link.rules import browser_wishes, choose_language
from gloed.channels.own_page.guests import Guest

LANGUAGES = ("en", "nl")
NAMES = {"en": "English", "nl": "Nederlands"}


def language_of(request: HttpRequest, guest: Guest | None) -> str:
    """The language asked for, else the person's, else the browser's."""
    wishes = [
        request.POST.get("l", "") or request.GET.get("l", ""),
        guest.language if guest else "",
        *browser_wishes(request.headers.get("Accept-Language", "")),
    ]
    return choose_language(LANGUAGES, wishes)


def own_page(
    request: HttpRequest,
    guest: Guest | None,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a template of this room; nothing may index, keep, frame or follow it."""
    language = language_of(request, guest)
    organisation = guest.organisation if guest else None
    zone = organisation.time_zone if organisation else settings.TIME_ZONE
    shown = {
        "guest": guest,
        "organisation": organisation.name if organisation else "",
        "language": language,
        "languages": [(code, NAMES[code]) for code in LANGUAGES if code != language],
        "style": mark_safe(_style()),  # noqa: S308 - our own files
        **(context or {}),
    }
    with translation.override(language), timezone.override(zone):
        text = render_to_string(f"own_page/{template}", shown)
    response = HttpResponse(text, status=status)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {_hash(_style())}; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@cache
def _style() -> str:
    """The style sheet of the survey page and what these pages add; it stands inside the page."""
    found = finders.find("gloed/survey.css")
    shared = Path(found).read_text(encoding="utf-8") if isinstance(found, str) else ""
    own = (Path(__file__).parent / "own.css").read_text(encoding="utf-8")
    return "\n".join(line.strip() for line in (shared + own).splitlines() if line.strip())


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
