"""The worklist of promoters, one of them, and what is at hand for each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import take_undo
from gloed.loop.promoters import queries, quiet
from gloed.loop.promoters.drafts import language_for, mail_for
from gloed.loop.promoters.forms import AskForm
from gloed.loop.promoters.inner import inner_tabs
from gloed.loop.promoters.models import EarlyAccess, Reference, ReferralLink
from gloed.loop.promoters.operations import asking, referring, trying
from gloed.loop.promoters.operations.asking import NotNow, Words
from gloed.loop.promoters.operations.trying import Full
from gloed.loop.promoters.quiet import Reach
from gloed.loop.promoters.referrals import programme_of
from gloed.loop.promoters.rules import PUSHES, AskKind, Became, How, Reason
from gloed.loop.promoters.views.common import (
    answer_of,
    glad_rows,
    may_act,
    own_person,
    why_not_now,
)
from gloed.people.models import Person

PAGE_SIZE = 25
SHOWS = ("to_ask", "asked", "all")
OWN_KINDS = (AskKind.THANK, AskKind.REFERRAL, AskKind.REFERENCE, AskKind.EARLY_ACCESS)


@require_safe
@staff_may("responses.view_answers")
def home(request: StaffRequest) -> HttpResponse:
    """Whose latest answer is in the highest group, newest first."""
    show = request.GET.get("show", "")
    show = show if show in SHOWS else SHOWS[0]
    search = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    now = timezone.now()
    found = queries.promoters(request.membership, now=now, show=show, search=search)
    number = _page_number(request.GET.get("page", ""))
    first = (number - 1) * PAGE_SIZE
    responses = list(found[first : first + PAGE_SIZE + 1])
    labels = {"to_ask": _("Not asked lately"), "asked": _("Asked lately"), "all": _("Everybody")}
    context = {
        "inner_tabs": inner_tabs(request, "promoters:home"),
        "shows": [(labels[name], f"?show={name}", name == show) for name in SHOWS],
        "show": show,
        "search": search,
        "rows": glad_rows(request, responses[:PAGE_SIZE]),
        "number": number,
        "has_more": len(responses) > PAGE_SIZE,
        "may_act": may_act(request),
        "undo": take_undo(request),
    }
    return render_page(request, "promoters/home.html", context)


@require_safe
@staff_may("responses.view_answers")
def person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """One of them: own words, what they were asked before, and what is at hand."""
    found = own_person(request, person_id)
    now = timezone.now()
    latest = queries.find_promoter(request.membership, person_id, now=now)
    reach = quiet.reaches(request.organisation, [found.pk], now=now)[found.pk]
    answer = since = None
    if latest is not None:
        answer = answer_of(latest, queries.said_in([latest])[latest.pk])
        since = queries.since(request.organisation, [found.pk]).get(found.pk)
    reference = Reference.objects.filter(person=found, withdrawn_at=None).first()
    context = {
        "person": found,
        "answer": answer,
        "since": since,
        "asks": queries.asks_of([found.pk]).get(found.pk, []),
        "quiet": quiet.words(reach.quiet) if reach.quiet else "",
        "deeds": _deeds(request, found, reach) if latest is not None else [],
        "link": ReferralLink.objects.filter(person=found).first(),
        "reference": reference,
        "may_act": may_act(request),
        "trials": found.trials.select_related("early_access").filter(early_access__removed_at=None),
        "undo": take_undo(request),
        "crumbs": [(_("Promoters"), reverse("promoters:home"))],
    }
    return render_page(request, "promoters/person.html", context)


def _deeds(request: StaffRequest, found: Person, reach: Reach) -> list[dict[str, Any]]:
    """What is at hand: words, address, and whether it can be pressed now."""
    if not may_act(request):
        return []
    words = {
        AskKind.THANK: (_("Thank"), _("Asks nothing: it may always be said."), "heart"),
        AskKind.REFERRAL: (
            _("Ask to recommend us"),
            _("They get a link of their own to pass on."),
            "share-2",
        ),
        AskKind.REFERENCE: (
            _("Ask as a reference"),
            _("Prospects may call them, as often as they agree to."),
            "phone-call",
        ),
        AskKind.EARLY_ACCESS: (
            _("Let them try something first"),
            _("A place on a list, and what they say about it."),
            "sprout",
        ),
    }
    deeds = []
    for kind, (title, text, icon) in words.items():
        blocked = reach.quiet is not None and (
            kind in PUSHES or reach.quiet.reason not in (Reason.RESTING, Reason.QUARANTINE)
        )
        url = reverse("promoters:ask", args=[found.public_id, kind.value])
        missing = _missing(request, kind)
        deeds.append(
            {"title": title, "text": missing or text, "icon": icon,
             "url": "" if blocked or missing else url}
        )  # fmt: skip
    if url := page_url("testimonials:new"):
        deeds.append(
            {"title": _("Ask for a testimonial"), "icon": "quote",
             "text": _("Their own words, with their consent."),
             "url": "" if reach.quiet else f"{url}?person={found.public_id}"}
        )  # fmt: skip
    return deeds


def _missing(request: StaffRequest, kind: AskKind) -> str:
    """What has to be there first, in words."""
    if kind is AskKind.REFERRAL:
        programme = programme_of(request.organisation)
        if programme is None or not programme.is_on:
            return _("First switch the referral programme on.")
    if kind is AskKind.EARLY_ACCESS:
        lists = EarlyAccess.objects.filter(
            organisation=request.organisation, closed_at=None, removed_at=None
        )
        if not lists.exists():
            return _("There is no early-access list with places yet.")
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.handle_cases")
def ask(request: StaffRequest, person_id: UUID, kind: str) -> HttpResponse:
    """Thank somebody, or ask them for one thing; the words are ready and can be changed."""
    if kind not in {one.value for one in OWN_KINDS}:
        raise Http404
    wanted = AskKind(kind)
    found = own_person(request, person_id)
    now = timezone.now()
    if queries.find_promoter(request.membership, person_id, now=now) is None:
        messages.warning(request, _("Their latest answer is not in the highest group any more."))
        return redirect("promoters:person", person_id)
    if missing := _missing(request, wanted):
        messages.warning(request, missing)
        return redirect("promoters:person", person_id)
    reach = quiet.reaches(request.organisation, [found.pk], now=now)[found.pk]
    subject, body = mail_for(wanted, found, sender=str(request.user))
    form = AskForm(
        wanted,
        request.organisation,
        request.POST or None,
        initial={"subject": subject, "body": body},
        language=language_for(found),
        has_mail=reach.has_mail,
    )
    if request.method == "POST" and form.is_valid():
        return _do(request, found, wanted, form, now=now)
    context = {
        "person": found,
        "kind": wanted.value,
        "heading": _HEADINGS[wanted]() % {"name": found},
        "form": form,
        "has_mail": reach.has_mail,
        "quiet": quiet.words(reach.quiet) if reach.quiet and wanted in PUSHES else "",
        "crumbs": [
            (_("Promoters"), reverse("promoters:home")),
            (str(found), reverse("promoters:person", args=[found.public_id])),
        ],
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "promoters/ask.html", context, status=status)


_HEADINGS = {
    AskKind.THANK: lambda: _("Thank %(name)s"),
    AskKind.REFERRAL: lambda: _("Ask %(name)s to recommend us"),
    AskKind.REFERENCE: lambda: _("Ask %(name)s as a reference"),
    AskKind.EARLY_ACCESS: lambda: _("Let %(name)s try something first"),
}


def _do(
    request: StaffRequest, found: Person, kind: AskKind, form: AskForm, *, now: datetime
) -> HttpResponse:
    given = form.cleaned_data
    how = How(given["how"])
    is_mail = how is How.MAIL
    words = Words(language=language_for(found))
    if is_mail:
        words = Words(given["subject"], given["body"], words.language)
    said = Became.OPEN if is_mail else Became(given.get("said", ""))
    try:
        if kind is AskKind.EARLY_ACCESS:
            trial = trying.invite(
                given["early_access"], found, how=how, staff=request.user, words=words, now=now
            )
            _answer_invitation(trial, said, now=now)
        else:
            made = asking.note_ask(found, kind, how=how, staff=request.user, words=words, now=now)
            if kind is AskKind.REFERRAL:
                referring.make_link(found, staff=request.user, now=now)
            if said:
                asking.note_became(made, said, now=now)
    except NotNow as refusal:
        messages.warning(request, why_not_now(refusal))
        return redirect("promoters:person", found.public_id)
    except Full:
        messages.warning(request, _("Every place of this list is taken. Nothing was asked."))
        return redirect("promoters:person", found.public_id)
    messages.success(
        request,
        _("The mail to %(name)s goes out within a minute.") % {"name": found}
        if is_mail
        else _("Written down for %(name)s.") % {"name": found},
    )
    if kind is AskKind.REFERENCE and said is Became.YES:
        return redirect("promoters:agree", found.public_id)
    return redirect("promoters:person", found.public_id)


def _answer_invitation(trial: Any, said: Became, *, now: datetime) -> None:
    if said is Became.YES:
        trying.accept(trial, now=now)
    elif said is Became.NO:
        trying.decline(trial, now=now)


def _page_number(text: str) -> int:
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 6 else 1
