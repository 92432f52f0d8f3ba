"""What several pages of surveys share: finding the survey, its tabs and its way back."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from gloed.base.models import Organisation
from gloed.base.policy import StaffRequest
from gloed.surveys import answered, labels
from gloed.surveys.models import Survey, Touchpoint
from gloed.surveys.rules import PublishedVersion


def find_survey(request: StaffRequest, survey_id: UUID) -> Survey:
    """A survey of the present organisation that was not deleted, or a 404."""
    return get_object_or_404(
        Survey.objects.select_related("organisation", "touchpoint", "current"),
        organisation=request.organisation,
        public_id=survey_id,
        deleted_at=None,
    )


def tabs_of(survey: Survey, name: str, *, may_edit: bool) -> list[tuple[str, str, bool]]:
    """The pages of one survey; `name` is the present one."""
    found = [(_("Share and state"), "detail")]
    if may_edit:
        found += [(_("Questions"), "edit"), (_("Look"), "look")]
    found.append((_("Versions"), "versions"))
    return [
        (label, reverse(f"surveys:{page}", args=[survey.public_id]), page == name)
        for label, page in found
    ]


def touchpoint_names(organisation: Organisation) -> list[str]:
    """Touchpoints to choose from while typing."""
    return list(
        Touchpoint.objects.filter(organisation=organisation, removed_at=None).values_list(
            "name", flat=True
        )[:200]
    )


def duration_words_of(survey: Survey, version: PublishedVersion, language: str) -> str:
    """How long a version takes, in a sentence; empty where nobody can tell."""
    known = language if language in version.languages else version.languages[0]
    found = answered.typical_duration(survey.pk, version, known)
    return labels.duration_words(found) if found else ""


def state_badge(survey: Survey) -> str:
    """The classes of a survey's state."""
    return "badge badge--ember" if survey.state == Survey.State.OPEN else "badge"
