"""What the pages of journeys share: finding things, and the words of a refusal."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gloed.base.policy import StaffRequest
from gloed.surveys.journeys.operations import Refusal
from gloed.surveys.models import Touchpoint
from gloed.surveys.models.journey import Journey, Phase


def find_journey(request: StaffRequest, journey_id: UUID) -> Journey:
    """A journey of this organisation, removed or not, or 404."""
    journeys = Journey.objects.select_related("organisation")
    return get_object_or_404(journeys, organisation=request.organisation, public_id=journey_id)


def find_phase(request: StaffRequest, phase_id: UUID) -> Phase:
    """A phase of this organisation, removed or not, or 404."""
    phases = Phase.objects.select_related("journey__organisation")
    return get_object_or_404(phases, journey__organisation=request.organisation, public_id=phase_id)


def find_touchpoint(request: StaffRequest, touchpoint_id: UUID) -> Touchpoint:
    """A touchpoint of this organisation, removed or not, or 404."""
    touchpoints = Touchpoint.objects.select_related(
        "organisation", "phase__journey", "owner__staff"
    )
    return get_object_or_404(
        touchpoints, organisation=request.organisation, public_id=touchpoint_id
    )


def chosen(request: HttpRequest, name: str) -> UUID:
    """An identity that was posted; one that nothing has where it cannot be read."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return UUID(int=0)


def answer_to_move(request: StaffRequest, journey: Journey | None, anchor: object) -> HttpResponse:
    """Nothing but a yes for the script, the page again at the same place for everybody else."""
    if "quiet" in request.POST:
        return HttpResponse(status=204)
    if journey is None:
        return redirect("journeys:list")
    return redirect(f"{reverse('journeys:arrange', args=[journey.public_id])}#t-{anchor}")


def refusal_words(reason: Refusal) -> str:
    """Why nothing was changed, and what to do instead."""
    words = {
        Refusal.NAME_TAKEN: _(
            "This name stands in a journey already. Answers are known by it, so choose another, "
            "such as the name with the customers behind it."
        ),
        Refusal.NO_NAME: _("Give it a name first; nothing was changed."),
        Refusal.FULL: _("This list is full; nothing was changed. Remove what nobody looks at."),
    }
    return words[reason]
