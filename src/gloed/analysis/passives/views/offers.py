"""What people were given, what it cost, and that no survey went to them meanwhile."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gloed.analysis.passives import offers as kept
from gloed.analysis.passives.inner import HANDLE, inner_tabs, may_do
from gloed.analysis.passives.models import GIFTS
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import take_undo

PAGE = 50
YEAR = timedelta(days=365)


@require_safe
@staff_may(HANDLE)
def offers(request: StaffRequest) -> HttpResponse:
    """Every offer and perk, the latest first."""
    every = kept.visible_offers(request.membership)
    kind = request.GET.get("kind", "")
    kind = kind if kind in dict(GIFTS) else ""
    chosen = every.filter(kind=kind) if kind else every
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    may_plan = may_do(request, "fieldwork.plan")
    context = {
        "inner_tabs": inner_tabs(request, "passives:offers"),
        "page": page,
        "kinds": GIFTS,
        "kind": kind,
        "costs": kept.cost_of(chosen),
        "days": kept.offer_days(request.organisation),
        "kept_away": kept.count_kept_away(request.organisation, since=now - YEAR),
        "may_plan": may_plan,
        "has_any": bool(page.paginator.count) or bool(kind),
        "undo": take_undo(request),
    }
    return render_page(request, "passives/offers.html", context)
