"""Finding the survey that a page about its mail is for."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from gloed.base.policy import StaffRequest
from gloed.surveys import queries
from gloed.surveys.models import Survey
from gloed.surveys.rules import PublishedVersion


def survey_of(request: StaffRequest, survey_id: UUID) -> tuple[Survey, PublishedVersion]:
    """The colleague's own survey and the version its mail asks; 404 for any other."""
    survey = get_object_or_404(
        Survey.objects.select_related("current", "organisation"),
        organisation=request.organisation,
        public_id=survey_id,
        deleted_at=None,
    )
    version = survey.current or survey.versions.latest("number")
    return survey, queries.read_version(version)


def language_among(wish: str, version: PublishedVersion) -> str:
    """The language wished for where the survey is written in it, else its main one."""
    return wish if wish in version.languages else version.languages[0]
