"""Arranging a journey: phases and touchpoints in their order, on one page.

The page works by plain forms; arrange.js makes the same changes by dragging and by keyboard.
"""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.surveys.journeys import operations, queries
from gloed.surveys.journeys.operations import Refused
from gloed.surveys.journeys.views.parts import (
    answer_to_move,
    chosen,
    find_journey,
    find_phase,
    refusal_words,
)
from gloed.surveys.models.journey import Journey, Phase


@require_safe
@staff_may("surveys.edit")
def arrange(request: StaffRequest, journey_id: UUID) -> HttpResponse:
    """One journey with its phases and touchpoints, to put in order."""
    journey = find_journey(request, journey_id)
    if journey.removed_at is not None:
        raise Http404
    context = {
        "journey": journey,
        "plan": queries.read_plan(journey),
        "unplaced": queries.list_unplaced(request.organisation),
        "score_url": page_url("analysis:journey", journey.public_id),
        "undo": take_undo(request),
    }
    return render_page(request, "surveys/journeys/arrange.html", context)


@require_POST
@staff_may("surveys.edit")
def rename_journey(request: StaffRequest, journey_id: UUID) -> HttpResponse:
    """Another name for a journey."""
    journey = find_journey(request, journey_id)
    _tried(
        request,
        lambda: operations.rename(
            journey, request.POST.get("name", ""), by=request.user, now=timezone.now()
        ),
    )
    return _back(journey)


@require_POST
@staff_may("surveys.edit")
def add_phase(request: StaffRequest, journey_id: UUID) -> HttpResponse:
    """A new phase at the end."""
    journey = find_journey(request, journey_id)
    _tried(
        request,
        lambda: operations.add_phase(
            journey, request.POST.get("name", ""), by=request.user, now=timezone.now()
        ),
    )
    return _back(journey, "end")


@require_POST
@staff_may("surveys.edit")
def rename_phase(request: StaffRequest, phase_id: UUID) -> HttpResponse:
    """Another name for a phase."""
    phase = find_phase(request, phase_id)
    _tried(
        request,
        lambda: operations.rename(
            phase, request.POST.get("name", ""), by=request.user, now=timezone.now()
        ),
    )
    return _back(phase.journey, phase)


@require_POST
@staff_may("surveys.edit")
def move_phase(request: StaffRequest, phase_id: UUID) -> HttpResponse:
    """Before another phase, to the end, or one step up or down."""
    phase = find_phase(request, phase_id)
    if phase.removed_at is not None:
        raise Http404
    step, by, now = request.POST.get("step", ""), request.user, timezone.now()
    if step:
        operations.step_phase(phase, up=step == "up", by=by, now=now)
    else:
        others = Phase.objects.filter(journey=phase.journey, removed_at=None)
        before = others.filter(public_id=chosen(request, "before")).first()
        operations.move_phase(phase, before=before, by=by, now=now)
    return answer_to_move(request, phase.journey, phase.public_id)


@require_POST
@staff_may("surveys.edit")
def remove_phase(request: StaffRequest, phase_id: UUID) -> HttpResponse:
    """Take a phase away, with a way back; its touchpoints stand unplaced meanwhile."""
    phase = find_phase(request, phase_id)
    operations.remove(phase, by=request.user, now=timezone.now())
    done = _("The phase %(name)s is removed; what was in it is not placed now.")
    back = reverse("journeys:restore_phase", args=[phase.public_id])
    offer_undo(request, done % {"name": phase}, back)
    return _back(phase.journey)


@require_POST
@staff_may("surveys.edit")
def restore_phase(request: StaffRequest, phase_id: UUID) -> HttpResponse:
    """Bring a phase back with what was in it."""
    phase = find_phase(request, phase_id)
    operations.restore(phase, by=request.user, now=timezone.now())
    return _back(phase.journey, phase)


@require_POST
@staff_may("surveys.edit")
def add_touchpoint(request: StaffRequest, phase_id: UUID) -> HttpResponse:
    """A touchpoint at the end of a phase."""
    phase = find_phase(request, phase_id)
    _tried(
        request,
        lambda: operations.add_touchpoint(
            request.organisation,
            request.POST.get("name", ""),
            phase=phase,
            by=request.user,
            now=timezone.now(),
        ),
    )
    return _back(phase.journey, phase)


def _tried(request: StaffRequest, act: Callable[[], object]) -> None:
    """Do it, or say on the next page why it was not done."""
    try:
        act()
    except Refused as refusal:
        messages.warning(request, refusal_words(refusal.reason))


def _back(journey: Journey, place: Phase | str = "") -> HttpResponse:
    address = reverse("journeys:arrange", args=[journey.public_id])
    if isinstance(place, Phase):
        place = f"t-{place.public_id}"
    return redirect(f"{address}#{place}" if place else address)
