"""How long a survey takes: a fragment that is swapped in beside what is being written."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.responses import queries
from gloed.surveys import queries as surveys
from gloed.surveys.models import Survey


@require_safe
@staff_may("analysis.view_report")
def duration(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """How long what is asked now takes: as measured, or about how long by what it asks."""
    survey = get_object_or_404(
        Survey.objects.select_related("current"),
        organisation=request.organisation,
        public_id=survey_id,
        deleted_at=None,
    )
    version = survey.current or survey.versions.latest("number")
    published = surveys.read_version(version)
    language = request.LANGUAGE_CODE if request.LANGUAGE_CODE in published.languages else ""
    found = queries.typical_duration(survey.pk, published, language or published.languages[0])
    return render(request, "responses/duration.html", {"duration": found})
