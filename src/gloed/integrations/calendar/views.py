"""The page of the own calendar, and the feed behind its secret address."""

from hashlib import sha256
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from gloed.base.policy import StaffRequest, public_page, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.integrations.calendar import operations
from gloed.integrations.calendar.models import Feed


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may("analysis.view_report")
def home(request: StaffRequest) -> HttpResponse:
    """The own address: made, renewed, ended."""
    membership = request.membership
    if request.method == "POST":
        if request.POST.get("act") == "end":
            operations.end(membership, now=timezone.now())
            messages.success(request, _("The address shows nothing any more."))
        else:
            operations.make(membership, now=timezone.now())
            messages.success(request, _("Give this address to your calendar."))
        return redirect("calendars:home")
    found = Feed.objects.filter(membership=membership).first()
    address = operations.address_of(found) if found else ""
    context = {
        "feed": found,
        "address": address,
        "webcal": "webcal://" + address.partition("://")[2] if address else "",
    }
    return render_page(request, "calendars/home.html", context)


@require_GET
@public_page("a calendar brings no log-in: the secret address is what lets it in")
def feed(request: HttpRequest, feed_id: UUID, token: str) -> HttpResponse:
    """The feed, while its colleague works here."""
    found = (
        Feed.objects.select_related("membership__organisation", "membership__staff")
        .filter(public_id=feed_id)
        .first()
    )
    if found is None or not operations.is_token_of(found, token):
        raise Http404
    membership = found.membership
    is_gone = membership.deactivated_at is not None or not membership.staff.is_active
    if is_gone or not may(Role(membership.role), "analysis.view_report"):
        raise Http404
    from gloed.integrations.calendar.feed import as_text  # noqa: PLC0415 - the library is heavy

    now = timezone.now()
    with translation.override(membership.staff.language or membership.organisation.language):
        body = as_text(membership, now=now)
    operations.note_read(found, now=now)
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"ETag": tag, "Cache-Control": "private, max-age=900"},
    )
