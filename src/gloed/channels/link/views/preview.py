"""The respondent's page as it would look now, for colleagues."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gloed.base.policy import StaffRequest, staff_may
from gloed.channels.link import pages, replies
from gloed.channels.link.flow import all_pages, read_told, standing
from gloed.channels.link.pages import Filling, Look
from gloed.channels.link.rules import Submission, choose_language, read_submission
from gloed.loop.testimonials.reviews import shown_links
from gloed.surveys import forms, queries
from gloed.surveys.looks import look_of
from gloed.surveys.models import Survey
from gloed.surveys.rules import PublishedVersion, estimated, values_of


# CSRF does not apply here either: it shows what is sent to it and changes nothing.
@csrf_exempt
@xframe_options_sameorigin
@staff_may("analysis.view_report")
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """The respondent's page as it would look now; nothing is ever recorded.

    GET shows the draft, or what is asked where there is none. POST shows the words of the editing
    form as they stand there, not yet saved; or the next page, when sent from the preview itself.
    `?rating=` shows it with that step chosen, so that the words of its band are seen.
    """
    survey = get_object_or_404(
        Survey, organisation=request.organisation, public_id=survey_id, deleted_at=None
    )
    version = _previewed(request, survey)
    posted: dict[str, Any] = request.POST.dict()
    sent = read_submission(posted)
    wishes = [sent.look, *replies.wishes_of(request)]
    language = choose_language(version.languages, wishes)
    look = Look(request.organisation.name, survey.slug, version.number, language, is_preview=True)
    chosen = _chosen(request, version)
    rating = chosen if sent.rating is None else sent.rating
    told = read_told(version, request.POST.getlist, rating=rating, why=sent.why, at=sent.at)
    filling = Filling(
        action=request.path,
        key="preview",
        moment=0,
        told=standing(version, told, {}),
        is_chosen=chosen is not None,
        seed="preview",
        values=values_of(organisation=request.organisation.name),
        shown=look_of(survey.pk, request.organisation.pk, name=request.organisation.name),
        reviews=shown_links(survey.pk, request.organisation.pk),
    )
    if "key" not in posted or sent.rating is None:
        text = _first(look, version, filling)
    else:
        text = _next(sent, look, version, filling)
    return replies.as_response(text, is_preview=True, shown=filling.shown)


def _chosen(request: StaffRequest, version: PublishedVersion) -> int | None:
    """The step of the scale that an address names, if there is one."""
    text = request.GET.get("rating", "")
    rating = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else None
    scale = version.rating.scale
    return rating if scale is not None and rating in scale else None


def _first(look: Look, version: PublishedVersion, filling: Filling) -> str:
    takes = ""
    if len(all_pages(version)) > 1:
        takes = pages.takes_words(estimated(version, look.language), look.language)
    return pages.rate_page(look, version, filling, takes=takes)


def _next(sent: Submission, look: Look, version: PublishedVersion, filling: Filling) -> str:
    filling = replace(filling, is_chosen=sent.step == "back" or sent.at == "all")
    if sent.step == "look":
        return replies.same_reply(sent, look, version, filling, is_named=False)
    coming = replies.coming_after(version, filling)
    return replies.next_reply(sent, look, version, filling, coming, is_named=False)


def _previewed(request: StaffRequest, survey: Survey) -> PublishedVersion:
    if request.method == "POST" and "key" not in request.POST:
        written = forms.read_words(request.POST, survey)
        if written is not None:
            return queries.version_of(written)
    version = queries.find_draft(survey) or survey.current
    if version is None:
        version = survey.versions.latest("number")
    return queries.read_version(version)
