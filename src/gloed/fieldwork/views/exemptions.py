"""Exceptions in the contact policy: in order, the first that fits a person holds."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.fieldwork import candidates, operations, queries
from gloed.fieldwork.forms import ExemptionForm, PersonConditions, conditions_of, rows_of
from gloed.fieldwork.planning import count_exempted
from gloed.fieldwork.rules import Exemption, Policy
from gloed.fieldwork.rules.policy import EXEMPTED
from gloed.fieldwork.sentences import exemption_words
from gloed.surveys.models import Survey

MOST = 50


def shown_exemptions(request: StaffRequest, policy: Policy) -> list[tuple[Exemption, str]]:
    """The exceptions of a policy, each in a sentence."""
    surveys = {one.survey for one in policy.exemptions if one.survey}
    titles = dict(
        Survey.objects.filter(organisation=request.organisation, pk__in=surveys).values_list(
            "pk", "title"
        )
    )
    return [
        (one, exemption_words(one, survey=titles.get(one.survey or 0, "")))
        for one in policy.exemptions
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("fieldwork.plan")
def exemption_edit(request: StaffRequest, exemption_id: UUID | None = None) -> HttpResponse:
    """Add an exception at the end, or change one in its place."""
    policy = candidates.policy_of(request.organisation.pk)
    found = _own(policy, exemption_id) if exemption_id else None
    given = request.POST if request.method == "POST" else None
    form = ExemptionForm(
        given, organisation=request.organisation, initial=_initial(found) if found else None
    )
    initial = rows_of(found.conditions) if found else []
    rows = PersonConditions(given, prefix="conditions", initial=initial)
    if given is not None and form.is_valid() and rows.is_valid():
        kept = form.exemption(conditions_of(rows.forms), id=found.id if found else str(uuid4()))
        others = [kept if one == found else one for one in policy.exemptions]
        changed = others if found else [*others, kept][:MOST]
        _keep(request, replace(policy, exemptions=tuple(changed)))
        return redirect("fieldwork:policy")
    context = {
        "form": form,
        "rows": rows,
        "exemption": found,
        "properties": ["language", "domain", *queries.attribute_values(request.organisation)],
    }
    status = 422 if form.errors or rows.total_error_count() else 200
    return render_page(request, "fieldwork/exemption_edit.html", context, status=status)


@require_POST
@staff_may("fieldwork.plan")
def exemption_change(request: StaffRequest, exemption_id: UUID) -> HttpResponse:
    """Move an exception up or down, or take it out."""
    policy = candidates.policy_of(request.organisation.pk)
    found = _own(policy, exemption_id)
    wanted = request.POST.get("to")
    ordered = list(policy.exemptions)
    place = ordered.index(found)
    if wanted == "delete":
        ordered.remove(found)
        messages.success(request, _("The exception is gone."))
    elif wanted in ("up", "down"):
        other = place + (1 if wanted == "down" else -1)
        if 0 <= other < len(ordered):
            ordered[place], ordered[other] = ordered[other], ordered[place]
    _keep(request, replace(policy, exemptions=tuple(ordered)))
    return redirect("fieldwork:policy")


@require_safe
@staff_may("fieldwork.plan")
def exemption_count(request: StaffRequest) -> HttpResponse:
    """How many people each exception touches; for swapping in."""
    policy = candidates.policy_of(request.organisation.pk)
    counted = count_exempted(request.organisation.pk, policy)
    shown = shown_exemptions(request, policy)
    context = {"rows": [(one, counted.by_exemption.get(one.id, 0)) for one, _words in shown],
               "counted": counted}  # fmt: skip
    return render_page(request, "fieldwork/parts/exempted.html", context)


def _keep(request: StaffRequest, policy: Policy) -> None:
    operations.keep_policy(request.organisation, policy, staff=request.user, now=timezone.now())


def _initial(found: Exemption) -> dict[str, Any]:
    return {name: getattr(found, name) for name in EXEMPTED} | {
        "survey": found.survey,
        "never": found.never,
        "never_by": list(found.never_by),
    }


def _own(policy: Policy, exemption_id: UUID) -> Exemption:
    for one in policy.exemptions:
        if one.id == str(exemption_id):
            return one
    raise Http404
