"""The pages of answers: the list, one answer with its person's others, and putting it right."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gloed.analysis import answers, queries, reports, store, tasks, words
from gloed.analysis.answers import Line, Wanted
from gloed.analysis.filters import Asked, FilterForm, active_filters, band_names, read
from gloed.analysis.given import contact_in, given_in
from gloed.analysis.measures import bands_of
from gloed.analysis.queries import Query, Selection
from gloed.analysis.views.scores import harmless
from gloed.base.links import page_url
from gloed.base.models import Membership, Organisation
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import offer_undo, take_undo
from gloed.loop.leaks.reading import note_read
from gloed.responses import operations
from gloed.responses.models import Response
from gloed.responses.rules import AnswerRefused, read_signals
from gloed.surveys.models import Survey
from gloed.surveys.rules import RATING_POSITION, Metric, Scale

EXPORT = (
    "response", "survey", "metric", "responded_at", "rating", "verbatim", "person", "team",
    "language",
)  # fmt: skip


@require_safe
@staff_may("responses.view_answers")
def answer_list(request: StaffRequest, survey_id: UUID | None = None) -> HttpResponse:
    """Answers, newest first, under the same filters as the score."""
    tasks.make_sure(request.organisation, now=timezone.now())
    listing = Listing(request.membership, request.GET, survey_id)
    after = answers.read_mark(request.GET.get("after", ""))
    lines, has_more = answers.list_answers(
        request.organisation, listing.source, listing.wanted, after=after
    )
    asked = listing.asked
    context = {
        "survey": listing.survey,
        "surveys": _surveys(request.organisation),
        "asked": asked,
        "answers": [shown(line, has_survey=listing.survey is None) for line in lines],
        "older_url": asked.address(after=str(lines[-1].mark)) if has_more else "",
        "newest_url": asked.address() or "?" if after else "",
        "total": answers.count_answers(listing.source, listing.wanted),
        "form": FilterForm(
            asked,
            choices=listing.choices,
            metric=listing.metric,
            has_bands=listing.survey is not None,
            has_text_search=True,
        ),
        "active": active_filters(asked, metric=listing.metric, names=listing.names),
        "reset_url": request.path if asked.params() else "",
        "export_url": _export_url(request, listing, asked),
        "table_url": _table_url(request, listing, asked),
        "is_current": reports.is_current(request.organisation, tasks.KINDS),
        "apart": answers.count_set_apart(request.membership, listing.survey),
        "sees_team_only": listing.wanted.teams is not None,
    }
    response = render_page(request, "analysis/answers.html", context, region="answers")
    response["HX-Push-Url"] = f"{request.path}{asked.address()}".removesuffix("?")
    return response


@require_safe
@staff_may("analysis.export")
def answers_csv(request: StaffRequest, survey_id: UUID | None = None) -> StreamingHttpResponse:
    """All answers of a list with their attributes, as a file."""
    listing = Listing(request.membership, request.GET, survey_id)
    stream = answers.every_answer(request.organisation, listing.source, listing.wanted)
    response = StreamingHttpResponse(
        _csv(stream, listing.source.attributes), content_type="text/csv; charset=utf-8"
    )
    title = listing.survey.title if listing.survey else ""
    name = words.file_name("answers", title)
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@require_safe
@staff_may("responses.view_answers")
def answer_detail(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """One answer: what was asked, what was said, by whom, and what they said before."""
    response = answers.get_answer(request.membership, answer_id)
    if response is None:
        raise Http404
    note_read(
        [response.pk], organisation=request.organisation, staff=request.user, now=timezone.now()
    )
    given = given_in(response)
    rated = next((row for row in given if row.position == RATING_POSITION), None)
    others = answers.list_of_person(request.membership, response)
    role = Role(request.membership.role)
    context = {
        "response": response,
        "given": given,
        "rated": rated,
        "facts": _facts(response),
        "others": [shown(line, has_survey=True) for line in others],
        "may_correct": may(role, "responses.correct") and response.erased_at is None,
        "person_url": _person_url(response) if may(role, "people.view_person") else "",
        "contact": contact_in(response) if may(role, "people.view_person") else None,
        "signals": words.signals_text(read_signals(response.signals)),
        "undo": take_undo(request),
    }
    return render_page(request, "analysis/answer.html", context)


@require_POST
@staff_may("responses.correct")
def withdraw(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """Take an answer out of every score."""
    response = _own(request, answer_id)
    operations.withdraw_answer(
        request.organisation, answer_id, staff=request.user, now=timezone.now()
    )
    url = reverse("analysis:restore", args=[answer_id])
    offer_undo(request, _("This answer no longer counts."), url)
    return _to(response)


@require_POST
@staff_may("responses.correct")
def restore(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """Let a withdrawn answer count again."""
    response = _own(request, answer_id)
    operations.undo_withdraw(
        request.organisation, answer_id, staff=request.user, now=timezone.now()
    )
    messages.success(request, _("This answer counts again."))
    return _to(response)


@require_POST
@staff_may("responses.correct")
def correct(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """Set a rating right that was written down wrongly."""
    response = _own(request, answer_id)
    rating, position = request.POST.get("rating", ""), request.POST.get("position", "")
    if not (rating.isascii() and rating.isdigit() and position.isascii() and position.isdigit()):
        messages.warning(request, _("Nothing was changed: choose a rating of the scale."))
        return _to(response)
    try:
        operations.correct_answer(
            request.organisation,
            answer_id,
            position=int(position),
            rating=int(rating),
            staff=request.user,
            now=timezone.now(),
        )
    except AnswerRefused:
        messages.warning(request, _("Nothing was changed: choose a rating of the scale."))
    else:
        messages.success(request, _("The rating was corrected."))
    return _to(response)


class Listing:
    """What the list and its exports have in common: which answers, and what can be chosen."""

    def __init__(self, membership: Membership, given: QueryDict, survey_id: UUID | None) -> None:
        organisation = membership.organisation
        self.source = store.projection_of(organisation)
        self.survey = _survey(organisation, survey_id)
        asked = read(given, today=timezone.localdate())
        # bands are those of one survey's scale
        self.asked = asked if self.survey else replace(asked, band=None)
        self.names = reports.names_of(organisation)
        ids = [str(s.public_id) for s in _surveys(organisation)]
        surveys = (str(self.survey.public_id),) if self.survey else tuple(ids)
        self.metric = Metric(self.survey.metric) if self.survey else Metric.NPS
        everything = Selection(surveys=surveys or ("none",))
        columns = queries.splitting_columns(self.source)
        each = queries.run_each(self.source, everything, columns)
        self.choices = reports.choices_of(each, self.names)
        scale = self._scale(everything)
        own = self.asked.selection(surveys[0] if surveys else "none", self.metric, scale)
        selection = Selection(
            surveys=everything.surveys,
            window=own.window,
            filters=own.filters,
            ratings=own.ratings,
        )
        self.wanted = Wanted(
            selection,
            search=self.asked.search,
            with_text=self.asked.with_text,
            teams=answers.teams_seen(membership),
        )

    def _scale(self, everything: Selection) -> Scale | None:
        if self.survey is None:
            return None
        return queries.run(self.source, Query(everything)).scale


def _survey(organisation: Organisation, survey_id: UUID | None) -> Survey | None:
    if survey_id is None:
        return None
    return get_object_or_404(_surveys(organisation), public_id=survey_id)


def _surveys(organisation: Organisation) -> QuerySet[Survey]:
    return Survey.objects.filter(organisation=organisation, deleted_at=None)


def _own(request: StaffRequest, answer_id: UUID) -> Response:
    response = answers.get_answer(request.membership, answer_id)
    if response is None:
        raise Http404
    return response


def _to(response: Response) -> HttpResponse:
    return HttpResponseRedirect(reverse("analysis:answer", args=[response.public_id]))


def shown(line: Line, *, has_survey: bool) -> dict[str, Any]:
    """A line as parts/answer.html shows it."""
    rating = "–" if line.rating is None else line.rating
    band = ""
    if line.rating is not None and line.scale is not None and line.rating in line.scale:
        band = band_names(line.metric)[bands_of(line.metric, line.scale)[line.rating].value]
    return {
        "id": line.id,
        "rating": rating,
        "verbatim": line.verbatim,
        "who": line.who,
        "at": line.at,
        "about": line.survey if has_survey else "",
        "team": line.team,
        "language": line.language,
        "url": reverse("analysis:answer", args=[line.id]),
        "scale_high": line.scale.maximum if line.scale else 10,
        "band": band,
    }


def _facts(response: Response) -> list[tuple[str, str]]:
    """When, where and by which way, as far as it is known."""
    moment = words.moment(response.responded_at) if response.responded_at else _("not known")
    if response.responded_at and response.responded_precision == Response.Precision.DAY:
        moment = words.day(timezone.localtime(response.responded_at).date())
    touchpoint = response.touchpoint or response.survey.touchpoint
    rows = [
        (_("Answered"), moment),
        (_("Survey"), response.survey.title),
        (_("Version of the words"), str(response.version.number)),
        (_("Touchpoint"), str(touchpoint or "")),
        (_("Team"), str(response.team or "")),
        (_("Channel"), _value("channel", response.channel)),
        (_("Language"), _value("language", response.language)),
        (_("Device"), _value("device", response.device)),
        (_("Source"), _value("source", response.source)),
    ]
    rows += [
        (words.column_label(f"attr:{key}"), str(value))
        for key, value in sorted(response.attributes.items())
        if value not in (None, "")
    ]
    return [(name, value) for name, value in rows if value]


def _value(column: str, value: str) -> str:
    return words.value_label(column, value, {}) if value else ""


def _person_url(response: Response) -> str:
    return page_url("people:detail", response.person.public_id) if response.person else ""


def _export_url(request: StaffRequest, listing: Listing, asked: Asked) -> str:
    if not may(Role(request.membership.role), "analysis.export"):
        return ""
    if listing.survey is None:
        return f"{reverse('analysis:answers_csv')}{asked.address()}"
    path = reverse("analysis:survey_answers_csv", args=[listing.survey.public_id])
    return f"{path}{asked.address()}"


def _table_url(request: StaffRequest, listing: Listing, asked: Asked) -> str:
    """Where other kinds of files are made, which is a room above this one."""
    if not may(Role(request.membership.role), "analysis.export"):
        return ""
    chosen = {"survey": str(listing.survey.public_id)} if listing.survey else {}
    home = page_url("exports:home")
    return f"{home}{asked.address(**chosen)}" if home else ""


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(lines: Iterator[Line], attributes: tuple[str, ...]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    keys = [name.removeprefix("attr:") for name in attributes]
    yield "\ufeff" + str(writer.writerow([*EXPORT, *map(harmless, keys)]))
    for line in lines:
        at = line.at.isoformat() if line.at else ""
        row = [line.id, line.survey, line.metric.value, at, line.rating, line.verbatim]
        row += [line.who, line.team, line.language]
        row += [line.attributes.get(key, "") for key in keys]
        yield str(writer.writerow([harmless(cell) for cell in row]))
