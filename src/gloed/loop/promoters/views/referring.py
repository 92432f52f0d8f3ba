"""Referrals: the programme, each link with its visits and new customers, and files of them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base import audit
from gloed.base.links import absolute_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.loop.promoters import referrals
from gloed.loop.promoters.forms import ConversionForm, FileForm, ProgrammeForm
from gloed.loop.promoters.inner import inner_tabs
from gloed.loop.promoters.models import Conversion, ReferralLink
from gloed.loop.promoters.operations import referring
from gloed.loop.promoters.operations.referring import Told
from gloed.loop.promoters.tables import Table, Unreadable, read_table
from gloed.loop.promoters.views.common import may_act, may_plan, own_person, sees_all
from gloed.loop.promoters.words import FLAWS, REFUSED, money, unreadable_words

PAGE_SIZE = 50
SHOWN_REFUSED = 20
SHOWN_FLAWS = 5


@require_safe
@staff_may("responses.view_answers")
def referral_list(request: StaffRequest) -> HttpResponse:
    """Every link: visits, new customers, and how many of the one become the other."""
    programme = referrals.programme_of(request.organisation)
    currency = programme.currency if programme else "EUR"
    page = Paginator(referrals.links_of(request.membership), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    total = referrals.total_of(request.membership)
    everything = sees_all(request.membership)
    refused = referrals.not_counted(request.organisation)[:SHOWN_REFUSED] if everything else []
    context = {
        "inner_tabs": inner_tabs(request, "promoters:referrals"),
        "programme": programme,
        "page": page,
        "rows": [_row(link, currency) for link in page],
        "total": total,
        "revenue": money(total.revenue, currency),
        "refused": [(one, one.get_refused_display()) for one in refused],
        "file_form": FileForm() if may_plan(request) else None,
        "may_plan": may_plan(request),
        "undo": take_undo(request),
    }
    return render_page(request, "promoters/referrals.html", context)


def _row(link: Any, currency: str) -> tuple[Any, Any, str]:
    return link, _rate(link), money(link.revenue, currency)


def _rate(link: Any) -> Any:
    return referrals.conversion_rate(link.visits, link.customers)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.plan_cases")
def programme(request: StaffRequest) -> HttpResponse:
    """The programme: where a friend lands, what both get, on or off."""
    kept = referrals.programme_of(request.organisation)
    form = ProgrammeForm(request.organisation, kept, request.POST or None)
    if request.method == "POST" and form.is_valid():
        referring.keep_programme(
            request.organisation, form.values(), staff=request.user, now=timezone.now()
        )
        messages.success(request, _("The programme is kept."))
        return redirect("promoters:referrals")
    context = {
        "form": form,
        "programme": kept,
        "crumbs": [
            (_("Promoters"), reverse("promoters:home")),
            (_("Referrals"), reverse("promoters:referrals")),
        ],
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "promoters/programme.html", context, status=status)


@require_POST
@staff_may("loop.handle_cases")
def make_link(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Make a link for somebody who asks for one."""
    found = own_person(request, person_id)
    link = referring.make_link(found, staff=request.user, now=timezone.now())
    return redirect("promoters:link", link.public_id)


@require_safe
@staff_may("responses.view_answers")
def link(request: StaffRequest, link_id: UUID) -> HttpResponse:
    """One link: its address, its visits, and who came by it."""
    return _link_page(request, _own_link(request, link_id))


@require_POST
@staff_may("loop.handle_cases")
def add_conversion(request: StaffRequest, link_id: UUID) -> HttpResponse:
    """Somebody became a customer with this code."""
    found = _own_link(request, link_id)
    form = ConversionForm(request.POST)
    if not form.is_valid():
        return _link_page(request, found, form=form, status=422)
    given = form.cleaned_data
    receipt = referring.note_conversion(
        request.organisation,
        Told(
            found.slug,
            given["customer"],
            given["happened_on"],
            given["revenue"],
            given["email"],
        ),
        source=Conversion.Source.HAND,
        staff=request.user,
        now=timezone.now(),
    )
    if receipt.refused is not None:
        why = {"why": REFUSED[receipt.refused]}
        messages.warning(request, _("Kept, but it does not count: %(why)s.") % why)
    elif receipt.is_new:
        messages.success(request, _("Counted as recommended."))
    else:
        messages.info(request, _("This customer was counted already; nothing was added."))
    return redirect("promoters:link", found.public_id)


@require_POST
@staff_may("loop.handle_cases")
def turn_link(request: StaffRequest, link_id: UUID) -> HttpResponse:
    """Close a link, or let it work again."""
    found, now = _own_link(request, link_id), timezone.now()
    if found.closed_at is None:
        referring.close_link(found, staff=request.user, now=now)
        url = reverse("promoters:turn_link", args=[found.public_id])
        offer_undo(request, _("The link is closed: it leads nowhere now."), url)
    else:
        referring.open_link(found, staff=request.user, now=now)
        messages.success(request, _("The link works again."))
    return redirect("promoters:link", found.public_id)


