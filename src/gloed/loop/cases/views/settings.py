"""Working hours, what may be decided without asking, and the list of causes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.queries import list_teams
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.loop.cases import queries
from gloed.loop.cases.models import Cause, FrontlineRoom
from gloed.loop.cases.operations import Refused, causes, planning
from gloed.loop.cases.operations.moments import settings_of
from gloed.loop.cases.planning_forms import HoursForm, RoomForm
from gloed.loop.cases.views.common import PLAN, plan_tabs, tell_refusal


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(PLAN)
def settings(request: StaffRequest) -> HttpResponse:
    """Everything about hours, room and causes; the form of the hours posts here."""
    kept = settings_of(request.organisation)
    form = HoursForm(
        request.POST or None,
        organisation=request.organisation,
        initial=HoursForm.initial_of(kept),
    )
    if request.method == "POST" and form.is_valid():
        planning.keep_settings(
            request.organisation, form.values(), staff=request.user, now=timezone.now()
        )
        messages.success(request, _("Kept. Open cases are due by these hours too."))
        return _back()
    causes.make_usual_causes(request.organisation)
    context = {
        "form": form,
        "rooms": _rooms(request),
        "causes": queries.list_causes(request.organisation),
        "tabs": plan_tabs("cases:settings"),
        "undo": take_undo(request),
    }
    return render_page(request, "cases/settings.html", context, status=422 if form.errors else 200)


@require_POST
@staff_may(PLAN)
def room(request: StaffRequest) -> HttpResponse:
    """Keep what may be decided without asking, for everybody or for one team."""
    form, wanted = RoomForm(request.POST), request.POST.get("team", "")
    team = get_object_or_404(list_teams(request.organisation), public_id=wanted) if wanted else None
    if not form.is_valid():
        messages.warning(request, _("Nothing was kept: the amount is not a number we can read."))
        return _back("room")
    planning.keep_room(
        request.organisation,
        team=team,
        amount=form.cleaned_data["amount"],
        words=form.cleaned_data["words"],
        staff=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("Kept. It stands on every card from now on."))
    return _back("room")


@require_POST
@staff_may(PLAN)
def cause_add(request: StaffRequest) -> HttpResponse:
    """Add a cause."""
    return _keep_cause(request, None)


@require_POST
@staff_may(PLAN)
def cause_change(request: StaffRequest, cause_id: UUID) -> HttpResponse:
    """Give a cause another name, take it off the list, or put it back."""
    found = get_object_or_404(Cause, public_id=cause_id, organisation=request.organisation)
    wanted, now = request.POST.get("to", "rename"), timezone.now()
    if wanted == "rename":
        return _keep_cause(request, found)
    causes.remove_cause(found, is_back=wanted == "back", staff=request.user, now=now)
    if wanted != "back":
        url = reverse("cases:cause_undo", args=[found.public_id])
        offer_undo(request, _("“%(name)s” is off the list.") % {"name": found.name}, url)
    return _back("causes")


@require_POST
@staff_may(PLAN)
def cause_undo(request: StaffRequest, cause_id: UUID) -> HttpResponse:
    """Put a cause back on the list."""
    found = get_object_or_404(Cause, public_id=cause_id, organisation=request.organisation)
    causes.remove_cause(found, is_back=True, staff=request.user, now=timezone.now())
    return _back("causes")


def _keep_cause(request: StaffRequest, cause: Cause | None) -> HttpResponse:
    try:
        causes.keep_cause(
            request.organisation,
            request.POST.get("name", ""),
            cause=cause,
            staff=request.user,
            now=timezone.now(),
        )
    except Refused as refused:
        tell_refusal(request, refused)
    return _back("causes")


def _rooms(request: StaffRequest) -> list[dict[str, Any]]:
    """For everybody, then for each team: the form, and whether something is stated."""
    kept = {
        one.team_id: one for one in FrontlineRoom.objects.filter(organisation=request.organisation)
    }
    teams = [None, *list_teams(request.organisation)]
    return [
        {
            "team": team,
            "stated": (one := kept.get(team.pk if team else None)) is not None and not one.is_empty,
            "room": one,
            "form": RoomForm(
                initial={"amount": one.amount, "words": one.words} if one else {},
                auto_id=f"id_room_{team.pk if team else 0}_%s",
            ),
        }
        for team in teams
    ]


def _back(place: str = "") -> HttpResponse:
    url = reverse("cases:settings")
    return HttpResponseRedirect(f"{url}#{place}" if place else url)
