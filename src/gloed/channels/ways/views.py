"""The ways to ask: of one survey, and what is in use over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.channels.ways import registry
from gloed.channels.ways.registry import Way
from gloed.surveys.models import Survey

MOST_SURVEYS = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A way as it stands on the page of a survey."""

    way: Way
    url: str
    in_use: str


@require_safe
@staff_may("analysis.view_report")
def overview(request: StaffRequest) -> HttpResponse:
    """Every open survey with the ways it is asked by."""
    every = Survey.objects.filter(
        organisation=request.organisation, state=Survey.State.OPEN, deleted_at=None
    )
    found = list(every.order_by("-opened_at", "-pk")[: MOST_SURVEYS + 1])
    surveys = found[:MOST_SURVEYS]
    by_survey = _ways(request, surveys)
    context = {
        "surveys": [(one, [way for way in by_survey[one.pk] if way.in_use]) for one in surveys],
        "is_more": len(found) > MOST_SURVEYS,
    }
    return render_page(request, "ways/overview.html", context)


@require_safe
@staff_may("analysis.view_report")
def of_survey(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """What this survey can be asked by, and what of it is in use."""
    survey = get_object_or_404(
        Survey, organisation=request.organisation, public_id=survey_id, deleted_at=None
    )
    context = {"survey": survey, "ways": _ways(request, [survey])[survey.pk]}
    return render_page(request, "ways/survey.html", context)


def _ways(request: StaffRequest, surveys: Sequence[Survey]) -> dict[int, list[Shown]]:
    """The ways of each survey that have a page this colleague may open."""
    role = Role(request.membership.role)
    found: dict[int, list[Shown]] = {survey.pk: [] for survey in surveys}
    for way in registry.every():
        if not may(role, way.permission):
            continue
        in_use = way.describe(list(found)) if way.describe else {}
        for survey in surveys:
            if not (url := page_url(way.url_name, survey.public_id)):
                break
            found[survey.pk].append(Shown(way, url, in_use.get(survey.pk, "")))
    return found
