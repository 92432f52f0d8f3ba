"""A touchpoint: what customers expect of it, who answers for it, and what is asked there."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import offer_undo, take_undo
from gloed.surveys.journeys import operations, queries
from gloed.surveys.journeys.forms import TouchpointForm
from gloed.surveys.journeys.operations import Refused
from gloed.surveys.journeys.queries import Moment
from gloed.surveys.journeys.views.parts import (
    answer_to_move,
    chosen,
    find_touchpoint,
    refusal_words,
)
from gloed.surveys.journeys.words import number_words
from gloed.surveys.models import Touchpoint
from gloed.surveys.models.journey import Journey


@require_safe
@staff_may("analysis.view_report")
def detail(request: StaffRequest, touchpoint_id: UUID) -> HttpResponse:
    """One touchpoint; its score is loaded beside it."""
    touchpoint = find_touchpoint(request, touchpoint_id)
    (moment,) = queries.moments_of([touchpoint])
    journey = _journey_of(touchpoint)
    context = {
        "moment": moment,
        "touchpoint": touchpoint,
        "crumbs": _crumbs(journey),
        "journey": journey,
        "score_url": page_url("analysis:touchpoint_score", touchpoint.public_id),
        "line_words": line_words(moment),
        "may_edit": may(Role(request.membership.role), "surveys.edit"),
        "undo": take_undo(request),
    }
    return render_page(request, "surveys/journeys/touchpoint.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def change(request: StaffRequest, touchpoint_id: UUID) -> HttpResponse:
    """Name, expectation, owner, metric and line."""
    touchpoint = find_touchpoint(request, touchpoint_id)
    (moment,) = queries.moments_of([touchpoint])
    form = TouchpointForm(request.POST or None, moment=moment)
    if form.is_valid():
        try:
            operations.change_touchpoint(
                touchpoint, form.facts(), by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            form.add_error("name", refusal_words(refusal.reason))
        else:
            messages.success(request, _("The touchpoint has been kept."))
            return redirect("journeys:touchpoint", touchpoint.public_id)
    here = (str(touchpoint), reverse("journeys:touchpoint", args=[touchpoint.public_id]))
    crumbs = [*_crumbs(_journey_of(touchpoint)), here]
    context = {"form": form, "moment": moment, "touchpoint": touchpoint, "crumbs": crumbs}
    status = 422 if form.errors else 200
    return render_page(request, "surveys/journeys/change.html", context, status=status)


@require_POST
@staff_may("surveys.edit")
def move(request: StaffRequest, touchpoint_id: UUID) -> HttpResponse:
    """Into a phase, before another touchpoint or at its end; or one step up or down."""
    touchpoint = find_touchpoint(request, touchpoint_id)
    if touchpoint.removed_at is not None:
        raise Http404
    step, by, now = request.POST.get("step", ""), request.user, timezone.now()
    if step:
        operations.step_touchpoint(touchpoint, up=step == "up", by=by, now=now)
    else:
        phases = queries.list_phases(request.organisation)
        phase = phases.filter(public_id=chosen(request, "phase")).first()
        others = Touchpoint.objects.filter(organisation=request.organisation, removed_at=None)
        before = others.filter(public_id=chosen(request, "before")).first()
        operations.move_touchpoint(touchpoint, phase=phase, before=before, by=by, now=now)
    journey = _journey_of(find_touchpoint(request, touchpoint_id))
    return answer_to_move(request, journey, touchpoint.public_id)


@require_POST
@staff_may("surveys.edit")
def remove(request: StaffRequest, touchpoint_id: UUID) -> HttpResponse:
    """Take a touchpoint away, with a way back; its surveys and answers are kept."""
    touchpoint = find_touchpoint(request, touchpoint_id)
    operations.remove(touchpoint, by=request.user, now=timezone.now())
    done = _("%(name)s is removed; its surveys and answers are kept.") % {"name": touchpoint}
    offer_undo(request, done, reverse("journeys:restore_touchpoint", args=[touchpoint.public_id]))
    return _to_journey(_journey_of(touchpoint))


@require_POST
@staff_may("surveys.edit")
def restore(request: StaffRequest, touchpoint_id: UUID) -> HttpResponse:
    """Bring a touchpoint back to where it stood."""
    touchpoint = find_touchpoint(request, touchpoint_id)
    operations.restore(touchpoint, by=request.user, now=timezone.now())
    return _to_journey(_journey_of(touchpoint))


def line_words(moment: Moment) -> str:
    """What the line of a touchpoint means, in a sentence; empty without one."""
    line = moment.touchpoint.good_enough
    if line is None or moment.words is None:
        return ""
    return str(moment.words.line) % {"line": number_words(line)}


def _journey_of(touchpoint: Touchpoint) -> Journey | None:
    phase = touchpoint.phase
    return phase.journey if phase is not None and queries.is_placed(touchpoint) else None


def _crumbs(journey: Journey | None) -> list[tuple[str, str]]:
    crumbs = [(_("Journeys"), reverse("journeys:list"))]
    if journey is not None:
        url = page_url("analysis:journey", journey.public_id)
        crumbs.append((str(journey), url or reverse("journeys:list")))
    return crumbs


def _to_journey(journey: Journey | None) -> HttpResponse:
    if journey is None:
        return redirect("journeys:list")
    return redirect("journeys:arrange", journey.public_id)
