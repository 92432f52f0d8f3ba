"""What one person was asked, for their own page."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.fieldwork import candidates, queries
from gloed.fieldwork.forms import TryPersonForm
from gloed.fieldwork.models import Preference
from gloed.fieldwork.sentences import moment_words
from gloed.fieldwork.views.events import line_words
from gloed.people.models import Person

MOST = 10


@require_safe
@staff_may("people.view_person")
def asks_of_person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """The newest asks and skips of one person with their reasons; for swapping in."""
    person = get_object_or_404(Person, public_id=person_id, organisation=request.organisation)
    lines = queries.asks_of(person, most=MOST + 1)
    may_plan = may(Role(request.membership.role), "fieldwork.plan")
    context = {
        "person": person,
        "lines": [(line, line_words(line)) for line in lines[:MOST]],
        "is_more": len(lines) > MOST,
        "wishes": _wishes(person),
        "try_form": TryPersonForm(organisation=request.organisation) if may_plan else None,
        "who": person.external_id or person.email,
    }
    return render_page(request, "fieldwork/asks_of_person.html", context, region="person_asks")


def _wishes(person: Person) -> list[str]:
    """How this person wants to be asked, and what holds us back, in words."""
    wish = Preference.objects.filter(person=person).first()
    if wish is None:
        return []
    now, found = timezone.now(), []
    if wish.is_opted_out:
        found.append(_("wants no surveys"))
    found += [
        _("wants no surveys about the relationship")
        if kind == "relationship"
        else _("wants no surveys after an interaction")
        for kind in wish.kinds_opted_out
    ]
    if wish.pause_until and wish.pause_until > now:
        found.append(_("asked for a pause until %(day)s") % {"day": moment_words(wish.pause_until)})
    if wish.quarantine_until and wish.quarantine_until > now:
        moment = {"day": moment_words(wish.quarantine_until)}
        found.append(_("is left alone while a case is handled, until %(day)s") % moment)
    days = candidates.policy_of(person.organisation_id).offer_days if wish.offered_at else 0
    if wish.offered_at and (until := wish.offered_at + timedelta(days=days)) > now:
        moment = {"day": moment_words(until)}
        found.append(_("got an offer or a perk and is not asked until %(day)s") % moment)
    if wish.rhythm_days:
        words = _("wants to be asked at most once in %(days)s days")
        found.append(words % {"days": wish.rhythm_days})
    return found
