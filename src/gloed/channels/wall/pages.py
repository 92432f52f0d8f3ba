"""How the pages of this room are answered: small, without cookies, kept apart by their headers."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from gloed.base.models import Organisation
from gloed.base.wording import LANGUAGES as NAMES
from gloed.channels.link.rules import browser_wishes, choose_language

LANGUAGES = ("en", "nl")


def language_of(request: HttpRequest, *own: str) -> str:
    """The language asked for, else one of these, else the browser's."""
    wishes = [
        request.POST.get("l", "") or request.GET.get("l", ""),
        *own,
        *browser_wishes(request.headers.get("Accept-Language", "")),
    ]
    return choose_language(LANGUAGES, wishes)


def shown(
    template: str,
    context: dict[str, Any],
    organisation: Organisation | None,
    language: str,
    *,
    ancestors: str = "'none'",
    status: int = 200,
) -> HttpResponse:
    """Render a template of this room without the request: no cookie, no script, own headers."""
    known = {
        "organisation": organisation.name if organisation else "",
        "language": language,
        "languages": [(code, name) for code, name in NAMES if code != language],
        "style": mark_safe(_style()),  # noqa: S308 - our own files
        **context,
    }
    zone = organisation.time_zone if organisation else None
    with translation.override(language), timezone.override(zone):
        response = HttpResponse(render_to_string(f"wall/{template}", known), status=status)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {_hash(_style())}; img-src data:; form-action 'self'; "
        f"base-uri 'none'; frame-ancestors {ancestors}"
    )
    response.headers["Content-Language"] = language
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@cache
def _style() -> str:
    """The style sheet of the survey page and what these pages add; it stands inside the page."""
    found = finders.find("gloed/survey.css")
    common = Path(found).read_text(encoding="utf-8") if isinstance(found, str) else ""
    own = (Path(__file__).parent / "wall.css").read_text(encoding="utf-8")
    return "\n".join(line.strip() for line in (common + own).splitlines() if line.strip())


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
