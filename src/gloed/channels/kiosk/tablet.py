"""What the tablet opens: the page with everything in it, and the door for what it brings."""

import json
from base64 import b64encode
from functools import cache
from hashlib import pbkdf2_hmac, sha256
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gloed.base.guests import is_too_fast
from gloed.base.policy import public_page
from gloed.channels.in_app.questions import describe
from gloed.channels.in_app.rules import Unreadable, read_body
from gloed.channels.kiosk import operations
from gloed.channels.kiosk.models import Kiosk
from gloed.channels.kiosk.queries import find_kiosk
from gloed.channels.kiosk.rules import read_delivery
from gloed.channels.link.rules import choose_language
from gloed.surveys import queries as surveys

BODY_LIMIT = 1_000_000
PER_MINUTE = 240
ROUNDS = 60_000
SCRIPTS = ("outbox.js", "questions.js", "kiosk.js")
NAMES = {"en": "English", "nl": "Nederlands"}
REASON = "a tablet at a desk opens it by its own link"


@public_page(REASON)
@require_http_methods(["GET", "HEAD"])
def page(_request: HttpRequest, token: str) -> HttpResponse:
    """The kiosk: one page with style, script and every word, so that it runs without a network."""
    kiosk = find_kiosk(token)
    if kiosk is None:
        return _unknown()
    found = settings_of(kiosk)
    language = found["languages"][0]
    with translation.override(language):
        text = render_to_string(
            "kiosk/page.html",
            {
                "language": language,
                "organisation": kiosk.organisation.name,
                "name": kiosk.name,
                "manifest": reverse("kiosk:manifest", args=[token]),
                # < would end the script element
                "settings": mark_safe(json.dumps(found).replace("<", "\\u003c")),  # noqa: S308
                "style": mark_safe(_file("kiosk.css")),  # noqa: S308 - our own file
                "script": mark_safe(_script()),  # noqa: S308 - our own files
            },
        )
    response = HttpResponse(text)
    response.headers["Content-Security-Policy"] = _content_security()
    return _quiet(response)


def settings_of(kiosk: Kiosk) -> dict[str, Any]:
    """What the page needs to know; `tag` tells whether it changed since the tablet loaded it."""
    survey = surveys.get_asked(kiosk.survey_id)
    found: dict[str, Any] = {
        "is_open": survey.is_open,
        "idle_seconds": kiosk.idle_seconds,
        "languages": [],
        "asked": {},
        "words": {},
        "names": NAMES,
        "lock": _lock(kiosk),
        "base": reverse("kiosk:page", args=[kiosk.token]),
    }
    if survey.current is not None and not survey.is_deleted:
        version = surveys.get_version(survey.slug, survey.current)
        wanted = [code for code in kiosk.languages if code in version.languages]
        found["languages"] = wanted or list(version.languages)
        for code in found["languages"]:
            with translation.override(code):
                found["words"][code] = _words(kiosk.organisation.name)
            found["asked"][code] = describe(version, code, organisation=kiosk.organisation.name)
    else:
        code = choose_language(("nl", "en"), kiosk.languages)
        found["languages"] = [code]
        with translation.override(code):
            found["words"][code] = _words(kiosk.organisation.name)
    text = json.dumps(found, sort_keys=True) + _script() + _file("kiosk.css")
    return {**found, "tag": sha256(text.encode()).hexdigest()[:16]}


def _lock(kiosk: Kiosk) -> dict[str, Any] | None:
    """The code to leave with, in a form that a page can check and nobody reads off it."""
    pin = operations.pin_of(kiosk)
    if not pin:
        return None
    salt = sha256(kiosk.token.encode()).hexdigest()[:32]
    digest = pbkdf2_hmac("sha256", pin.encode(), salt.encode(), ROUNDS).hex()
    return {"salt": salt, "rounds": ROUNDS, "digest": digest}


