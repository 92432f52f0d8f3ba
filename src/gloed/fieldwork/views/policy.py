"""The contact policy: promises to everybody, and what they leave to ask today."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.fieldwork import candidates, operations
from gloed.fieldwork.forms import PolicyForm
from gloed.fieldwork.planning import count_today
from gloed.fieldwork.rules import Kind, Policy
from gloed.fieldwork.views.tabs import tabs


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("fieldwork.plan")
def policy(request: StaffRequest) -> HttpResponse:
    """The numbers with what they mean; saving counts from the next ask on."""
    before = candidates.policy_of(request.organisation.pk)
    form = PolicyForm(request.POST if request.method == "POST" else None, initial=asdict(before))
    if request.method == "POST" and form.is_valid():
        operations.keep_policy(
            request.organisation,
            Policy(**form.cleaned_data),
            staff=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("This holds from the next invitation on."))
        return redirect("fieldwork:policy")
    context = {"form": form, "tabs": tabs("policy")}
    status = 422 if form.errors else 200
    return render_page(request, "fieldwork/policy.html", context, status=status)


@require_GET
@staff_may("fieldwork.plan")
def today(request: StaffRequest) -> HttpResponse:
    """How many could be asked today with the numbers in the address; for swapping in."""
    form = PolicyForm(request.GET)
    kept = candidates.policy_of(request.organisation.pk)
    asked = Policy(**form.cleaned_data) if form.is_valid() else kept
    now = timezone.now()
    counts = [
        (kind, count_today(request.organisation.pk, asked, survey=0, kind=kind, now=now))
        for kind in Kind
    ]
    return render_page(request, "fieldwork/parts/today.html", {"counts": counts})
