"""Teams: a list with a form, and a page for the name."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gloed.base import operations
from gloed.base.forms import TeamForm
from gloed.base.models import Team
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.queries import list_teams_with_members
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.base.views.parts import PAGE_SIZE, organisation_tabs, refusal_words


@require_http_methods(["GET", "POST"])
@staff_may("base.manage_teams")
def team_list(request: StaffRequest) -> HttpResponse:
    """All teams, and a form to add one."""
    form = TeamForm(request.POST or None)
    if form.is_valid():
        try:
            team = operations.add_team(
                request.organisation, form.cleaned_data["name"], by=request.user, at=timezone.now()
            )
        except operations.Refused as refusal:
            form.add_error("name", refusal_words(refusal.reason))
        else:
            messages.success(request, _("%(team)s is in the list.") % {"team": team})
            return redirect("base:team_list")
    teams = list_teams_with_members(request.organisation)
    context = {
        "form": form,
        "page": Paginator(teams, PAGE_SIZE).get_page(request.GET.get("page")),
        "tabs": organisation_tabs(request, "base:team_list"),
        "undo": take_undo(request),
    }
    return render_page(request, "base/team_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_may("base.manage_teams")
def team_edit(request: StaffRequest, team_id: UUID) -> HttpResponse:
    """Another name for a team."""
    team = get_object_or_404(Team, organisation=request.organisation, public_id=team_id)
    form = TeamForm(request.POST or None, initial={"name": team.name})
    if form.is_valid():
        try:
            operations.rename_team(
                team, form.cleaned_data["name"], by=request.user, at=timezone.now()
            )
        except operations.Refused as refusal:
            form.add_error("name", refusal_words(refusal.reason))
        else:
            messages.success(request, _("The team is called %(team)s now.") % {"team": team})
            return redirect("base:team_list")
    context = {"form": form, "team": team, "crumbs": [(_("Teams"), reverse("base:team_list"))]}
    return render_page(request, "base/team_edit.html", context)


@require_POST
@staff_may("base.manage_teams")
def team_remove(request: StaffRequest, team_id: UUID) -> HttpResponse:
    """Take a team out of the lists, with a way back."""
    team = get_object_or_404(Team, organisation=request.organisation, public_id=team_id)
    operations.remove_team(team, by=request.user, at=timezone.now())
    done = _("%(team)s is removed; its answers are kept.") % {"team": team}
    offer_undo(request, done, reverse("base:team_restore", args=[team.public_id]))
    return redirect("base:team_list")


@require_POST
@staff_may("base.manage_teams")
def team_restore(request: StaffRequest, team_id: UUID) -> HttpResponse:
    """Bring a removed team back."""
    team = get_object_or_404(Team, organisation=request.organisation, public_id=team_id)
    operations.restore_team(team, by=request.user, at=timezone.now())
    messages.success(request, _("%(team)s is back.") % {"team": team})
    return redirect("base:team_list")
