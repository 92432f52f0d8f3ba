"""How many answers: fragments that are swapped into lists of surveys and of persons."""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.people.models import Person
from gloed.responses import queries
from gloed.surveys.models import Survey

LIMIT = 100


@require_safe
@staff_may("analysis.view_report")
def counts(request: StaffRequest) -> HttpResponse:
    """How many answered each survey that is named (`?survey=` public ids), for swapping in."""
    wanted = _uuids(request.GET.getlist("survey"))
    surveys = Survey.objects.filter(organisation=request.organisation, public_id__in=wanted)
    return _counts(request, list(surveys))


@require_safe
@staff_may("people.view_person")
def person_counts(request: StaffRequest) -> HttpResponse:
    """How often each person that is named (`?person=` public ids) answered, for swapping in."""
    people = Person.objects.filter(
        organisation=request.organisation, public_id__in=_uuids(request.GET.getlist("person"))
    )
    keys = dict(people.values_list("pk", "public_id"))
    found = queries.count_by_person(list(keys))
    rows = [(f"of_{public_id}", found.get(key, 0)) for key, public_id in keys.items()]
    return render(request, "responses/counts.html", {"rows": rows})


def _counts(request: HttpRequest, surveys: list[Survey]) -> HttpResponse:
    found = queries.count_by_survey([survey.pk for survey in surveys])
    rows = [(survey.public_id, found.get(survey.pk, 0)) for survey in surveys]
    return render(request, "responses/counts.html", {"rows": rows})


def _uuids(texts: Sequence[str]) -> list[UUID]:
    found = []
    for text in texts[:LIMIT]:
        with suppress(ValueError):
            found.append(UUID(text))
    return found
