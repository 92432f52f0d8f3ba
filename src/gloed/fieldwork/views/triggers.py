"""Triggers: who is asked after which event, tried before it counts, and watched while it does."""

from datetime import timedelta
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
from gloed.fieldwork import operations, queries
from gloed.fieldwork.forms import (
    Conditions,
    TriggerForm,
    TryTriggerForm,
    conditions_of,
    rows_of,
)
from gloed.fieldwork.models import Invitation, Trigger
from gloed.fieldwork.previews import preview_trigger, try_trigger
from gloed.fieldwork.rules import Where, plain_conditions, read_conditions
from gloed.fieldwork.sentences import KINDS, kind_words, trigger_words
from gloed.fieldwork.views.events import shown_events
from gloed.fieldwork.views.ledger import named, named_reasons, rate_definition
from gloed.fieldwork.views.verdicts import verdict_words

LATELY = timedelta(days=30)
NEWEST_EVENTS = 10


@require_safe
@staff_may("analysis.view_report")
def trigger_list(request: StaffRequest) -> HttpResponse:
    """All triggers as sentences, and what they did in the last 30 days."""
    triggers = list(
        Trigger.objects.filter(organisation=request.organisation).select_related("survey")
    )
    counts = queries.count_reactions(triggers, since=timezone.now() - LATELY)
    context = {
        "triggers": [
            (one, trigger_words(one), counts.get(one.pk, queries.TriggerCount()))
            for one in triggers
        ],
        "has_events": bool(queries.event_kinds(request.organisation)),
        "may_plan": may(Role(request.membership.role), "fieldwork.plan"),
    }
    return render_page(request, "fieldwork/triggers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("fieldwork.plan")
def trigger_edit(request: StaffRequest, trigger_id: UUID | None = None) -> HttpResponse:
    """Make a trigger, which is off at first, or change one from the next event on."""
    found = _own(request, trigger_id) if trigger_id else None
    given = request.POST if request.method == "POST" else None
    form = TriggerForm(
        given,
        organisation=request.organisation,
        initial=TriggerForm.initial_of(found) if found else {"reminders": 0},
    )
    initial = rows_of(read_conditions(found.conditions)) if found else []
    rows = Conditions(given, prefix="conditions", initial=initial)
    if given is not None and form.is_valid() and rows.is_valid():
        values = form.trigger_values()
        values["conditions"] = plain_conditions(conditions_of(rows.forms))
        kept = operations.keep_trigger(
            request.organisation, values, trigger=found, staff=request.user, now=timezone.now()
        )
        return redirect("fieldwork:trigger", kept.public_id)
    attributes = queries.attribute_values(request.organisation)
    kinds = [*KINDS, *queries.event_kinds(request.organisation)]
    context = {
        "form": form,
        "has_survey": form.fields["survey"].queryset.exists(),  # type: ignore[attr-defined]  # a ModelChoiceField
        "rows": rows,
        "trigger": found,
        "kinds": list(dict.fromkeys(map(kind_words, kinds))),
        "properties": sorted({*attributes, *queries.event_properties(request.organisation)}),
    }
    status = 422 if form.errors or rows.total_error_count() else 200
    return render_page(request, "fieldwork/trigger_edit.html", context, status=status)


@require_safe
@staff_may("analysis.view_report")
def trigger(request: StaffRequest, trigger_id: UUID) -> HttpResponse:
    """What a trigger says, what it did, and what it would do."""
    found = _own(request, trigger_id)
    role = Role(request.membership.role)
    total = queries.tally(Invitation.objects.filter(trigger=found))
    events = queries.list_events(request.organisation).filter(reactions__trigger=found).distinct()
    context = {
        "trigger": found,
        "words": trigger_words(found),
        "total": total,
        "totals": named(total),
        "definition": rate_definition(),
        "events": shown_events(list(events[:NEWEST_EVENTS])),
        "try_form": TryTriggerForm(names=_properties(found)),
        "is_open": found.survey.state == "open",
        "may_plan": may(role, "fieldwork.plan"),
        "sees_people": may(role, "people.view_person"),
        "crumbs": [(_("After events"), reverse("fieldwork:triggers"))],
    }
    return render_page(request, "fieldwork/trigger.html", context)


@require_safe
@staff_may("analysis.view_report")
def trigger_preview(request: StaffRequest, trigger_id: UUID) -> HttpResponse:
    """What it would have done with the events of the last 30 days; for swapping in."""
    found = _own(request, trigger_id)
    seen = preview_trigger(found, now=timezone.now())
    context = {"seen": seen, "reasons": named_reasons(seen.reasons), "trigger": found}
    return render_page(request, "fieldwork/parts/preview.html", context)


@require_safe
@staff_may("people.view_person")
def trigger_try(request: StaffRequest, trigger_id: UUID) -> HttpResponse:
    """What an event of this very moment would lead to; nothing is written."""
    found = _own(request, trigger_id)
    form = TryTriggerForm(request.GET or None, names=_properties(found))
    context: dict[str, Any] = {
        "trigger": found,
        "words": trigger_words(found),
        "try_form": form,
        "crumbs": [
            (_("After events"), reverse("fieldwork:triggers")),
            (found.name, reverse("fieldwork:trigger", args=[found.public_id])),
        ],
    }
    if form.is_valid():
        person = queries.find_person(request.organisation, form.cleaned_data["who"])
        if person is None:
            context["unknown"] = form.cleaned_data["who"]
        else:
            verdict = try_trigger(found, person, form.properties(), now=timezone.now())
            context |= {"person": person, "verdict": verdict, "why": verdict_words(verdict)}
    return render_page(request, "fieldwork/trigger_try.html", context, region="verdict")


@require_POST
@staff_may("fieldwork.plan")
def trigger_change(request: StaffRequest, trigger_id: UUID) -> HttpResponse:
    """Switch on or off, or throw away."""
    found, now, wanted = _own(request, trigger_id), timezone.now(), request.POST.get("to")
    if wanted == "delete" and not found.is_on:  # switched off first: two presses, no mishap
        operations.delete_trigger(found, staff=request.user, now=now)
        messages.success(request, _("The trigger is gone; what it asked stays in the ledger."))
        return redirect("fieldwork:triggers")
    if wanted in ("on", "off"):
        operations.switch_trigger(found, to=wanted == "on", staff=request.user, now=now)
    return redirect("fieldwork:trigger", found.public_id)


def _properties(found: Trigger) -> list[str]:
    """The properties of an event that a try can fill in: those looked at, then those told."""
    looked_at = [one.name for one in read_conditions(found.conditions) if one.where is Where.EVENT]
    told = queries.event_properties(found.organisation, found.kind)
    return list(dict.fromkeys([*looked_at, *told]))[:8]


def _own(request: StaffRequest, trigger_id: UUID) -> Trigger:
    return get_object_or_404(
        Trigger.objects.select_related("survey", "organisation"),
        public_id=trigger_id,
        organisation=request.organisation,
    )
