"""Fragments about responses that pages of lower rooms load by their address."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gloed.base.policy import StaffRequest, staff_may
from gloed.responses import queries
from gloed.surveys.models import Survey

LIMIT = 100


@require_GET
@staff_may("analysis.view_report")
def counts(request: StaffRequest) -> HttpResponse:
    """How many answered each survey that is named (`?survey=` public ids), for swapping in."""
    wanted = [found for text in request.GET.getlist("survey")[:LIMIT] if (found := _uuid(text))]
    surveys = Survey.objects.filter(organisation=request.organisation, public_id__in=wanted)
    return _counts(request, list(surveys))


def _counts(request: HttpRequest, surveys: list[Survey]) -> HttpResponse:
    found = queries.count_by_survey([survey.pk for survey in surveys])
    rows = [(survey.public_id, found.get(survey.pk, 0)) for survey in surveys]
    return render(request, "responses/counts.html", {"rows": rows})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
