"""Pages of persons: finding one, what is known of them, and whether they may be asked.

What they answered belongs to the room above and is loaded from there by its address.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language_info, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import offer_undo, take_undo
from gloed.people import operations, queries
from gloed.people.forms import SOURCES, WAYS, OptOutForm, PeopleFilterForm
from gloed.people.models import Person, Suppression
from gloed.people.queries import Wanted
from gloed.people.rules import may_lift


@require_safe
@staff_may("people.view_person")
def person_list(request: StaffRequest) -> HttpResponse:
    """Everybody who is known, newest first; how often each answered is loaded beside it."""
    form = PeopleFilterForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    wanted = Wanted(
        search=given.get("q", "").strip(),
        is_opted_out=given.get("only", "") == "out",
        sort=given.get("sort", ""),
    )
    after = _uuid(request.GET.get("after", ""))
    people, has_more = queries.list_people(request.organisation, wanted, after=after)
    stopped = queries.suppressions_of(request.organisation, people)
    context = {
        "form": form,
        "rows": [(person, stopped[person.pk]) for person in people],
        "total": queries.count_people(request.organisation, wanted),
        "is_filtered": not wanted.is_everybody,
        "active": _active(request, wanted),
        "reset_url": reverse("people:list"),
        "next_url": _address(request, after=str(people[-1].public_id)) if has_more else "",
        "first_url": _address(request) if after else "",
        "may_import": may(Role(request.membership.role), "channels.import"),
        "undo": take_undo(request),
    }
    return render_page(request, "people/list.html", context, region="people")


@require_safe
@staff_may("people.view_person")
def detail(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """One person: who they are, whether they may be asked, and what they answered."""
    person = _person(request, person_id)
    stopped = queries.suppressions_of(request.organisation, [person])[person.pk]
    may_change = may(Role(request.membership.role), "people.erase")
    context = {
        "person": person,
        "facts": _facts(person),
        "attributes": sorted((str(key), value) for key, value in person.attributes.items()),
        "stopped": [
            (one, SOURCES.get(one.source, ""), may_lift(one.reason, one.source)) for one in stopped
        ],
        "may_change": may_change,
        "form": None if stopped or not person.email_key or not may_change else OptOutForm(),
        "undo": take_undo(request),
    }
    return render_page(request, "people/detail.html", context)


@require_POST
@staff_may("people.erase")
def opt_out(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Send this person no more surveys."""
    person = _person(request, person_id)
    given = request.POST.get("how") or request.GET.get("how", "")
    source = given if given in WAYS else "staff:other"
    if operations.opt_out(person, source=source, by=request.user, now=timezone.now()):
        url = reverse("people:lift", args=[person_id, Suppression.Reason.OPT_OUT.value])
        offer_undo(request, _("From now on this person gets no surveys."), url)
    else:
        messages.warning(
            request, _("There is no e-mail address, so no survey is mailed to this person.")
        )
    return redirect("people:detail", person_id)


@require_POST
@staff_may("people.erase")
def lift(request: StaffRequest, person_id: UUID, reason: str) -> HttpResponse:
    """Let this person be asked again."""
    person = _person(request, person_id)
    lifted = operations.lift_suppression(person, reason=reason, by=request.user, now=timezone.now())
    if lifted is None:
        messages.info(
            request,
            _("Nothing was changed: who opted out with their own hand comes back the same way."),
        )
    elif reason == Suppression.Reason.OPT_OUT:
        url = reverse("people:opt_out", args=[person_id])
        back = f"{url}?{urlencode({'how': lifted.source})}"
        offer_undo(request, _("This person can be asked again."), back)
    else:
        messages.success(request, _("Surveys go to this address again."))
    return redirect("people:detail", person_id)


def _person(request: StaffRequest, person_id: UUID) -> Person:
    return get_object_or_404(
        Person.objects.select_related("account", "organisation"),
        organisation=request.organisation,
        public_id=person_id,
    )


def _facts(person: Person) -> list[tuple[str, Any]]:
    rows = [
        (_("E-mail address"), person.email),
        (_("Telephone"), person.phone),
        (_("Customer number"), person.external_id),
        (_("Account"), person.account.name if person.account else ""),
        (pgettext("of a person", "Language"), _language_name(person.language)),
    ]
    return [(label, value) for label, value in rows if value]


def _language_name(code: str) -> str:
    """A language in the words of whoever reads; its code where it has none."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _active(request: StaffRequest, wanted: Wanted) -> list[tuple[str, str]]:
    """What is filtered, in words, each with the address without it."""
    active = []
    if wanted.search:
        active.append((f"“{wanted.search}”", _address(request, q="")))
    if wanted.is_opted_out:
        active.append((_("Who gets no surveys"), _address(request, only="")))
    return active


def _address(request: StaffRequest, **changes: str) -> str:
    """This list's address with other parameters, from the first page unless `after` says so."""
    kept = {name: request.GET.get(name, "") for name in ("q", "only", "sort")} | changes
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"{request.path}?{query}" if query else request.path


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