@require_POST
@staff_may("loop.handle_cases")
def remove_conversion(request: StaffRequest, conversion_id: UUID) -> HttpResponse:
    """It was no referral after all; the same press brings it back."""
    one = _own_conversion(request, conversion_id)
    if one.removed_at is None:
        referring.remove_conversion(one, staff=request.user, now=timezone.now())
        url = reverse("promoters:remove_conversion", args=[one.public_id])
        offer_undo(request, _("This customer does not count as recommended any more."), url)
    elif not referring.restore_conversion(one):
        messages.warning(request, _("This customer counts for another code by now."))
    if one.link is None:
        return redirect("promoters:referrals")
    return redirect("promoters:link", one.link.public_id)


@require_POST
@staff_may("loop.plan_cases")
def read_file(request: StaffRequest) -> HttpResponse:
    """Bring in a table of new customers; it can be taken back whole."""
    form = FileForm(request.POST, request.FILES)
    now = timezone.now()
    if not form.is_valid():
        messages.warning(request, "; ".join(str(one) for one in form.errors.get("file", [])))
        return redirect("promoters:referrals")
    try:
        table = read_table(form.cleaned_data["file"].read(), today=timezone.localdate(now))
    except Unreadable as problem:
        messages.warning(request, unreadable_words(problem.reason))
        return redirect("promoters:referrals")
    batch = uuid4()
    counted, refused, known = _keep(request, table, batch, now=now)
    for number, flaw in table.flaws[:SHOWN_FLAWS]:
        said = {"row": number, "why": FLAWS[flaw]}
        messages.warning(request, _("Row %(row)s was left out: %(why)s.") % said)
    audit.record(
        request, "promoters.conversions_read", "", {"counted": counted, "refused": refused}, at=now
    )
    words = ngettext(
        "%(n)s new customer counts as recommended", "%(n)s new customers count as recommended",
        counted,
    ) % {"n": counted}  # fmt: skip
    if refused:
        words += ngettext(", %(n)s does not count", ", %(n)s do not count", refused) % {
            "n": refused
        }
    if known:
        words += ngettext(", %(n)s was known", ", %(n)s were known", known) % {"n": known}
    if counted or refused:
        offer_undo(request, f"{words}.", reverse("promoters:undo_file", args=[batch]))
    else:
        messages.info(request, f"{words}.")
    return redirect("promoters:referrals")


def _keep(
    request: StaffRequest, table: Table, batch: UUID, *, now: datetime
) -> tuple[int, int, int]:
    """How many were counted, how many were not, how many were told before."""
    counted = refused = known = 0
    for _number, told in table.rows:
        receipt = referring.note_conversion(
            request.organisation,
            told,
            source=Conversion.Source.FILE,
            staff=request.user,
            batch=batch,
            now=now,
        )
        if not receipt.is_new:
            known += 1
        elif receipt.refused is None:
            counted += 1
        else:
            refused += 1
    return counted, refused, known


@require_POST
@staff_may("loop.plan_cases")
def undo_file(request: StaffRequest, batch: UUID) -> HttpResponse:
    """Take back what a file brought."""
    count = referring.undo_file(request.organisation, batch, staff=request.user, now=timezone.now())
    if not count:
        raise Http404
    messages.success(request, _("The file was taken back: none of it counts."))
    return redirect("promoters:referrals")


def _own_link(request: StaffRequest, link_id: UUID) -> ReferralLink:
    found: ReferralLink = get_object_or_404(
        referrals.links_of(request.membership).select_related("organisation", "person__account"),
        public_id=link_id,
    )
    return found


def _own_conversion(request: StaffRequest, conversion_id: UUID) -> Conversion:
    mine = Conversion.objects.filter(organisation=request.organisation)
    if not sees_all(request.membership):
        mine = mine.filter(link__in=referrals.links_of(request.membership).values("pk"))
    return get_object_or_404(mine.select_related("organisation", "link"), public_id=conversion_id)


def _link_page(
    request: StaffRequest,
    found: Any,
    *,
    form: ConversionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    kept = referrals.programme_of(request.organisation)
    currency = kept.currency if kept else "EUR"
    conversions = found.conversions.filter(removed_at=None).select_related("told_by")
    context = {
        "link": found,
        "address": absolute_url("referral:landing", found.slug),
        "is_on": kept is not None and kept.is_on,
        "rate": _rate(found),
        "revenue": money(found.revenue, currency),
        "conversions": [
            (
                one,
                money(one.revenue, currency),
                one.get_refused_display() if one.refused else "",
            )
            for one in conversions[:PAGE_SIZE]
        ],
        "form": form or ConversionForm(initial={"happened_on": timezone.localdate()}),
        "may_act": may_act(request),
        "undo": take_undo(request),
        "crumbs": [
            (_("Promoters"), reverse("promoters:home")),
            (_("Referrals"), reverse("promoters:referrals")),
        ],
    }
    return render_page(request, "promoters/link.html", context, status=status)
