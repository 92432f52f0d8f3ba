"""Rules that open cases: tried on history before they count."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.fieldwork.forms import PersonConditions, conditions_of, rows_of
from gloed.fieldwork.queries import attribute_values
from gloed.loop.cases import previews
from gloed.loop.cases.models import OpeningRule
from gloed.loop.cases.operations import planning
from gloed.loop.cases.planning_forms import RuleForm
from gloed.loop.cases.rule_words import asks_words, names_of
from gloed.loop.cases.rules import read_asks
from gloed.loop.cases.shown import shown_answers
from gloed.loop.cases.views.common import PLAN, plan_tabs


@require_safe
@staff_may(PLAN)
def rule_list(request: StaffRequest) -> HttpResponse:
    """All rules as sentences."""
    names = names_of(request.organisation, language())
    rules = OpeningRule.objects.filter(organisation=request.organisation, removed_at=None)
    context = {
        "rules": [(rule, asks_words(read_asks(rule.asks), names)) for rule in rules],
        "tabs": plan_tabs("cases:rules"),
        "undo": take_undo(request),
    }
    return render_page(request, "cases/rules.html", context)


@require_POST
@staff_may(PLAN)
def rules_begin(request: StaffRequest) -> HttpResponse:
    """Begin with the usual rules, all off."""
    planning.begin_with_usual_rules(request.organisation, staff=request.user, now=timezone.now())
    return redirect("cases:rules")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(PLAN)
def rule_edit(request: StaffRequest, rule_id: UUID | None = None) -> HttpResponse:
    """Make a rule, which is off at first, or change one."""
    found = _own(request, rule_id) if rule_id else None
    given = request.POST if request.method == "POST" else None
    form = RuleForm(
        given,
        organisation=request.organisation,
        language=language(),
        initial=RuleForm.initial_of(found) if found else {"priority": 0},
    )
    initial = rows_of(read_asks(found.asks).conditions) if found else []
    rows = PersonConditions(given, prefix="conditions", initial=initial)
    if given is not None and form.is_valid() and rows.is_valid():
        asks = form.asks(conditions_of(rows.forms))
        if asks.is_empty:
            form.add_error(None, _("Fill in at least one thing, or every answer opens a case."))
        else:
            kept = planning.keep_rule(
                request.organisation,
                name=form.cleaned_data["name"],
                asks=asks,
                priority=form.priority(),
                rule=found,
                staff=request.user,
                now=timezone.now(),
            )
            return redirect("cases:rule", kept.public_id)
    context: dict[str, Any] = {
        "form": form,
        "rows": rows,
        "rule": found,
        "properties": sorted({*attribute_values(request.organisation), "account", "language"}),
        "crumbs": _crumbs(found),
    }
    status = 422 if form.errors or rows.total_error_count() else 200
    return render_page(request, "cases/rule_edit.html", context, status=status)


@require_safe
@staff_may(PLAN)
def rule(request: StaffRequest, rule_id: UUID) -> HttpResponse:
    """What a rule asks, and what it would do."""
    found = _own(request, rule_id)
    words = asks_words(read_asks(found.asks), names_of(request.organisation, language()))
    context = {"rule": found, "words": words, "crumbs": _crumbs(None)}
    return render_page(request, "cases/rule.html", context)


@require_safe
@staff_may(PLAN)
def rule_preview(request: StaffRequest, rule_id: UUID) -> HttpResponse:
    """What it would have opened in the last 12 weeks; for swapping in."""
    found, now = _own(request, rule_id), timezone.now()
    asks = read_asks(found.asks)
    context: dict[str, Any] = {"rule": found, "crumbs": _crumbs(found)}
    if asks.is_about_silence:
        number, silent = previews.preview_silence(request.organisation, asks, now=now)
        context |= {"silent": silent, "silent_count": number}
    else:
        seen = previews.preview(request.organisation, asks, now=now)
        context |= {
            "seen": seen,
            "examples": shown_answers(seen.examples, request.membership, has_who=True),
        }
    return render_page(request, "cases/rule_preview.html", context, region="preview")


@require_POST
@staff_may(PLAN)
def rule_change(request: StaffRequest, rule_id: UUID) -> HttpResponse:
    """Switch on or off, or throw away."""
    found, now, wanted = _own(request, rule_id), timezone.now(), request.POST.get("to")
    if wanted == "delete" and not found.is_on:  # switched off first: two presses, no mishap
        planning.remove_rule(found, staff=request.user, now=now)
        url = reverse("cases:rule_undo", args=[found.public_id])
        offer_undo(request, _("The rule is gone; the cases it opened stay."), url)
        return redirect("cases:rules")
    if wanted in ("on", "off"):
        planning.switch_rule(found, to=wanted == "on", staff=request.user, now=now)
    return redirect("cases:rule", found.public_id)


@require_POST
@staff_may(PLAN)
def rule_undo(request: StaffRequest, rule_id: UUID) -> HttpResponse:
    """Put a rule back; it is off, as it was."""
    found = _own(request, rule_id, is_removed=True)
    planning.remove_rule(found, is_back=True, staff=request.user, now=timezone.now())
    return redirect("cases:rules")


def language() -> str:
    """The reader's language, two letters."""
    return (get_language() or "en")[:2]


def _crumbs(found: OpeningRule | None) -> list[tuple[str, str]]:
    crumbs = [(_("Cases"), reverse("cases:list")), (_("Rules"), reverse("cases:rules"))]
    return (
        [*crumbs, (found.name, reverse("cases:rule", args=[found.public_id]))] if found else crumbs
    )


def _own(request: StaffRequest, rule_id: UUID, *, is_removed: bool = False) -> OpeningRule:
    return get_object_or_404(
        OpeningRule.objects.select_related("organisation"),
        public_id=rule_id,
        organisation=request.organisation,
        removed_at__isnull=not is_removed,
    )
