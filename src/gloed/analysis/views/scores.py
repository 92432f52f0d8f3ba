"""The score pages: every survey in a list, and one survey in full."""

import csv
import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gloed.analysis import answers, figures, overview, reports, store, tasks
from gloed.analysis.answers import Wanted
from gloed.analysis.filters import (
    Asked,
    FilterForm,
    active_filters,
    band_names,
    period_choices,
    read,
)
from gloed.analysis.looking import taken_along
from gloed.analysis.measures import ratings_of
from gloed.analysis.queries import End
from gloed.analysis.reports import ScoreReport
from gloed.analysis.words import file_name
from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.surveys.models import Survey
from gloed.surveys.rules import Band, Metric

PAGE_SIZE = 50


@require_safe
@staff_may("analysis.view_report")
def scores(request: StaffRequest) -> HttpResponse:
    """Every survey with its score, interval, base and the course of a year."""
    tasks.make_sure(request.organisation, now=timezone.now())
    surveys = Survey.objects.filter(organisation=request.organisation, deleted_at=None)
    page = Paginator(surveys.select_related("touchpoint"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    source = store.projection_of(request.organisation)
    lines = overview.score_lines(
        source, request.organisation, list(page), today=timezone.localdate()
    )
    context = {
        "page": page,
        "lines": lines,
        "is_current": reports.is_current(request.organisation, tasks.KINDS),
        "cut_off": source.cut_off,
        "surveys_url": page_url("surveys:list"),
        "create_url": page_url("surveys:create"),
        "import_url": page_url("file_import:list"),
    }
    return render_page(request, "analysis/scores.html", context)


@require_safe
@staff_may("analysis.view_report")
def score(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """The score of one survey: how it stands, how it divides, its course, and who differs."""
    survey = _survey(request, survey_id)
    source, report, is_current = _report(request, survey)
    role = Role(request.membership.role)
    asked = report.asked
    answers_url = reverse("analysis:survey_answers", args=[survey.public_id])
    context = {
        "survey": survey,
        "report": report,
        "asked": asked,
        "kind": report.kind.value,
        "low": report.measure.low if report.measure else -100,
        "high": report.measure.high if report.measure else 100,
        "figures": figures.figures_of(report, csv_url=_csv_urls(survey, asked)),
        "coverage": reports.coverage_words(
            report.coverage, is_part=asked.is_narrowed or bool(asked.preset)
        ),
        "also": report.also,
        "form": _form(report),
        "active": active_filters(asked, metric=Metric(survey.metric), names=dict(report.names)),
        "reset_url": request.path if asked.params() else "",
        "periods": period_choices(asked, report.period),
        "splits": overview.split_lines(report),
        "voices": _voices(request, source, report) if _may_read(role, report) else [],
        "may_read": may(role, "responses.view_answers"),
        "answers_url": answers_url + asked.address(by="", cut=""),
        "bands": overview.band_lines(
            report, url=answers_url if may(role, "responses.view_answers") else ""
        ),
        "may_export": may(role, "analysis.export"),
        "is_current": is_current,
        "ask_url": page_url("surveys:detail", survey.public_id),
    }
    response = render_page(request, "analysis/score.html", context, region="score")
    if report.measure is not None:  # a page that waits for its score looks again under one address
        response["HX-Push-Url"] = f"{request.path}{asked.address()}".removesuffix("?")
    return response


@require_safe
@staff_may("analysis.view_report")
def figure_csv(request: StaffRequest, survey_id: UUID, name: str) -> HttpResponse:
    """The numbers behind a figure, unrounded."""
    figure = _figure(request, survey_id, name)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(figure.exact_columns)
    writer.writerows([[harmless(cell) for cell in row] for row in figure.exact])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(name, "csv")}.csv"'
    return response


@require_safe
@staff_may("analysis.view_report")
def figure_svg(request: StaffRequest, survey_id: UUID, name: str) -> HttpResponse:
    """The same figure as a drawing, for a document."""
    figure = _figure(request, survey_id, name)
    return taken_along(figure, name, "svg")


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    is_risky = isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"}
    return f"'{cell}" if is_risky else cell


def _survey(request: StaffRequest, survey_id: UUID) -> Survey:
    surveys = Survey.objects.filter(organisation=request.organisation, deleted_at=None)
    return get_object_or_404(
        surveys.select_related("organisation", "touchpoint"), public_id=survey_id
    )


def _report(request: StaffRequest, survey: Survey) -> tuple[store.Source, ScoreReport, bool]:
    """What is projected, its report, and whether nothing waited when it was looked at."""
    now = timezone.now()
    tasks.make_sure(request.organisation, now=now)
    is_current = reports.is_current(request.organisation, tasks.KINDS)
    source = store.projection_of(request.organisation)
    asked = read(request.GET, today=timezone.localdate())
    report = reports.score_report(source, survey, asked, now=now, is_current=is_current)
    return source, report, is_current


def _figure(request: StaffRequest, survey_id: UUID, name: str) -> figures.Figure:
    survey = _survey(request, survey_id)
    _source, report, _is_current = _report(request, survey)
    drawn = figures.figures_of(report, csv_url=_csv_urls(survey, report.asked))
    if name not in drawn:
        raise Http404
    return drawn[name]


def _csv_urls(survey: Survey, asked: Asked) -> Callable[[str], str]:
    def url(name: str) -> str:
        path = reverse("analysis:figure_csv", args=[survey.public_id, name])
        return f"{path}{asked.address()}"

    return url


def _form(report: ScoreReport) -> FilterForm:
    return FilterForm(report.asked, choices=report.choices, metric=Metric(report.survey.metric))


def _may_read(role: Role, report: ScoreReport) -> bool:
    return may(role, "responses.view_answers") and report.estimate is not None


def _voices(
    request: StaffRequest, source: store.Source, report: ScoreReport
) -> list[tuple[str, list[answers.Line]]]:
    """The strongest words on both sides, of the answers this colleague may read."""
    measure = report.measure
    if measure is None:
        return []
    metric, scale = Metric(report.survey.metric), measure.scale
    selection = report.asked.selection(str(report.survey.public_id), metric, scale)
    wanted = Wanted(selection, teams=answers.teams_seen(request.membership))
    names = band_names(metric)
    bands = [b for b in (Band.DETRACTOR, Band.PROMOTER) if report.asked.band in (None, b)]
    ends = [
        End((band is Band.PROMOTER) == scale.high_is_good, ratings_of(metric, scale, band))
        for band in bands
    ]
    found = answers.strongest(request.organisation, source, wanted, *ends)
    return [(names[b.value], lines) for b, lines in zip(bands, found, strict=True) if lines]
