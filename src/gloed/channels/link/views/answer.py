"""The respondent's page: a link anybody may open, and what they send from it."""

from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gloed.base.policy import public_page
from gloed.channels.link import arrivals, pages, replies
from gloed.channels.link.arrivals import Arrival
from gloed.channels.link.filled import duration_of, filling_of, milliseconds, with_own_words
from gloed.channels.link.flow import Told, all_pages, read_told
from gloed.channels.link.pages import Filling, Look
from gloed.channels.link.rules import (
    BODY_LIMIT,
    Submission,
    choose_language,
    read_submission,
    seconds_taken,
    signals_of,
)
from gloed.fieldwork.queries import AskedPerson, find_invitation
from gloed.responses.operations import note_signal, receive_answer
from gloed.responses.queries import GivenBefore, given_before
from gloed.responses.rules import AnswerRefused, GivenAnswer, IncomingAnswer, Reason, Signal
from gloed.surveys import queries
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
    now = timezone.now()
    invitation = find_invitation(token) if token else None
    if invitation is not None and invitation.survey_id != survey.id:
        invitation = None
    if invitation is not None and "all" in request.GET:
        note_signal(Signal.HIDDEN_LINK, token=token, now=now)
    wished = _wished(request, version)
    if invitation is not None and wished is not None:
        steps = len(version.rating.scale.values) if version.rating.scale else 0
        _tell_of_arrival(invitation, token, wished, steps=steps)
    before = given_before(invitation.id, version=version.id) if invitation else GivenBefore()
    filling = filling_of(
        survey,
        version,
        _told_before(version, before, wished),
        token=token if invitation else "",
        invitation=invitation,
        now=now,
    )
    look = _look(request, survey, version, invitation=invitation)
    takes = ""
    if len(all_pages(version)) > 1:
        typical = duration_of(survey.id, version, look.language, now=now)
        takes = pages.takes_words(typical, look.language)
    text = pages.rate_page(look, version, filling, takes=takes)
    return replies.as_response(text, shown=filling.shown)


def _wished(request: HttpRequest, version: PublishedVersion) -> int | None:
    """The rating of the link somebody followed, where it is one of the scale."""
    asked, scale = request.GET.get("rating", ""), version.rating.scale
    wished = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 else None
    return wished if scale is not None and wished in scale else None


def _told_before(version: PublishedVersion, before: GivenBefore, wished: int | None) -> Told:
    """What the person told before, with the rating of the link they followed."""
    answers = {place: one for place, one in before.answers.items() if place != RATING_POSITION}
    rating, scale = before.rating if wished is None else wished, version.rating.scale
    if rating is not None and scale is not None and rating in scale:
        answers[RATING_POSITION] = GivenAnswer(RATING_POSITION, rating=rating)
    return Told(answers)


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
    told = read_told(version, request.POST.getlist, rating=sent.rating, why=sent.why, at=sent.at)
    is_bound = bool(sent.key or token)
    if sent.step == "keep" and sent.rating is not None and is_bound:
        return _keep(survey, sent, told, token, look.language, now)
    filling = filling_of(survey, version, told, token=token, sent=sent, now=now)
    if sent.step == "look":
        filling = with_own_words(filling, survey, token)
        text = replies.same_reply(sent, look, version, filling, is_named=bool(token))
        return replies.as_response(text, shown=filling.shown)
    if sent.rating is None or not is_bound:
        problem = replies.not_chosen(look)
        filling = with_own_words(filling, survey, token)
        text = pages.rate_page(look, version, filling, problem=problem)
        return replies.as_response(text, status=422, shown=filling.shown)
    coming = replies.coming_after(version, filling)
    is_complete = sent.step in ("why", "all", "ask") and coming is None
    incoming = _incoming(sent, told, token, look.language, now, is_complete=is_complete)
    try:
        receipt = receive_answer(incoming, survey=survey, now=now)
    except AnswerRefused as refusal:
        filling = with_own_words(filling, survey, token)
        return _refused(request, survey, version, look, filling, refusal.reason)
    filling = replace(filling, own=receipt.own_words)
    text = replies.next_reply(sent, look, version, filling, coming, is_named=bool(token))
    return replies.as_response(text, shown=filling.shown)


def _keep(
    survey: AskedSurvey, sent: Submission, told: Told, token: str, language: str, now: datetime
) -> HttpResponse:
    """Keep what a script sends on the way; there is no page to show."""
    incoming = _incoming(sent, told, token, language, now, is_complete=False)
    try:
        receive_answer(incoming, survey=survey, now=now)
    except AnswerRefused as refusal:
        return HttpResponse(status=410 if refusal.reason in _GONE else 422)
    return HttpResponse(status=204)


def _incoming(
    sent: Submission,
    told: Told,
    token: str,
    language: str,
    now: datetime,
    *,
    is_complete: bool,
) -> IncomingAnswer:
    answers = [one for place, one in told.answers.items() if place != OPEN_POSITION]
    if sent.why or (sent.why is not None and sent.step != "rate"):
        answers.append(GivenAnswer(OPEN_POSITION, verbatim=sent.why))
    moment = milliseconds(now)
    return IncomingAnswer(
        answers=tuple(answers),
        source=SOURCE,
        token=token,
        client_key="" if token else sent.key,
        version=sent.version,
        revision=sent.revision,
        is_complete=is_complete,
        language=language,
        channel=SOURCE,
        seconds=seconds_taken(sent.began, moment),
        signals=signals_of(sent, moment),
    )


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
    if reason is Reason.WITHDRAWN:
        with translation.override(look.language):
            heading = _("This answer was taken back")
            text = _("It no longer counts, and it is not changed any more.")
        return replies.as_response(pages.words_page(look, heading, text), status=410)
    if reason is Reason.TOO_MANY_CHOSEN:
        problem = replies.too_many_chosen(look)
        text = replies.reply_with_problem(look, version, filling, problem)
        return replies.as_response(text, status=422, shown=filling.shown)
    scale = version.rating.scale
    if scale is None or filling.rating not in scale:
        answers = {p: one for p, one in filling.told.answers.items() if p != RATING_POSITION}
        filling = replace(filling, told=Told(answers), is_chosen=False)
    text = pages.rate_page(look, version, filling, problem=replies.not_chosen(look))
    return replies.as_response(text, status=422, shown=filling.shown)


def _closed(request: HttpRequest, survey: AskedSurvey) -> HttpResponse:
    if survey.state == Survey.State.DRAFT:
        return _unknown(request)
    language = choose_language(survey.languages, replies.wishes_of(request))
    with translation.override(language):
        heading = _("This survey has closed")
        text = _("Kind of you to want to tell us. Your answer can no longer be added this time.")
    look = Look(survey.organisation_name, survey.slug, 0, language)
    return replies.as_response(pages.words_page(look, heading, text), status=410)


def _unknown(request: HttpRequest) -> HttpResponse:
    language = choose_language(("en", "nl"), replies.wishes_of(request))
    with translation.override(language):
        heading = _("There is no survey here")
        text = _("The link may have been cut off. Open it again from the message you had.")
    page = pages.words_page(Look("", "", 0, language), heading, text)
    return replies.as_response(page, status=404)


def _look(
    request: HttpRequest,
    survey: AskedSurvey,
    version: PublishedVersion,
    *,
    invitation: AskedPerson | None = None,
    wish: str = "",
) -> Look:
    own = invitation.language if invitation else ""
    language = choose_language(version.languages, [wish, *replies.wishes_of(request, own)])
    return Look(survey.organisation_name, survey.slug, version.number, language)


def _size(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return BODY_LIMIT + 1