def _words(organisation: str) -> dict[str, str]:
    return {
        "language": _("Language"),
        "hint": _("You may leave this empty. Please name nobody else’s details."),
        "done": _("Done"),
        "go": _("Continue"),
        "back": _("Choose another number"),
        "before": _("Back"),
        "far": _("%(number)s of %(total)s"),
        "many": _("Choose as many as you like."),
        "most": _("Choose at most %(most)s."),
        "name": _("Your name"),
        "email": _("Your e-mail address"),
        "phone": _("Your telephone number"),
        "thanks": _("Thank you, your answer is in"),
        "promise": _("The people at %(organisation)s who can act on it read it.")
        % {"organisation": organisation},
        "again": _("Next, please"),
        "still": _("Are you still there?"),
        "more_time": _("Yes, a moment"),
        "waiting": _("%(n)s waiting for the network"),
        "closed": _("Nothing is asked here at the moment"),
        "gone": _("This kiosk was taken away. What it still holds is kept on this tablet."),
        "settings": _("For colleagues"),
        "pin": _("Code"),
        "unlock": _("Open"),
        "wrong": _("That is another code."),
        "close": _("Close"),
        "full": _("Full screen"),
        "leave": _("Leave the kiosk"),
        "all_in": _("Everything has been delivered."),
        "privacy": _("%(organisation)s uses your answer to do better.")
        % {"organisation": organisation},
    }


@public_page(REASON)
@require_http_methods(["GET", "HEAD"])
def service_worker(_request: HttpRequest, token: str) -> HttpResponse:
    """What lets the tablet start without a network; it rules its own kiosk and nothing else."""
    if find_kiosk(token) is None:
        return HttpResponse(status=404)
    response = HttpResponse(_file("worker.js"), content_type="text/javascript; charset=utf-8")
    response.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    return _quiet(response)


@public_page(REASON)
@require_http_methods(["GET", "HEAD"])
def manifest(_request: HttpRequest, token: str) -> HttpResponse:
    """What a tablet needs to keep the kiosk on its home screen, without a browser around it."""
    kiosk = find_kiosk(token)
    if kiosk is None:
        return HttpResponse(status=404)
    address = reverse("kiosk:page", args=[token])
    found = {
        "name": kiosk.name,
        "start_url": address,
        "scope": address,
        "display": "fullscreen",
        "background_color": "#fbfaf7",
        "theme_color": "#fbfaf7",
    }
    return _quiet(JsonResponse(found, content_type="application/manifest+json"))


# CSRF does not apply: no cookie and no log-in is read; who knows the link may bring answers.
@csrf_exempt
@public_page(REASON)
@require_http_methods(["GET", "POST"])
def answers(request: HttpRequest, token: str) -> HttpResponse:
    """Take in what the tablet brings; an empty delivery says that it is alive."""
    kiosk = find_kiosk(token)
    if kiosk is None:
        return HttpResponse(status=404)
    if request.method != "POST":
        return HttpResponse(status=405)
    if is_too_fast(request, f"kiosk {kiosk.token}", per_minute=PER_MINUTE):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    length = request.headers.get("Content-Length") or "0"
    if not length.isdigit() or int(length) > BODY_LIMIT:
        return HttpResponse(status=413)
    try:
        delivery = read_delivery(read_body(request.body))
    except Unreadable as problem:
        return JsonResponse({"reason": "unreadable", "field": problem.field}, status=422)
    found = operations.take_delivery(kiosk, delivery, now=timezone.now())
    refused = [{"key": key, "reason": reason} for key, reason in found.refused]
    tag = settings_of(kiosk)["tag"]
    return _quiet(JsonResponse({"taken": found.taken, "refused": refused, "tag": tag}))


@cache
def _file(name: str) -> str:
    """One of our own files, tight, as it stands inside the page."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


@cache
def _script() -> str:
    return "\n".join(_file(name) for name in SCRIPTS)


@cache
def _content_security() -> str:
    style, script = (
        f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
        for text in (_file("kiosk.css"), _script())
    )
    return (
        f"default-src 'none'; style-src {style}; script-src {script}; connect-src 'self'; "
        "worker-src 'self'; manifest-src 'self'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )


def _unknown() -> HttpResponse:
    text = render_to_string("kiosk/unknown.html", {"style": mark_safe(_file("kiosk.css"))})  # noqa: S308 - our own file
    response = HttpResponse(text, status=404)
    response.headers["Content-Security-Policy"] = _content_security()
    return _quiet(response)


def _quiet(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
