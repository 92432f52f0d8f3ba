"""A page for one guest behind a secret address: in their language, kept and indexed by nobody."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from gloed.channels.link.rules import browser_wishes, choose_language

LANGUAGES = ("en", "nl")
NAMES = {"en": "English", "nl": "Nederlands"}


def language_of(request: HttpRequest, known: str = "") -> str:
    """The language asked for, else what is known of the guest, else the browser's."""
    wishes = [
        request.POST.get("l", "") or request.GET.get("l", ""),
        known,
        *browser_wishes(request.headers.get("Accept-Language", "")),
    ]
    return choose_language(LANGUAGES, wishes)


def private_page(
    template: str,
    context: dict[str, Any],
    *,
    language: str,
    style: str,
    time_zone: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a page with its style sheet inside; nothing may index, keep, frame or follow it.

    `style` is CSS of our own. Moments are told in `time_zone`, else in the installation's.
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
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
