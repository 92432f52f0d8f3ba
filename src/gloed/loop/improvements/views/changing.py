"""Noting an improvement, changing it, moving it on, and taking it away."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo
from gloed.loop.improvements import operations, queries
from gloed.loop.improvements.forms import ImprovementForm, OutcomeForm
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.rules import Status
from gloed.loop.improvements.starts import start_of
from gloed.loop.improvements.views.common import own

SHOWN = 3
"""So many answers it begins with are shown."""


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.improve")
def new(request: StaffRequest) -> HttpResponse:
    """Note one, blank or from a theme, a segment, a case, an answer or a workshop's note."""
    start = start_of(request.GET, request.membership)
    form = ImprovementForm(request.membership, request.POST or None, initial=start.initial)
    if request.method == "POST" and form.is_valid():
        made = operations.create_improvement(
            request.organisation,
            {**form.values(), **start.values},
            by=request.user,
            now=timezone.now(),
            themes=form.cleaned_data.get("themes", ()),
            responses=start.responses,
            cases=start.cases,
        )
        operations.plan_if_dated(made, by=request.user, now=timezone.now())
        return redirect("improvements:detail", made.public_id)
    words = [(queries.words_of(one), one.language) for one in start.responses[:SHOWN]]
    context = {"form": form, "start": start, "said": [one for one in words if one[0]]}
    status = 422 if form.is_bound else 200
    return render_page(request, "improvements/new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.improve")
def change(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """Change what is planned."""
    found = own(request, improvement_id)
    apart = ("themes", "aim", "goal")
    initial = {
        name: getattr(found, name) for name in ImprovementForm.base_fields if name not in apart
    }
    initial |= {"aim": str(found.goal_key)} if found.goal_key else {"goal": found.goal}
    initial |= {
        "owner": found.owner.public_id if found.owner else None,
        "team": found.team.public_id if found.team else None,
        "touchpoint": found.touchpoint.public_id if found.touchpoint else None,
        "themes": [theme.key for theme in found.themes.all()],
    }
    form = ImprovementForm(request.membership, request.POST or None, present=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        operations.change_improvement(
            found,
            form.values(),
            by=request.user,
            now=timezone.now(),
            themes=form.cleaned_data.get("themes"),
        )
        operations.plan_if_dated(found, by=request.user, now=timezone.now())
        return redirect("improvements:detail", found.public_id)
    status = 422 if form.is_bound else 200
    context = {"form": form, "improvement": found}
    return render_page(request, "improvements/change.html", context, status=status)


@require_POST
@staff_may("loop.improve")
def move(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """Move it on or back (`to`). What is finished says first what was done."""
    found = own(request, improvement_id)
    wanted = request.POST.get("to", "")
    if wanted not in set(Status):
        return redirect("improvements:detail", found.public_id)
    if wanted == Status.FINISHED and not found.outcome:
        return redirect("improvements:finish", found.public_id)
    before = Status(found.status)
    if operations.move(found, to=Status(wanted), by=request.user, now=timezone.now()):
        messages.success(
            request,
            _("“%(title)s”: %(before)s → %(after)s.")
            % {
                "title": found.title,
                "before": _status_words(before),
                "after": found.get_status_display(),
            },
        )
    there = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        return redirect(there)
    return redirect("improvements:detail", found.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.improve")
def finish(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """Say what was done, and so finish it."""
    found = own(request, improvement_id)
    form = OutcomeForm(request.POST or None, initial={"outcome": found.outcome})
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        operations.change_improvement(found, form.cleaned_data, by=request.user, now=now)
        operations.move(found, to=Status.FINISHED, by=request.user, now=now)
        return redirect("improvements:detail", found.public_id)
    status = 422 if form.is_bound else 200
    context = {"form": form, "improvement": found}
    return render_page(request, "improvements/finish.html", context, status=status)


@require_POST
@staff_may("loop.improve")
def remove(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """Take it off every list; the way back is offered."""
    found = own(request, improvement_id)
    operations.remove(found, by=request.user, now=timezone.now())
    text = _("“%(title)s” was taken away.") % {"title": found.title}
    offer_undo(request, text, reverse("improvements:restore", args=[found.public_id]))
    return redirect("improvements:list")


@require_POST
@staff_may("loop.improve")
def restore(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """Bring it back whole."""
    found = get_object_or_404(
        Improvement.objects.select_related("organisation"),
        organisation=request.organisation,
        public_id=improvement_id,
    )
    operations.restore(found, by=request.user, now=timezone.now())
    return redirect("improvements:detail", found.public_id)


def _status_words(status: Status) -> str:
    return str(Improvement(status=status).get_status_display())
