"""Small pages for guests: in their language, without script or cookie, their style sheet inside.

A private page stands behind a secret address, and is kept and indexed by nobody besides.
"""

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

LANGUAGES = ("en", "nl")
NAMES = {"en": "English", "nl": "Nederlands"}


def language_of(request: HttpRequest, *known: str) -> str:
    """The language asked for, else the first of those known of the guest, else the browser's."""
    wishes = [
        request.POST.get("l", "") or request.GET.get("l", ""),
        *known,
        *browser_wishes(request.headers.get("Accept-Language", "")),
    ]
    return choose_language(LANGUAGES, wishes)


@cache
def style_with(own: Path) -> str:
    """The style sheet of the survey page with what a room adds in a file of its own."""
    found = finders.find("gloed/survey.css")
    shared = Path(found).read_text(encoding="utf-8") if isinstance(found, str) else ""
    text = shared + own.read_text(encoding="utf-8")
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def small_page(
    template: str,
    context: dict[str, Any],
    *,
    language: str,
    style: str,
    time_zone: str = "",
    ancestors: str = "'none'",
    form_action: str = "'self'",
    status: int = 200,
) -> HttpResponse:
    """Render a page with its style sheet inside, and say what else it may load: nothing.

    `style` is CSS of our own; `ancestors` may frame the page, its forms may lead to `form_action`.
    Moments are told in `time_zone`, else in the installation's.
    """
    shown = {
        "language": language,
        "languages": [(code, NAMES[code]) for code in LANGUAGES if code != language],
        "style": mark_safe(style),  # noqa: S308 - our own files
        **context,
    }
    with translation.override(language), timezone.override(time_zone or settings.TIME_ZONE):
        text = render_to_string(template, shown)
    response = HttpResponse(text, status=status)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        f"form-action {form_action}; base-uri 'none'; frame-ancestors {ancestors}"
    )
    response.headers["Content-Language"] = language
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def private_page(template: str, context: dict[str, Any], **more: Any) -> HttpResponse:
    """A small page for one guest alone: nothing may index or keep it. `more` as `small_page`."""
    response = small_page(template, context, **more)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
