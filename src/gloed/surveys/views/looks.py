"""The look of surveys: one colour and a logo, for all or for one; and the logo itself."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gloed.base.policy import StaffRequest, public_page, staff_may
from gloed.base.rendering import render_page
from gloed.surveys import looks
from gloed.surveys.forms import LookForm
from gloed.surveys.looks import ShownLook
from gloed.surveys.models import Survey
from gloed.surveys.views.common import find_survey, tabs_of

A_YEAR = 31_536_000


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def look(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """The look of one survey; what is left empty is the organisation's."""
    return _look(request, find_survey(request, survey_id))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def house_look(request: StaffRequest) -> HttpResponse:
    """The look of every survey without one of its own."""
    return _look(request, None)


def _look(request: StaffRequest, survey: Survey | None) -> HttpResponse:
    kept = looks.find_look(request.organisation, survey)
    initial = {"accent": kept.accent, "logo_text": kept.logo_text}
    form = LookForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        looks.change_look(
            request.organisation,
            survey,
            accent=found["accent"],
            logo_text=found["logo_text"],
            logo=found["logo"],
            is_logo_removed=found["is_logo_removed"],
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Respondents see this look from now on."))
        return (
            redirect("surveys:look", survey.public_id) if survey else redirect("surveys:house_look")
        )
    context: dict[str, Any] = {
        "form": form,
        "survey": survey,
        "kept": kept,
        "shown": _shown(request, survey),
        "house": looks.look_of_all(request.organisation) if survey else None,
        "example": survey or _example(request),
        "tabs": tabs_of(survey, "look", may_edit=True) if survey else [],
    }
    return render_page(request, "surveys/look.html", context, status=422 if form.errors else 200)


def _shown(request: StaffRequest, survey: Survey | None) -> ShownLook:
    if survey is None:
        return looks.look_of_all(request.organisation)
    organisation = request.organisation
    return looks.look_of(survey.pk, organisation.pk, name=organisation.name)


def _example(request: StaffRequest) -> Survey | None:
    """A survey to show the organisation's look on: the newest without a look of its own."""
    return Survey.objects.filter(
        organisation=request.organisation, deleted_at=None, look=None
    ).first()


@public_page("a logo stands on the page that respondents see, and in their mail")
@require_http_methods(["GET", "HEAD"])
def logo(_request: HttpRequest, name: str) -> HttpResponse:
    """A logo by the name that its own bytes gave it: it may be kept for ever."""
    digest, _dot, _ending = name.partition(".")
    found = looks.find_logo(digest)
    if found is None:
        raise Http404
    data, content_type = found
    response = HttpResponse(data, content_type=content_type)
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # mails show it too
    return response
