"""What the script of the widget, and anybody's own app, asks and sends: version 1.

CSRF does not apply to any of it: no cookie and no log-in is read, so a forged request can do
nothing that its sender could not do directly. A page of a site that is not listed gets no answer;
a program without a page (an app on a phone) sends no Origin and is let in, as over the link.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gloed.base.guests import is_too_fast
from gloed.base.policy import public_page
from gloed.base.sealing import CannotOpen
from gloed.channels.embedded import packed, served
from gloed.channels.in_app.rules import (
    BODY_LIMIT,
    Unreadable,
    read_answers,
    read_body,
    text_of,
    whole_of,
)
from gloed.channels.link.rules import browser_wishes, choose_language
from gloed.channels.widget import framing, operations, settings_of
from gloed.channels.widget.models import Widget
from gloed.channels.widget.queries import find_widget
from gloed.channels.widget.rules import (
    NotSigned,
    is_allowed,
    read_person,
    seconds_taken,
    signals_of,
)
from gloed.people.rules import PersonData
from gloed.responses.operations import receive_answer
from gloed.responses.rules import AnswerRefused, Reason
from gloed.surveys import queries as surveys
from gloed.surveys.queries import AskedSurvey

SCRIPT = Path(__file__).parent / "widget.js"
PER_MINUTE = 240
GONE = frozenset({Reason.SURVEY_CLOSED, Reason.INVITATION_EXPIRED, Reason.WITHDRAWN})
Doing = Callable[[HttpRequest, Widget, dict[str, Any]], HttpResponse]


class _Refused(Exception):
    """What is not answered as asked: a status and a reason for whoever develops."""

    def __init__(self, status: int, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.status, self.reason, self.field = status, reason, field


@public_page("websites load the widget's script for their visitors")
@require_http_methods(["GET", "HEAD"])
def widget_script(request: HttpRequest) -> HttpResponse:
    """The script, kept by browsers for an hour and asked for again by its tag."""
    return served(request, packed(SCRIPT))


@csrf_exempt
@public_page("the script of a widget asks what to show, for a visitor without a name")
@require_http_methods(["GET", "POST", "OPTIONS"])
def shown(request: HttpRequest, key: str) -> HttpResponse:
    """What the widget shows, when and to how many: the questions in one language."""
    return _answered(request, key, _shown, method="GET")


def _shown(request: HttpRequest, widget: Widget, _sent: dict[str, Any]) -> HttpResponse:
    survey = _survey(widget)
    version = surveys.get_version(survey.slug, survey.current or 0)
    wishes = [request.GET.get("l", ""), *browser_wishes(request.headers.get("Accept-Language", ""))]
    language = choose_language(version.languages, wishes)
    with translation.override(language):
        found = settings_of.settings_of(widget, survey, version, language)
    response = JsonResponse(found)
    response.headers["Cache-Control"] = "public, max-age=60"
    response.headers["Content-Language"] = language
    return response


@csrf_exempt
@public_page("the script of a widget asks whether a visitor that the site knows may be asked")
@require_http_methods(["GET", "POST", "OPTIONS"])
def asking(request: HttpRequest, key: str) -> HttpResponse:
    """Whether this person may be asked now, and the token to answer with."""
    return _answered(request, key, _asking)


def _asking(_request: HttpRequest, widget: Widget, sent: dict[str, Any]) -> HttpResponse:
    visitor = _visitor(widget, sent)
    if visitor is None:
        raise _Refused(422, "unreadable", "person")
    if not (widget.is_on and _survey(widget).is_open):
        return JsonResponse({"ask": False})
    token = operations.ask_visitor(widget, visitor, now=timezone.now())
    return JsonResponse({"ask": token is not None, **({"token": token} if token else {})})


@csrf_exempt
@public_page("the script of a widget counts that it was seen, opened or closed; nobody is known")
@require_http_methods(["GET", "POST", "OPTIONS"])
def happened(request: HttpRequest, key: str) -> HttpResponse:
    """Count that the widget was seen, opened or closed."""
    return _answered(request, key, _happened)


def _happened(_request: HttpRequest, widget: Widget, sent: dict[str, Any]) -> HttpResponse:
    what = text_of(sent, "what", 12)
    if what not in ("seen", "opened", "closed"):
        raise _Refused(422, "unreadable", "what")
    operations.count(widget, what, now=timezone.now())
    if token := text_of(sent, "token", 64):
        operations.note_shown(token, what, now=timezone.now())
    return HttpResponse(status=204)


@csrf_exempt
@public_page("visitors of a website, or users of an app, answer without a log-in")
@require_http_methods(["GET", "POST", "OPTIONS"])
def answers(request: HttpRequest, key: str) -> HttpResponse:
    """Take answers in; sent again under the same key they change what was kept."""
    return _answered(request, key, _answers)


def _answers(_request: HttpRequest, widget: Widget, sent: dict[str, Any]) -> HttpResponse:
    given = read_answers(sent)
    person = None if given.token else _visitor(widget, sent)
    took = whole_of(sent, "took")
    incoming = given.incoming(
        channel=operations.CHANNEL,
        person=person,
        seconds=seconds_taken(took),
        signals=signals_of(took, is_trapped=bool(text_of(sent, "extra", 500))),
    )
    try:
        receipt = receive_answer(incoming, survey=_survey(widget), now=timezone.now())
    except AnswerRefused as refusal:
        status = 410 if refusal.reason in GONE else 422
        raise _Refused(status, refusal.reason.value) from None
    if receipt.is_new:
        operations.count(widget, "answered", now=timezone.now())
    return JsonResponse({"response": receipt.response_id, "outcome": receipt.outcome.value})


@csrf_exempt
@xframe_options_exempt
@public_page("a survey with more questions goes on in a frame within the website")
@require_http_methods(["GET", "HEAD", "POST"])
def frame(request: HttpRequest, key: str) -> HttpResponse:
    """The respondent's page of the widget's survey, which only the listed sites may frame."""
    widget = find_widget(key)
    if widget is None or not widget.is_on:
        return HttpResponse(status=404)
    return framing.framed_page(request, widget)


def _answered(request: HttpRequest, key: str, do: Doing, *, method: str = "POST") -> HttpResponse:
    """Let in who may come, do what is asked, and say in JSON what was not done and why."""
    widget = find_widget(key)
    origin = request.headers.get("Origin", "")
    if widget is None:
        response = _problem(_Refused(404, "unknown_widget"))
    elif origin and not _is_welcome(origin, widget):
        return _problem(_Refused(403, "site_not_listed"))
    elif request.method == "OPTIONS":
        response = HttpResponse(status=204)
    elif request.method != method:
        response = HttpResponse(status=405, headers={"Allow": f"{method}, OPTIONS"})
    else:
        response = _done(request, widget, do)
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        response.headers["Access-Control-Max-Age"] = "3600"
    response.headers["Vary"] = "Origin, Accept-Language"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _done(request: HttpRequest, widget: Widget, do: Doing) -> HttpResponse:
    if is_too_fast(request, f"widget {widget.key}", per_minute=PER_MINUTE):
        return _problem(_Refused(429, "too_fast"))
    try:
        return do(request, widget, {} if request.method == "GET" else _body(request))
    except Unreadable as problem:
        return _problem(_Refused(422, "unreadable", problem.field))
    except _Refused as refusal:
        return _problem(refusal)


def _body(request: HttpRequest) -> dict[str, Any]:
    if request.content_type not in ("application/json", "text/plain"):
        raise _Refused(415, "not_json")
    length = request.headers.get("Content-Length") or "0"
    if not length.isascii() or not length.isdigit() or int(length) > BODY_LIMIT:
        raise _Refused(413, "too_large")
    return read_body(request.body)


def _is_welcome(origin: str, widget: Widget) -> bool:
    return is_allowed(origin, widget.sites) or is_allowed(origin, [settings.BASE_URL])


def _survey(widget: Widget) -> AskedSurvey:
    survey = surveys.get_asked(widget.survey_id)
    if survey.is_deleted or survey.current is None:
        raise _Refused(410, Reason.NOT_PUBLISHED.value)
    return survey


def _visitor(widget: Widget, sent: dict[str, Any]) -> PersonData | None:
    signed = text_of(sent, "person", None)
    if not signed:
        return None
    try:
        return read_person(signed, operations.secret_of(widget), now=timezone.now())
    except (NotSigned, CannotOpen):
        raise _Refused(403, "not_signed") from None


def _problem(refusal: _Refused) -> HttpResponse:
    """Problem details (RFC 9457); the reason is a word that never changes."""
    found = {"type": "about:blank", "status": refusal.status, "reason": refusal.reason}
    if refusal.field:
        found["field"] = refusal.field
    response = JsonResponse(found, status=refusal.status, content_type="application/problem+json")
    if refusal.status == 429:
        response.headers["Retry-After"] = "60"
    return response
