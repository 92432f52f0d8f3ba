"""The respondent's page inside a frame of a website."""

import re

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from gloed.channels.link import replies
from gloed.channels.link.filled import filling_of
from gloed.channels.link.flow import Told
from gloed.channels.link.pages import Look
from gloed.channels.link.rules import Submission, choose_language
from gloed.channels.link.views.answer import answer_page
from gloed.channels.widget.models import Widget
from gloed.fieldwork.queries import AskedPerson, find_invitation
from gloed.responses.models import Answer
from gloed.responses.queries import given_before
from gloed.responses.rules import GivenAnswer, IncomingAnswer, key_of
from gloed.surveys import queries as surveys
from gloed.surveys.queries import AskedSurvey
from gloed.surveys.rules import OPEN_POSITION, RATING_POSITION, PublishedVersion

_FRAMES = re.compile(r"frame-ancestors [^;]*")
_KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")
_LEADS_AWAY = re.compile(r'<a (?=href="(?:https?:|/))')
"""Links of the thank-you: their pages stand in no frame, so they open beside the website."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


def framed_page(request: HttpRequest, widget: Widget) -> HttpResponse:
    """The pages behind the link, with their forms and frames bound to this widget.

    `?key=` (or `?token=`) goes on after the rating and the words that the widget has sent already:
    with the next question. Nothing is recorded by opening it.
    """
    token = request.GET.get("token", "")
    token = token if _TOKEN.fullmatch(token) else ""
    page = None if request.method == "POST" else _go_on(request, widget, token)
    if page is None:
        page = _whole(answer_page(request, widget.survey.slug, token))
    plain = reverse("link:answer", args=[widget.survey.slug])
    if token:
        plain = reverse("link:personal", args=[widget.survey.slug, token])
    own = f'action="{_address(widget, token)}"'
    text = page.content.decode().replace(f'action="{plain}"', own)
    page.content = _LEADS_AWAY.sub('<a target="_blank" ', text).encode()
    ancestors = "frame-ancestors " + " ".join(["'self'", *widget.sites])
    policy = page.headers.get("Content-Security-Policy", "")
    page.headers["Content-Security-Policy"] = _FRAMES.sub(ancestors, policy)
    return page


def _whole(page: object) -> HttpResponse:
    if not isinstance(page, HttpResponse):
        raise TypeError("a page is whole")
    return page


def _address(widget: Widget, token: str) -> str:
    address = reverse("widget:frame", args=[widget.key])
    return f"{address}?token={token}" if token else address


def _go_on(request: HttpRequest, widget: Widget, token: str) -> HttpResponse | None:
    """The page after what the widget has sent; None where it has sent nothing."""
    survey = surveys.get_asked(widget.survey_id)
    if not survey.is_open:
        return None
    version = surveys.get_version(survey.slug, survey.current or 0)
    key = request.GET.get("key", "")
    invitation = find_invitation(token) if token else None
    told = Told(_on_record(survey, version, key, invitation))
    if told.rating is None:
        return None
    why = told.answers.get(OPEN_POSITION)
    sent = Submission(
        step="all",
        at="all",
        look="",
        key=key if _KEY.fullmatch(key) else "",
        version=version.number,
        revision=None,
        rating=told.rating,
        why=why.verbatim if why else "",
    )
    filling = filling_of(
        survey, version, told, token=token, invitation=invitation, sent=sent, now=timezone.now()
    )
    language = choose_language(version.languages, replies.wishes_of(request))
    look = Look(survey.organisation_name, survey.slug, version.number, language)
    coming = replies.coming_after(version, filling)
    text = replies.next_reply(sent, look, version, filling, coming, is_named=bool(token))
    return replies.as_response(text, shown=filling.shown)


def _on_record(
    survey: AskedSurvey, version: PublishedVersion, key: str, invitation: AskedPerson | None
) -> dict[int, GivenAnswer]:
    """The rating and the words on record under a key that only this visitor's browser knows."""
    if invitation is not None and invitation.survey_id == survey.id:
        return dict(given_before(invitation.id, version=version.id).answers)
    if not _KEY.fullmatch(key):
        return {}
    stored = key_of(IncomingAnswer((), "", client_key=key), survey=survey.id)
    rows = Answer.objects.filter(
        response__organisation_id=survey.organisation_id,
        response__key=stored,
        response__withdrawn_at=None,
        response__erased_at=None,
        question__position__in=(RATING_POSITION, OPEN_POSITION),
    )
    return {
        position: GivenAnswer(position, rating=rating, verbatim=verbatim)
        for position, rating, verbatim in rows.values_list(
            "question__position", "rating", "verbatim"
        )
    }
