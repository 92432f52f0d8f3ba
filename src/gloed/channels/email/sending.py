"""How sending goes: the server, a young sender's warm-up, the pace, and a wave's mails."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from gloed.base.mails import are_kept_as_files
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.channels.email import mails, warming
from gloed.channels.email.models import MailServer
from gloed.channels.email.rules.pacing import days_until_done
from gloed.fieldwork.models import Invitation, Wave

CHANNEL = "email"
PACED_BY = timedelta(minutes=5)
"""The stretch that the rate of sending is measured over."""
MAY_CHANGE = "base.manage_organisation"


class WarmUpForm(forms.Form):
    """How a slow start goes."""

    first = forms.IntegerField(
        label=gettext_lazy("Mails on the first day"),
        min_value=10,
        max_value=10_000,
        initial=warming.FIRST,
    )
    growth = forms.IntegerField(
        label=gettext_lazy("More on each further day, in percent"),
        min_value=10,
        max_value=100,
        initial=warming.GROWTH,
        help_text=gettext_lazy("Counted from a day on which at least half of it was used."),
    )


@require_safe
@staff_may("surveys.edit")
def overview(request: StaffRequest) -> HttpResponse:
    """From where mails go, how fast, and what the provider tells."""
    return _overview(request, WarmUpForm())


@require_POST
@staff_may(MAY_CHANGE)
def warm_up(request: StaffRequest) -> HttpResponse:
    """Begin a warm-up, or end it."""
    now = timezone.now()
    if request.POST.get("do") == "end":
        warming.end(by=request, now=now)
        messages.success(request, _("The slow start is over: the pace per domain still holds."))
        return redirect("email:sending")
    form = WarmUpForm(request.POST)
    if not form.is_valid():
        return _overview(request, form, status=422)
    warming.begin(**form.cleaned_data, by=request, now=now)
    text = _("From now on at most %(n)s invitations leave today, and more on each day after it.")
    messages.success(request, text % {"n": form.cleaned_data["first"]})
    return redirect("email:sending")


def _overview(request: StaffRequest, form: WarmUpForm, *, status: int = 200) -> HttpResponse:
    standing = warming.standing(timezone.now())
    provider = settings.MAIL_PROVIDER
    context = {
        "form": form,
        "standing": standing,
        "bars": _bars(standing),
        "may_change": may(Role(request.membership.role), MAY_CHANGE),
        "own_address": mails.own_address(),
        "own_domain": mails.own_domain(),
        "are_files": are_kept_as_files(),
        "server": MailServer.objects.first(),
        "per_minute": settings.MAIL_PER_MINUTE,
        "provider": provider.replace("_", " ").title(),
        "events_address": settings.BASE_URL + reverse("email:events", args=[provider])
        if provider
        else "",
    }
    return render_page(request, "email/sending.html", context, status=status)


def _bars(standing: warming.Standing | None) -> list[tuple[int, int, int]]:
    """The coming days of a warm-up: which day, how many mails, and percent of the highest."""
    if standing is None:
        return []
    highest = max(standing.coming)
    return [
        (day, mails_, round(100 * mails_ / highest))
        for day, mails_ in enumerate(standing.coming, start=1)
    ]


@dataclass(frozen=True, slots=True)
class Counts:
    """How far the mails of a wave are."""

    total: int
    waiting: int
    failed: int
    bounced: int
    uncertain: int
    fresh: int
    next_at: datetime | None

    @property
    def done(self) -> int:
        """How many went out, or never will."""
        return self.total - self.waiting

    @property
    def a_minute(self) -> float:
        """How many went out in a minute lately."""
        return self.fresh / (PACED_BY.total_seconds() / 60)


@require_safe
@staff_may("analysis.view_report")
def progress(request: StaffRequest, wave_id: UUID) -> HttpResponse:
    """A fragment for the page of a wave: how far its mails are, how fast, and what holds them.

    With `?brief` without the bar: for a page that has one of its own.
    """
    wave = get_object_or_404(Wave, organisation=request.organisation, public_id=wave_id)
    now = timezone.now()
    counts = count(wave, now=now)
    standing = warming.standing(now)
    context: dict[str, Any] = {
        "wave": wave,
        "counts": counts,
        "a_minute": round(counts.a_minute),
        "until": _until(counts, standing, now),
        "server": MailServer.objects.first(),
        "standing": standing,
        "days": days_until_done(counts.waiting, max(standing.left, 1), growth=standing.growth)
        if standing and counts.waiting
        else 0,
        "is_alive": wave.state in (Wave.State.RUNNING, Wave.State.SCHEDULED) and counts.waiting,
        "is_finished": not counts.waiting,
        "is_brief": "brief" in request.GET,
        "is_held": bool(standing and counts.waiting and not standing.left),
    }
    return render_page(request, "email/progress.html", context)


def count(wave: Wave, *, now: datetime) -> Counts:
    """Count the mails of a wave."""
    kind = Invitation.Disposition
    lines = Invitation.objects.filter(wave=wave, channel=CHANNEL).exclude(disposition=kind.SKIPPED)
    waiting = Q(is_open=True, sent_at=None)
    found = lines.aggregate(
        total=Count("pk"),
        waiting=Count("pk", filter=waiting),
        failed=Count("pk", filter=Q(disposition=kind.FAILED)),
        bounced=Count("pk", filter=Q(disposition=kind.BOUNCED)),
        uncertain=Count("pk", filter=Q(disposition=kind.UNCERTAIN)),
        fresh=Count("pk", filter=Q(sent_at__gt=now - PACED_BY)),
    )
    rest = lines.filter(waiting).order_by("due_at").values_list("due_at", flat=True)
    return Counts(**found, next_at=rest.first())


def _until(counts: Counts, standing: warming.Standing | None, now: datetime) -> datetime | None:
    """When the last one goes at the present rate; None where nobody can say."""
    if not counts.waiting or not counts.fresh:
        return None
    if standing is not None and counts.waiting > standing.left:
        return None
    return now + timedelta(minutes=counts.waiting / counts.a_minute)
