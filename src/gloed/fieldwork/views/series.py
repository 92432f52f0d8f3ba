"""Waves that come again: one page for each, with its next turn and the waves it made."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.fieldwork import channels, operations, queries
from gloed.fieldwork.models import Wave, WaveSeries
from gloed.fieldwork.operations.series import next_wave, rhythm_of, turn_after
from gloed.fieldwork.planning import LOOKED_AT, plan_wave
from gloed.fieldwork.sentences import moment_words, rhythm_words
from gloed.fieldwork.views.ledger import named_reasons

MOST_WAVES = 24


@require_safe
@staff_may("analysis.view_report")
def series(request: StaffRequest, series_id: UUID) -> HttpResponse:
    """When it comes next, whom it would ask today, and what became of its waves."""
    found = _own(request, series_id)
    now = timezone.now()
    turn = turn_after(found, now) if found.state == WaveSeries.State.DRAFT else None
    waves = list(Wave.objects.filter(series=found).select_related("survey")[:MOST_WAVES])
    counts = queries.count_sent(waves)
    context = {
        "series": found,
        "wave": found,
        "channel": channels.find(found.channel),
        "segment": found.segment.items(),
        "rhythm": rhythm_words(rhythm_of(found)),
        "next": found.next_at and moment_words(found.next_at),
        "first": turn and moment_words(turn.at),
        "missed": found.missed_at and moment_words(found.missed_at),
        "waves": [(wave, *counts.get(wave.pk, (0, 0))) for wave in waves],
        "is_open": found.survey.state == "open",
        "may_plan": may(Role(request.membership.role), "fieldwork.plan"),
        "crumbs": [(_("Waves"), reverse("fieldwork:waves"))],
    }
    return render_page(request, "fieldwork/series.html", context)


@require_safe
@staff_may("analysis.view_report")
def series_today(request: StaffRequest, series_id: UUID) -> HttpResponse:
    """Whom its next wave would ask if it began now; for swapping in."""
    found = _own(request, series_id)
    now = timezone.now()
    dry_run = plan_wave(next_wave(found, now=now), now=now, most=LOOKED_AT)
    context = {"dry_run": dry_run, "reasons": named_reasons(dry_run.totals)}
    return render_page(request, "fieldwork/parts/series_today.html", context)


@require_POST
@staff_may("fieldwork.plan")
def series_change(request: StaffRequest, series_id: UUID) -> HttpResponse:
    """Begin, pause, go on, stop for good, or throw one away that never began."""
    found, now, wanted = _own(request, series_id), timezone.now(), request.POST.get("to")
    if wanted == "delete" and found.state == WaveSeries.State.DRAFT:
        found.delete()
        messages.success(request, _("The plan is gone; nobody was asked."))
        return redirect("fieldwork:waves")
    if wanted == "begin":
        try:
            operations.begin_series(found, staff=request.user, now=now)
        except operations.CannotStart:
            messages.warning(request, _("It did not begin: open the survey first."))
    elif wanted == "pause":
        operations.pause_series(found, staff=request.user, now=now)
    elif wanted == "stop":
        operations.stop_series(found, staff=request.user, now=now)
    return redirect("fieldwork:series", found.public_id)


def _own(request: StaffRequest, series_id: UUID) -> WaveSeries:
    return get_object_or_404(
        WaveSeries.objects.select_related("survey", "organisation"),
        public_id=series_id,
        organisation=request.organisation,
    )
