"""Early-access lists: making one, who is on it, and what they say."""

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
from gloed.base.undo import offer_undo, take_undo
from gloed.loop.promoters import queries
from gloed.loop.promoters.forms import EarlyAccessForm, RemarkForm
from gloed.loop.promoters.models import EarlyAccess, Trial
from gloed.loop.promoters.operations import trying
from gloed.loop.promoters.operations.trying import Full
from gloed.loop.promoters.rules import Place
from gloed.loop.promoters.views.common import may_act, may_plan, sees_all

ORDER = (Place.ACCEPTED, Place.INVITED, Place.LEFT, Place.DECLINED)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.plan_cases")
def new(request: StaffRequest) -> HttpResponse:
    """Make a list with places."""
    return _form_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.plan_cases")
def change(request: StaffRequest, list_id: UUID) -> HttpResponse:
    """Change a list."""
    return _form_page(request, _own_list(request, list_id))


@require_safe
@staff_may("responses.view_answers")
def early_access(request: StaffRequest, list_id: UUID) -> HttpResponse:
    """Who is on it, how far they are, and what they said."""
    found = _own_list(request, list_id)
    trials = found.trials.select_related("person__account").prefetch_related("remarks__staff")
    if not sees_all(request.membership):
        trials = trials.filter(person__in=queries.visible_people(request.membership).values("pk"))
    rows = sorted(trials, key=lambda one: ORDER.index(Place(one.status)))
    taken = trying.count_taken(found)
    context = {
        "list": found,
        "taken": taken,
        "free": max(found.places - taken, 0),
        "trials": rows,
        "may_act": may_act(request),
        "may_plan": may_plan(request),
        "undo": take_undo(request),
        "crumbs": [
            (_("Promoters"), reverse("promoters:home")),
            (_("References and early access"), reverse("promoters:references")),
        ],
    }
    return render_page(request, "promoters/early_access.html", context)


@require_POST
@staff_may("loop.plan_cases")
def turn(request: StaffRequest, list_id: UUID) -> HttpResponse:
    """Close a list (`do` is close), open it (open), take it away (remove) or back (restore)."""
    found, now = _own_list(request, list_id), timezone.now()
    do = request.POST.get("do", "restore")
    if do in ("close", "open"):
        trying.close_list(found, is_closed=do == "close", now=now)
    elif do == "remove":
        trying.remove_list(found, staff=request.user, now=now)
        said = _("“%(title)s” was taken away.") % {"title": found.title}
        offer_undo(request, said, reverse("promoters:turn_list", args=[found.public_id]))
        return redirect("promoters:references")
    elif do == "restore":
        trying.restore_list(found, staff=request.user, now=now)
    return redirect("promoters:early_access", found.public_id)


@require_POST
@staff_may("loop.handle_cases")
def move(request: StaffRequest, trial_id: UUID) -> HttpResponse:
    """Say for somebody that they take part, would rather not, or stop (`to`)."""
    trial, now = _own_trial(request, trial_id), timezone.now()
    to = request.POST.get("to", "")
    if to == Place.ACCEPTED:
        try:
            trying.accept(trial, now=now)
        except Full:
            messages.warning(request, _("Every place is taken. Somebody has to stop first."))
    elif to == Place.DECLINED:
        trying.decline(trial, now=now)
    elif to == Place.LEFT:
        trying.leave(trial, now=now)
    return redirect("promoters:early_access", trial.early_access.public_id)


@require_POST
@staff_may("loop.handle_cases")
def add_remark(request: StaffRequest, trial_id: UUID) -> HttpResponse:
    """Note what somebody said about it."""
    trial = _own_trial(request, trial_id)
    form = RemarkForm(request.POST)
    if form.is_valid():
        trying.note_remark(trial, form.cleaned_data["text"], staff=request.user, now=timezone.now())
    return redirect("promoters:early_access", trial.early_access.public_id)


def _own_list(request: StaffRequest, list_id: UUID) -> EarlyAccess:
    return get_object_or_404(
        EarlyAccess.objects.select_related("organisation"),
        organisation=request.organisation,
        public_id=list_id,
    )


def _own_trial(request: StaffRequest, trial_id: UUID) -> Trial:
    found = Trial.objects.filter(early_access__organisation=request.organisation)
    if not sees_all(request.membership):
        found = found.filter(person__in=queries.visible_people(request.membership).values("pk"))
    return get_object_or_404(found.select_related("early_access"), public_id=trial_id)


def _form_page(request: StaffRequest, found: EarlyAccess | None) -> HttpResponse:
    initial: dict[str, Any] = {}
    if found is not None:
        initial = {name: getattr(found, name) for name in ("title", "text", "places")}
    form = EarlyAccessForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = trying.keep_list(
            request.organisation,
            form.cleaned_data,
            early_access=found,
            staff=request.user,
            now=timezone.now(),
        )
        return redirect("promoters:early_access", made.public_id)
    context = {
        "form": form,
        "list": found,
        "crumbs": [(_("References and early access"), reverse("promoters:references"))],
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "promoters/change_list.html", context, status=status)
