"""The contact policy: promises to everybody, and what they leave to ask today."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.fieldwork import candidates, operations, queries
from gloed.fieldwork.forms import PolicyForm, TryPersonForm
from gloed.fieldwork.planning import count_today
from gloed.fieldwork.previews import may_ask
from gloed.fieldwork.rules import Kind, exemption_for
from gloed.fieldwork.views.exemptions import shown_exemptions
from gloed.fieldwork.views.verdicts import verdict_words


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("fieldwork.plan")
def policy(request: StaffRequest) -> HttpResponse:
    """The numbers with what they mean; saving counts from the next ask on."""
    before = candidates.policy_of(request.organisation.pk)
    form = PolicyForm(
        request.POST if request.method == "POST" else None, initial=PolicyForm.initial_of(before)
    )
    if request.method == "POST" and form.is_valid():
        operations.keep_policy(
            request.organisation,
            replace(before, **form.cleaned_data),
            staff=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("This holds from the next invitation on."))
        return redirect("fieldwork:policy")
    context = {
        "form": form,
        "exemptions": shown_exemptions(request, before),
        "try_form": TryPersonForm(organisation=request.organisation),
    }
    status = 422 if form.errors else 200
    return render_page(request, "fieldwork/policy.html", context, status=status)


@require_safe
@staff_may("fieldwork.plan")
def today(request: StaffRequest) -> HttpResponse:
    """How many could be asked today with the numbers in the address; for swapping in."""
    form = PolicyForm(request.GET)
    kept = candidates.policy_of(request.organisation.pk)
    asked = replace(kept, **form.cleaned_data) if form.is_valid() else kept
    now = timezone.now()
    counts = [
        (kind, count_today(request.organisation.pk, asked, survey=0, kind=kind, now=now))
        for kind in Kind
    ]
    return render_page(request, "fieldwork/parts/today.html", {"counts": counts})


@require_safe
@staff_may("people.view_person")
def try_person(request: StaffRequest) -> HttpResponse:
    """Whether we may ask somebody now, why not, and from when on; nothing is written."""
    form = TryPersonForm(
        request.GET if "survey" in request.GET else None,
        organisation=request.organisation,
        initial={"who": request.GET.get("who", "")},
    )
    context: dict[str, Any] = {
        "try_form": form,
        "crumbs": [(_("Policy"), reverse("fieldwork:policy"))],
    }
    if form.is_valid():
        given, now = form.cleaned_data, timezone.now()
        person = queries.find_person(request.organisation, given["who"])
        if person is None:
            context["unknown"] = given["who"]
        else:
            held = candidates.policy_of(request.organisation.pk)
            (one,) = candidates.read_these([person.pk])
            verdict = may_ask(one, given["survey"], given["channel"], held, at=now, now=now)
            fits = exemption_for(held, one.traits, survey=given["survey"].pk)
            shown = dict(shown_exemptions(request, held)) if fits else {}
            context |= {
                "person": person,
                "verdict": verdict,
                "why": verdict_words(verdict),
                "exemption": shown.get(fits) if fits else "",
            }
    return render_page(request, "fieldwork/try_person.html", context, region="verdict")
