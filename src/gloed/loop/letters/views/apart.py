"""Mail that was set apart: somebody decides where it belongs."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gloed.base import audit
from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.loop.letters import operations, queries
from gloed.loop.letters.models import Stray

MOST = 100


@require_safe
@staff_may("loop.plan_cases")
def stray_list(request: StaffRequest) -> HttpResponse:
    """Mails that name a conversation and came from another address."""
    found = [
        (stray, page_url("cases:card", stray.thread.case.public_id))
        for stray in queries.list_strays(request.organisation)[:MOST]
    ]
    context = {"strays": found, "undo": take_undo(request)}
    return render_page(request, "letters/strays.html", context)


@require_POST
@staff_may("loop.plan_cases")
def place(request: StaffRequest, stray_id: UUID) -> HttpResponse:
    """It belongs to the case after all."""
    stray = _stray(request, stray_id)
    now = timezone.now()
    if operations.place(stray, by=request.user, now=now):
        audit.record(request, "letters.stray_placed", stray.thread.case, at=now)
        messages.success(request, _("The mail now stands in its case."))
    return redirect("letters:strays")


@require_POST
@staff_may("loop.plan_cases")
def discard(request: StaffRequest, stray_id: UUID) -> HttpResponse:
    """It belongs nowhere; gone for good when its month is over."""
    stray = _stray(request, stray_id)
    operations.discard(stray, now=timezone.now())
    restore_url = reverse("letters:stray_restore", args=[stray_id])
    offer_undo(request, _("The mail is set aside."), restore_url)
    return redirect("letters:strays")


@require_POST
@staff_may("loop.plan_cases")
def restore(request: StaffRequest, stray_id: UUID) -> HttpResponse:
    """Have a mail back that was set aside."""
    operations.discard(_stray(request, stray_id), is_discarded=False, now=timezone.now())
    return redirect("letters:strays")


def _stray(request: StaffRequest, stray_id: UUID) -> Stray:
    return get_object_or_404(
        Stray.objects.select_related("thread__case"),
        organisation=request.organisation,
        public_id=stray_id,
    )
