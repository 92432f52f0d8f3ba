"""The audit trail, with filters in the address."""

from operator import itemgetter
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gloed.base import audit
from gloed.base.forms import AuditFilterForm
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.queries import list_audit, list_audit_actions, list_memberships
from gloed.base.rendering import render_page
from gloed.base.views.parts import PAGE_SIZE, organisation_tabs


@require_safe
@staff_may("base.view_audit")
def audit_trail(request: StaffRequest) -> HttpResponse:
    """Who did what, newest first."""
    codes = list_audit_actions(request.organisation)
    actions = sorted(((code, audit.action_name(code)) for code in codes), key=itemgetter(1))
    form = AuditFilterForm(list_memberships(request.organisation), actions, request.GET)
    given = form.readable()
    entries = list_audit(
        request.organisation,
        staff=given.get("who"),
        action=given.get("what", ""),
        since=given.get("since"),
        until=given.get("until"),
    )
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [
            (entry, audit.action_name(entry.action), audit.detail_words(entry.detail))
            for entry in page
        ],
        "active": _active(request, given, dict(actions)),
        "reset_url": reverse("base:audit"),
        "tabs": organisation_tabs(request, "base:audit"),
    }
    return render_page(request, "base/audit.html", context, region="trail")


def _active(
    request: StaffRequest, given: dict[str, Any], actions: dict[str, str]
) -> list[tuple[str, str]]:
    """What is filtered, in words, each with the address without it."""
    words = {
        "who": str(given.get("who") or ""),
        "what": actions.get(str(given.get("what", "")), ""),
        "since": _("from %(day)s") % {"day": date_format(given["since"])}
        if given.get("since")
        else "",
        "until": _("up to %(day)s") % {"day": date_format(given["until"])}
        if given.get("until")
        else "",
    }
    active = []
    for name, label in words.items():
        if label:
            rest = request.GET.copy()
            rest.pop(name, None)
            rest.pop("page", None)
            active.append((label, f"{request.path}?{rest.urlencode()}"))
    return active
