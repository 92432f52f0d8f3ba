"""Reference customers and early access: who helps us, at what, how often."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.loop.promoters import queries
from gloed.loop.promoters.drafts import consent_for, language_for
from gloed.loop.promoters.forms import SPOKEN, AgreedForm, NarrowForm, ReferenceForm, UseForm
from gloed.loop.promoters.inner import inner_tabs
from gloed.loop.promoters.models import EarlyAccess, Reference, ReferenceUse
from gloed.loop.promoters.operations import references
from gloed.loop.promoters.operations.references import Tired
from gloed.loop.promoters.quiet import reasons
from gloed.loop.promoters.rules import YEARLY_CAP, How, Place, Reason, is_tired
from gloed.loop.promoters.views.common import may_act, may_plan, own_person, sees_all

MOST_SHOWN = 200
LANGUAGES = dict(SPOKEN)


@require_safe
@staff_may("responses.view_answers")
def reference_list(request: StaffRequest) -> HttpResponse:
    """Who agreed to be called, and who tries what before everybody else."""
    form = NarrowForm(request.GET)
    form.is_valid()
    wanted = getattr(form, "cleaned_data", {})
    found = _narrowed(_own_references(request), wanted)
    rows = _rows(request, list(found[:MOST_SHOWN]))
    if wanted.get("free"):
        rows = [row for row in rows if row["is_free"]]
    context = {
        "inner_tabs": inner_tabs(request, "promoters:references"),
        "form": form,
        "rows": rows,
        "has_any": bool(rows) or _own_references(request).exists(),
        "ended": Reference.objects.filter(
            organisation=request.organisation, withdrawn_at__isnull=False
        ).count()
        if sees_all(request.membership)
        else 0,
        "lists": _lists(request),
        "may_plan": may_plan(request),
        "undo": take_undo(request),
    }
    return render_page(request, "promoters/references.html", context)


def _own_references(request: StaffRequest) -> QuerySet[Reference]:
    found = Reference.objects.filter(
        organisation=request.organisation, withdrawn_at=None
    ).select_related("person__account")
    if sees_all(request.membership):
        return found
    return found.filter(person__in=queries.visible_people(request.membership).values("pk"))


def _narrowed(found: QuerySet[Reference], wanted: dict[str, Any]) -> QuerySet[Reference]:
    if search := wanted.get("q"):
        found = found.filter(
            Q(product__icontains=search)
            | Q(sector__icontains=search)
            | Q(person__name__icontains=search)
            | Q(person__account__name__icontains=search)
        )
    if language := wanted.get("language"):
        found = found.filter(languages__contains=language)
    year = timezone.localdate().year
    used = Count("uses", filter=Q(uses__removed_at=None, uses__used_on__year=year))
    return found.annotate(used=used).order_by("used", "-consented_at", "-pk")


def _rows(request: StaffRequest, found: list[Any]) -> list[dict[str, Any]]:
    """Each with how often it was used this year, and whether it may be called now."""
    quiet = reasons(request.organisation, [one.person_id for one in found], now=timezone.now())
    rows = []
    for one in found:
        held = quiet.get(one.person_id)
        is_helped = held is not None and held.reason in (Reason.OPEN_CASE, Reason.OPTED_OUT)
        tired = is_tired(used=one.used, cap=one.yearly_cap)
        rows.append(
            {
                "reference": one,
                "used": one.used,
                "is_free": not tired and not is_helped,
                "is_tired": tired,
                "is_helped": is_helped,
                "languages": [
                    LANGUAGES[code] for code in one.languages.split() if code in LANGUAGES
                ],
            }
        )
    return rows


def _spoken(one: Reference) -> list[str]:
    """The languages somebody speaks, in words."""
    return [str(LANGUAGES[code]) for code in one.languages.split() if code in LANGUAGES]


def _lists(request: StaffRequest) -> list[EarlyAccess]:
    """Lists with how many places are taken and how many were invited."""
    found = EarlyAccess.objects.filter(organisation=request.organisation, removed_at=None)
    taken = Count("trials", filter=Q(trials__status=Place.ACCEPTED), distinct=True)
    return list(
        found.annotate(
            taken=taken,
            invited=Count("trials", distinct=True),
            remarks=Count("trials__remarks", distinct=True),
        )
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.handle_cases")
def agree(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Write down that somebody agreed to be called: in which words, how and when."""
    found = own_person(request, person_id)
    language = language_for(found)
    initial = {
        "consent_text": consent_for(request.organisation, language, cap=YEARLY_CAP),
        "agreed_on": timezone.localdate(),
        "how": How.PHONE.value,
        "languages": [language],
    }
    form = AgreedForm(request.POST or None, initial=initial)
    form.fields["consent_text"].widget.attrs["lang"] = language
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        day = form.cleaned_data["agreed_on"]
        at = now
        if day != timezone.localdate(now):
            at = datetime.combine(day, time(12), timezone.get_current_timezone())
        one = references.agree(
            found,
            text=form.cleaned_data["consent_text"],
            language=language,
            how=How(form.cleaned_data["how"]),
            at=at,
            staff=request.user,
            now=now,
            values=form.values(),
        )
        messages.success(request, _("%(name)s stands on the list.") % {"name": found})
        return redirect("promoters:reference", one.public_id)
    context = {
        "person": found,
        "form": form,
        "crumbs": [
            (_("Promoters"), reverse("promoters:home")),
            (str(found), reverse("promoters:person", args=[found.public_id])),
        ],
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "promoters/agree.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("responses.view_answers")
def reference(request: StaffRequest, reference_id: UUID) -> HttpResponse:
    """One reference: what was agreed, what it is good for, and every use."""
    one = _own_reference(request, reference_id)
    if request.method != "POST":
        return _reference_page(request, one)
    if not may_act(request):
        raise Http404
    form = UseForm(request.POST)
    if not form.is_valid():
        return _reference_page(request, one, form=form, status=422)
    given = form.cleaned_data
    try:
        references.log_use(
            one,
            prospect=given["prospect"],
            on=given["used_on"],
            note=given["note"],
            staff=request.user,
            now=timezone.now(),
        )
    except Tired:
        messages.warning(
            request, _("Not logged: that is more often in a year than was agreed. Choose another.")
        )
    else:
        messages.success(request, _("Logged."))
    return redirect("promoters:reference", one.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.handle_cases")
def change_reference(request: StaffRequest, reference_id: UUID) -> HttpResponse:
    """Change what a reference is good for."""
    one = _own_reference(request, reference_id)
    initial = {name: getattr(one, name) for name in ("product", "sector", "yearly_cap", "note")}
    form = ReferenceForm(
        request.POST or None, initial=initial | {"languages": one.languages.split()}
    )
    if request.method == "POST" and form.is_valid():
        references.change(one, form.values(), staff=request.user, now=timezone.now())
        return redirect("promoters:reference", one.public_id)
    context = {
        "reference": one,
        "form": form,
        "crumbs": [
            (_("References and early access"), reverse("promoters:references")),
            (str(one), reverse("promoters:reference", args=[one.public_id])),
        ],
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "promoters/change_reference.html", context, status=status)


@require_POST
@staff_may("loop.handle_cases")
def withdraw(request: StaffRequest, reference_id: UUID) -> HttpResponse:
    """They do not want to be called any more; the same press takes that back."""
    one = _own_reference(request, reference_id)
    now = timezone.now()
    if one.withdrawn_at is None:
        references.withdraw(one, how=How.PHONE, staff=request.user, now=now)
        url = reverse("promoters:withdraw", args=[one.public_id])
        said = _("%(name)s is not called any more.") % {"name": one}
        offer_undo(request, said, url)
    elif not references.restore(one, staff=request.user, now=now):
        messages.warning(
            request, _("They ended it themselves: only they can begin again. Ask them anew.")
        )
    return redirect("promoters:reference", one.public_id)


@require_POST
@staff_may("loop.handle_cases")
def remove_use(request: StaffRequest, use_id: UUID) -> HttpResponse:
    """It did not happen after all; the same press brings it back."""
    use = get_object_or_404(
        ReferenceUse.objects.select_related("reference"),
        public_id=use_id,
        reference__organisation=request.organisation,
    )
    one = _own_reference(request, use.reference.public_id)
    if use.removed_at is None:
        references.remove_use(use, now=timezone.now())
        url = reverse("promoters:remove_use", args=[use.public_id])
        offer_undo(request, _("The use was taken out."), url)
    else:
        references.restore_use(use)
    return redirect("promoters:reference", one.public_id)


def _own_reference(request: StaffRequest, reference_id: UUID) -> Reference:
    found = Reference.objects.filter(organisation=request.organisation)
    if not sees_all(request.membership):
        found = found.filter(person__in=queries.visible_people(request.membership).values("pk"))
    return get_object_or_404(
        found.select_related("organisation", "person__account", "noted_by"), public_id=reference_id
    )


def _reference_page(
    request: StaffRequest, one: Reference, *, form: UseForm | None = None, status: int = 200
) -> HttpResponse:
    used = references.used_in_year(one, timezone.localdate())
    held = reasons(request.organisation, [one.person_id], now=timezone.now()).get(one.person_id)
    context = {
        "reference": one,
        "person": one.person,
        "used": used,
        "is_tired": is_tired(used=used, cap=one.yearly_cap),
        "is_helped": held is not None and held.reason in (Reason.OPEN_CASE, Reason.OPTED_OUT),
        "languages": _spoken(one),
        "uses": one.uses.filter(removed_at=None).select_related("staff"),
        "form": form or UseForm(initial={"used_on": timezone.localdate()}),
        "may_act": may_act(request),
        "undo": take_undo(request),
        "crumbs": [
            (_("Promoters"), reverse("promoters:home")),
            (_("References and early access"), reverse("promoters:references")),
        ],
    }
    return render_page(request, "promoters/reference.html", context, status=status)
