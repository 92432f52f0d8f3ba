"""The respondent's page: a link anybody may open, and what they send from it."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gloed.base.policy import StaffRequest, public_page, staff_may
from gloed.channels.link import arrivals, pages
from gloed.channels.link.arrivals import Arrival
from gloed.channels.link.pages import Filling, Look
from gloed.channels.link.rules import (
    BODY_LIMIT,
    Submission,
    browser_wishes,
    choose_language,
    read_submission,
)
from gloed.fieldwork.queries import AskedPerson, find_invitation
from gloed.responses.operations import receive_answer
from gloed.responses.queries import GivenBefore, given_before
from gloed.responses.rules import AnswerRefused, GivenAnswer, IncomingAnswer, Reason
from gloed.surveys import forms, queries
from gloed.surveys.models import Survey, SurveyVersion
from gloed.surveys.queries import AskedSurvey
from gloed.surveys.rules import OPEN_POSITION, RATING_POSITION, PublishedVersion

SOURCE = "link"
_GONE = frozenset({Reason.SURVEY_CLOSED, Reason.INVITATION_EXPIRED})


# CSRF does not apply: no cookie and no log-in is read, so a forged sending can do nothing that its
# sender could not do directly. What binds a sending to a respondent is the key in the form.
# There is no limit per network address either: a shop, a school or a mobile network is one address.
# What bounds a sending is its size, and that the same key is stored once.
@csrf_exempt
@public_page("respondents open it from a mail, a letter or a QR code")
@require_http_methods(["GET", "HEAD", "POST"])
def answer_page(request: HttpRequest, slug: str, token: str = "") -> HttpResponse:
    """Ask (GET, which never records anything) and take in what is sent (POST)."""
    survey = queries.find_asked(slug)
    if survey is None or survey.is_deleted or survey.current is None:
        return _unknown(request)
    if request.method == "POST":
        return _take(request, survey, token)
    if not survey.is_open:
        return _closed(request, survey)
    return _ask(request, survey, token)


def _ask(request: HttpRequest, survey: AskedSurvey, token: str) -> HttpResponse:
    version = queries.get_version(survey.slug, survey.current or 0)
    invitation = find_invitation(token) if token else None
    if invitation is not None and invitation.survey_id != survey.id:
        invitation = None
    before = given_before(invitation.id) if invitation else GivenBefore()
    asked = request.GET.get("rating", "")
    wished = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 else None
    rating = before.rating if wished is None else wished
    scale = version.by_position[RATING_POSITION].scale
    is_chosen = rating is not None and scale is not None and rating in scale
    if invitation is not None and scale is not None and wished is not None and is_chosen:
        _tell_of_arrival(invitation, token, wished, steps=len(scale.values))
    filling = Filling(
        action=_address(survey, token if invitation else ""),
        key=secrets.token_urlsafe(16),
        moment=_milliseconds(timezone.now()),
        rating=rating if is_chosen else None,
        why=before.why,
        is_chosen=is_chosen,
    )
    look = _look(request, survey, version, invitation=invitation)
    return _page(pages.rate_page(look, version, filling))


def _tell_of_arrival(invitation: AskedPerson, token: str, rating: int, *, steps: int) -> None:
    now = timezone.now()
    arrivals.tell(Arrival(invitation.id, token, invitation.channel, rating, steps, now))


def _take(request: HttpRequest, survey: AskedSurvey, token: str) -> HttpResponse:
    if request.content_type != "application/x-www-form-urlencoded":
        return HttpResponse(status=415)
    if _size(request) > BODY_LIMIT:
        return HttpResponse(status=413)
    sent = read_submission(request.POST.dict())
    now = timezone.now()
    try:
        version = queries.get_version(survey.slug, sent.version or survey.current or 0)
    except SurveyVersion.DoesNotExist:
        version = queries.get_version(survey.slug, survey.current or 0)
    look = _look(request, survey, version, wish=sent.look)
    filling = Filling(
        action=_address(survey, token),
        key=sent.key or secrets.token_urlsafe(16),
        moment=_milliseconds(now),
        rating=sent.rating,
        why=sent.why or "",
        is_chosen=sent.rating is not None and (sent.step == "back" or sent.at == "all"),
    )
    if sent.step == "look":
        return _page(_same_page(sent, look, version, filling, is_named=bool(token)))
    if sent.rating is None or not (sent.key or token):
        problem = _not_chosen(look)
        return _page(pages.rate_page(look, version, filling, problem=problem), status=422)
    try:
        receive_answer(_incoming(sent, token, look.language), survey=survey, now=now)
    except AnswerRefused as refusal:
        return _refused(request, survey, version, look, filling, refusal.reason)
    if sent.step == "keep":
        return HttpResponse(status=204)
    return _page(_next_page(sent, look, version, filling, is_named=bool(token)))


def _incoming(sent: Submission, token: str, language: str) -> IncomingAnswer:
    answers = [GivenAnswer(RATING_POSITION, rating=sent.rating)]
    if sent.why or (sent.why is not None and sent.step != "rate"):
        answers.append(GivenAnswer(OPEN_POSITION, verbatim=sent.why))
    return IncomingAnswer(
        answers=tuple(answers),
        source=SOURCE,
        token=token,
        client_key="" if token else sent.key,
        version=sent.version,
        revision=sent.revision,
        is_complete=sent.step in ("why", "all"),
        language=language,
        channel=SOURCE,
    )


def _next_page(
    sent: Submission, look: Look, version: PublishedVersion, filling: Filling, *, is_named: bool
) -> str:
    if sent.step == "back":
        return pages.rate_page(look, version, filling)
    if sent.step == "rate":
        return pages.why_page(look, version, filling)
    return pages.thanks_page(look, version, filling, is_named=is_named)


def _same_page(
    sent: Submission, look: Look, version: PublishedVersion, filling: Filling, *, is_named: bool
) -> str:
    if sent.at == "why":
        return pages.why_page(look, version, filling)
    if sent.at == "thanks":
        return pages.thanks_page(look, version, filling, is_named=is_named)
    return pages.rate_page(look, version, filling)


def _refused(
    request: HttpRequest,
    survey: AskedSurvey,
    version: PublishedVersion,
    look: Look,
    filling: Filling,
    reason: Reason,
) -> HttpResponse:
    """Say kindly why an answer was not taken."""
    if reason in _GONE:
        return _closed(request, survey)
    if reason is Reason.UNKNOWN_INVITATION:
        return _unknown(request)
    with translation.override(look.language):
        if reason is Reason.WITHDRAWN:
            return _page(
                pages.words_page(
                    look,
                    _("This answer was taken back"),
                    _("It no longer counts, and it is not changed any more."),
                ),
                status=410,
            )
    scale = version.by_position[RATING_POSITION].scale
    if scale is None or filling.rating not in scale:
        filling = Filling(filling.action, filling.key, filling.moment, why=filling.why)
    page = pages.rate_page(look, version, filling, problem=_not_chosen(look))
    return _page(page, status=422)


def _not_chosen(look: Look) -> str:
    with translation.override(look.language):
        return _("Choose one of the steps below; what you wrote is still here.")


def _closed(request: HttpRequest, survey: AskedSurvey) -> HttpResponse:
    if survey.state == Survey.State.DRAFT:
        return _unknown(request)
    language = choose_language(survey.languages, _wishes(request))
    with translation.override(language):
        heading = _("This survey has closed")
        text = _("Kind of you to want to tell us. Your answer can no longer be added this time.")
    look = Look(survey.organisation_name, survey.slug, 0, language)
    return _page(pages.words_page(look, heading, text), status=410)


def _unknown(request: HttpRequest) -> HttpResponse:
    language = choose_language(("en", "nl"), _wishes(request))
    with translation.override(language):
        heading = _("There is no survey here")
        text = _("The link may have been cut off. Open it again from the message you had.")
    return _page(pages.words_page(Look("", "", 0, language), heading, text), status=404)


def _look(
    request: HttpRequest,
    survey: AskedSurvey,
    version: PublishedVersion,
    *,
    invitation: AskedPerson | None = None,
    wish: str = "",
) -> Look:
    own = invitation.language if invitation else ""
    language = choose_language(version.languages, [wish, *_wishes(request, own)])
    return Look(survey.organisation_name, survey.slug, version.number, language)


def _wishes(request: HttpRequest, own: str = "") -> list[str]:
    header = request.headers.get("Accept-Language", "")
    return [request.GET.get("l", ""), own, *browser_wishes(header)]


def _address(survey: AskedSurvey, token: str) -> str:
    if token:
        return reverse("link:personal", args=[survey.slug, token])
    return reverse("link:answer", args=[survey.slug])


def _milliseconds(now: datetime) -> int:
    return int(now.timestamp() * 1000)


def _size(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return BODY_LIMIT + 1


def _page(text: str, *, status: int = 200, is_preview: bool = False) -> HttpResponse:
    response = HttpResponse(text, status=status)
    response.headers["Content-Security-Policy"] = pages.content_security(is_preview=is_preview)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


# CSRF does not apply here either: it shows what is sent to it and changes nothing.
@csrf_exempt
@xframe_options_sameorigin
@staff_may("analysis.view_report")
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """The respondent's page as it would look now, for colleagues; nothing is ever recorded.

    GET shows the draft, or what is asked where there is none. POST shows the words of the editing
    form as they stand there, not yet saved; or the next page, when sent from the preview itself.
    """
    survey = get_object_or_404(
        Survey, organisation=request.organisation, public_id=survey_id, deleted_at=None
    )
    version = _previewed(request, survey)
    posted: dict[str, Any] = request.POST.dict()
    sent = read_submission(posted)
    language = choose_language(version.languages, [sent.look, *_wishes(request)])
    look = Look(request.organisation.name, survey.slug, version.number, language, is_preview=True)
    filling = Filling(
        action=request.path, key="preview", moment=0, rating=sent.rating, why=sent.why or ""
    )
    if "key" not in posted or sent.rating is None:
        return _page(pages.rate_page(look, version, filling), is_preview=True)
    show = _same_page if sent.step == "look" else _next_page
    return _page(show(sent, look, version, filling, is_named=False), is_preview=True)


def _previewed(request: StaffRequest, survey: Survey) -> PublishedVersion:
    if request.method == "POST" and "key" not in request.POST:
        written = forms.read_words(request.POST, survey)
        if written is not None:
            return queries.version_of(written)
    version = queries.find_draft(survey) or survey.current
    if version is None:
        version = survey.versions.latest("number")
    return queries.read_version(version)
