"""Who gets which cases, and who is absent."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import offer_undo, take_undo
from gloed.fieldwork.forms import PersonConditions, conditions_of, rows_of
from gloed.fieldwork.queries import attribute_values
from gloed.loop.cases import queries
from gloed.loop.cases.models import Absence, Route
from gloed.loop.cases.operations import handlers, planning
from gloed.loop.cases.planning_forms import AbsenceForm, RouteForm
from gloed.loop.cases.rule_words import fits_words, names_of
from gloed.loop.cases.rules import read_fits
from gloed.loop.cases.views.common import HANDLE, PLAN, plan_tabs
from gloed.loop.cases.views.rules import language


@require_safe
@staff_may(PLAN)
def route_list(request: StaffRequest) -> HttpResponse:
    """All routes in the order they are tried."""
    names = names_of(request.organisation, language())
    routes = Route.objects.filter(organisation=request.organisation, removed_at=None)
    routes = routes.select_related("team").prefetch_related("members__staff")
    context = {
        "routes": [(one, fits_words(one, read_fits(one.fits), names)) for one in routes],
        "loads": queries.loads(request.organisation, now=timezone.now()),
        "absences": _absences(request),
        "tabs": plan_tabs("cases:routes"),
        "undo": take_undo(request),
    }
    return render_page(request, "cases/routes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(PLAN)
def route_edit(request: StaffRequest, route_id: UUID | None = None) -> HttpResponse:
    """Make a route, or change one from the next case on."""
    found = _own(request, route_id) if route_id else None
    given = request.POST if request.method == "POST" else None
    form = RouteForm(
        given,
        organisation=request.organisation,
        initial=RouteForm.initial_of(found) if found else {},
    )
    initial = rows_of(read_fits(found.fits).conditions) if found else []
    rows = PersonConditions(given, prefix="conditions", initial=initial)
    if given is not None and form.is_valid() and rows.is_valid():
        planning.keep_route(
            request.organisation,
            name=form.cleaned_data["name"],
            fits=form.fits(conditions_of(rows.forms)),
            team=form.team(),
            way=form.cleaned_data["way"],
            members=form.members(),
            route=found,
            staff=request.user,
            now=timezone.now(),
        )
        return redirect("cases:routes")
    context: dict[str, Any] = {
        "form": form,
        "rows": rows,
        "route": found,
        "properties": sorted({*attribute_values(request.organisation), "account", "language"}),
        "crumbs": [
            (_("Cases"), reverse("cases:list")),
            (_("Who gets it"), reverse("cases:routes")),
        ],
    }
    status = 422 if form.errors or rows.total_error_count() else 200
    return render_page(request, "cases/route_edit.html", context, status=status)


@require_POST
@staff_may(PLAN)
def route_change(request: StaffRequest, route_id: UUID) -> HttpResponse:
    """Let a route go before the one above it, or throw it away."""
    found, now, wanted = _own(request, route_id), timezone.now(), request.POST.get("to")
    if wanted == "up":
        planning.move_route(found, staff=request.user, now=now)
    if wanted == "delete":
        planning.remove_route(found, staff=request.user, now=now)
        url = reverse("cases:route_undo", args=[found.public_id])
        offer_undo(request, _("The route is gone; who has a case keeps it."), url)
    return redirect("cases:routes")


@require_POST
@staff_may(PLAN)
def route_undo(request: StaffRequest, route_id: UUID) -> HttpResponse:
    """Put a route back."""
    found = _own(request, route_id)
    planning.remove_route(found, is_back=True, staff=request.user, now=timezone.now())
    return redirect("cases:routes")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(HANDLE)
def absences(request: StaffRequest) -> HttpResponse:
    """Who is absent when: everybody tells of themselves, who plans tells of everybody."""
    may_plan = may(Role(request.membership.role), PLAN)
    colleagues = handlers(request.organisation)
    form = AbsenceForm(
        request.POST or None,
        colleagues=colleagues,
        own=None if may_plan else request.membership,
        initial={"who": str(request.membership.public_id)},
    )
    if request.method == "POST" and form.is_valid():
        planning.keep_absence(**form.values(), staff=request.user, now=timezone.now())
        messages.success(request, _("Noted. New cases go to others meanwhile."))
        return redirect("cases:absences")
    context = {
        "form": form,
        "absences": _absences(request),
        "may_plan": may_plan,
        "open_cases": queries.due_cases(request.user, request.organisation).count(),
        "crumbs": [(_("Cases"), reverse("cases:list"))],
    }
    status = 422 if form.errors else 200
    return render_page(request, "cases/absences.html", context, status=status)


@require_POST
@staff_may(HANDLE)
def absence_delete(request: StaffRequest, absence_id: UUID) -> HttpResponse:
    """An absence was called off."""
    own = _absences(request)
    if not may(Role(request.membership.role), PLAN):
        own = own.filter(membership=request.membership)
    get_object_or_404(own, public_id=absence_id).delete()
    messages.success(request, _("The absence is off the list."))
    return redirect("cases:absences")


def _absences(request: StaffRequest) -> Any:
    """Absences that are not over yet."""
    return Absence.objects.filter(
        membership__organisation=request.organisation, ends_on__gte=timezone.localdate()
    ).select_related("membership__staff", "stand_in__staff")


def _own(request: StaffRequest, route_id: UUID) -> Route:
    return get_object_or_404(
        Route.objects.select_related("organisation", "team"),
        public_id=route_id,
        organisation=request.organisation,
    )
