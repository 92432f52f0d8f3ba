"""The journey with its scores, and the score of one touchpoint as a part of another page."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gloed.analysis import journeys, reports, store, tasks
from gloed.analysis.journeys import PERIODS, USUAL, MomentScore
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.surveys.journeys import queries
from gloed.surveys.journeys.queries import Moment
from gloed.surveys.models import Touchpoint
from gloed.surveys.models.journey import Phase


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A phase with the scores of its touchpoints."""

    phase: Phase
    scores: list[MomentScore]


@require_safe
@staff_may("analysis.view_report")
def journey_list(request: StaffRequest) -> HttpResponse:
    """To the first journey; to where one can be begun while there is none."""
    first = queries.list_journeys(request.organisation).first()
    if first is None:
        return redirect("journeys:list")
    return redirect("analysis:journey", first.public_id)


@require_safe
@staff_may("analysis.view_report")
def journey(request: StaffRequest, journey_id: UUID) -> HttpResponse:
    """A journey phase by phase: each touchpoint with its score, its line, its owner."""
    all_journeys = list(queries.list_journeys(request.organisation).select_related("organisation"))
    chosen = get_object_or_404(
        queries.list_journeys(request.organisation).select_related("organisation"),
        public_id=journey_id,
    )
    plan = queries.read_plan(chosen)
    period = journeys.read_period(request.GET.get("when", ""))
    scores, extra = _scores(request, list(plan.moments), period)
    left = iter(scores)
    stretches = [
        _Stretch(stretch.phase, [next(left) for _moment in stretch.moments])
        for stretch in plan.stretches
    ]
    context = {
        "journey": chosen,
        "stretches": stretches,
        "mixed": [moment for moment in plan.moments if moment.mixing],
        "has_moments": bool(plan.moments),
        "tabs": _tabs(all_journeys, chosen, period),
        "periods": _periods(period),
        "may_edit": may(Role(request.membership.role), "surveys.edit"),
        **extra,
    }
    return render_page(request, "analysis/journey.html", context)


@require_safe
@staff_may("analysis.view_report")
def touchpoint_score(request: StaffRequest, touchpoint_id: UUID) -> HttpResponse:
    """The score of one touchpoint: a part of its page, and a page where no script runs."""
    touchpoint = get_object_or_404(
        Touchpoint.objects.select_related("phase__journey", "owner__staff"),
        organisation=request.organisation,
        public_id=touchpoint_id,
    )
    period = journeys.read_period(request.GET.get("when", ""))
    (score,), extra = _scores(request, queries.moments_of([touchpoint]), period)
    context = {"touchpoint": touchpoint, "score": score, "periods": _periods(period), **extra}
    return render_page(
        request, "analysis/touchpoint_score.html", context, region="touchpoint_score"
    )


def _scores(
    request: StaffRequest, moments: list[Moment], period: str
) -> tuple[list[MomentScore], dict[str, Any]]:
    """The scores, and how fresh they are."""
    now = timezone.now()
    tasks.make_sure(request.organisation, now=now)
    is_current = reports.is_current(request.organisation, tasks.KINDS)
    source = store.projection_of(request.organisation)
    window = journeys.window_of(period, today=timezone.localdate(now))
    cut_off = now if is_current else source.cut_off
    scores = journeys.moment_scores(source, request.organisation, moments, window, cut_off=cut_off)
    return scores, {"is_current": is_current, "cut_off": source.cut_off}


def _periods(period: str) -> list[tuple[str, str, bool]]:
    return [(str(name), f"?when={key}", key == period) for key, name in PERIODS.items()]


def _tabs(all_journeys: list[Any], chosen: Any, period: str) -> list[tuple[str, str, bool]]:
    """The other journeys, where there is more than one."""
    if len(all_journeys) < 2:
        return []
    query = "" if period == USUAL else f"?when={period}"
    return [
        (one.name, reverse("analysis:journey", args=[one.public_id]) + query, one == chosen)
        for one in all_journeys
    ]
