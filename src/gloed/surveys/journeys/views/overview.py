"""All journeys of an organisation, and how to begin one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import offer_undo, take_undo
from gloed.surveys.journeys import operations, queries
from gloed.surveys.journeys.forms import StartForm
from gloed.surveys.journeys.operations import Refused
from gloed.surveys.journeys.starts import STARTS
from gloed.surveys.journeys.views.parts import find_journey, refusal_words


@require_safe
@staff_may("analysis.view_report")
def journey_list(request: StaffRequest) -> HttpResponse:
    """The journeys, and which touchpoints stand in none."""
    journeys = [
        (journey, page_url("analysis:journey", journey.public_id))
        for journey in queries.list_journeys_with_counts(request.organisation)
    ]
    context = {
        "journeys": journeys,
        "unplaced": queries.list_unplaced(request.organisation),
        "may_edit": may(Role(request.membership.role), "surveys.edit"),
        "undo": take_undo(request),
    }
    return render_page(request, "surveys/journeys/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def add(request: StaffRequest) -> HttpResponse:
    """Begin a journey, from one of ours or from nothing."""
    form = StartForm(request.POST or None)
    if form.is_valid():
        try:
            journey = operations.add_journey(
                request.organisation,
                form.cleaned_data["name"],
                start=STARTS.get(form.cleaned_data["start"]),
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("name", refusal_words(refusal.reason))
        else:
            messages.success(request, _("Here it is; change it until it is yours."))
            return redirect("journeys:arrange", journey.public_id)
    context = {
        "form": form,
        "starts": STARTS.values(),
        "crumbs": [(_("Journeys"), reverse("journeys:list"))],
    }
    status = 422 if form.errors else 200
    return render_page(request, "surveys/journeys/add.html", context, status=status)


@require_POST
@staff_may("surveys.edit")
def remove(request: StaffRequest, journey_id: UUID) -> HttpResponse:
    """Take a journey away, with a way back; its touchpoints are kept."""
    journey = find_journey(request, journey_id)
    operations.remove(journey, by=request.user, now=timezone.now())
    done = _("%(name)s is removed; its touchpoints and their answers are kept.")
    back = reverse("journeys:restore", args=[journey.public_id])
    offer_undo(request, done % {"name": journey}, back)
    return redirect("journeys:list")


@require_POST
@staff_may("surveys.edit")
def restore(request: StaffRequest, journey_id: UUID) -> HttpResponse:
    """Bring a journey back."""
    journey = find_journey(request, journey_id)
    operations.restore(journey, by=request.user, now=timezone.now())
    return redirect("journeys:arrange", journey.public_id)
