"""What people ask about their own data, for those who may answer it."""

from datetime import timedelta
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
from gloed.base.undo import offer_undo, take_undo
from gloed.channels.own_page import operations
from gloed.channels.own_page.models import PersonRequest

SOON = timedelta(days=7)
DONE_SHOWN = 50


@require_safe
@staff_may("people.erase")
def request_list(request: StaffRequest) -> HttpResponse:
    """What waits, the most urgent first, and what was done."""
    own = PersonRequest.objects.filter(organisation=request.organisation)
    waiting = own.filter(done_at=None, person__isnull=False).select_related("person")
    done = own.exclude(done_at=None).select_related("person", "done_by").order_by("-done_at")
    now = timezone.now()
    context = {
        "waiting": [(one, one.due_at < now, one.due_at < now + SOON) for one in waiting],
        "done": done[:DONE_SHOWN],
        "undo": take_undo(request),
    }
    return render_page(request, "own_page/requests.html", context)


@require_POST
@staff_may("people.erase")
def finish(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """It was answered."""
    found = _request(request, request_id)
    if operations.finish_request(found, by=request.user, now=timezone.now()):
        url = reverse("own_page:reopen", args=[request_id])
        offer_undo(request, _("The request is answered."), url)
    return redirect("own_page:requests")


@require_POST
@staff_may("people.erase")
def reopen(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """It was not answered after all."""
    found = _request(request, request_id)
    if operations.reopen_request(found, by=request.user, now=timezone.now()):
        messages.success(request, _("The request waits again."))
    return redirect("own_page:requests")


def _request(request: StaffRequest, request_id: UUID) -> PersonRequest:
    return get_object_or_404(
        PersonRequest.objects.select_related("organisation"),
        organisation=request.organisation,
        public_id=request_id,
    )
