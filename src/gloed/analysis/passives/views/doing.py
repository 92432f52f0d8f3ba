"""What is done with a passive: each a post that goes back to the card."""

from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gloed.analysis.passives import operations
from gloed.analysis.passives.forms import ContactForm, EndForm, OfferForm
from gloed.analysis.passives.inner import HANDLE
from gloed.analysis.passives.models import FollowUp, Line, Offer
from gloed.analysis.passives.people import Row, visible_follow_ups
from gloed.analysis.passives.rules import Gift, Outcome
from gloed.analysis.passives.views.worklist import card_context, find
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.queries import visible_teams
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo
from gloed.people.models import Person
from gloed.responses.models import Response


@require_POST
@staff_may(HANDLE)
def take(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Take somebody up, or lay them back."""
    person, row = find(request, person_id)
    now = timezone.now()
    if request.POST.get("to") == "back":
        if row.follow_up is not None and operations.lay_back(
            row.follow_up, staff=request.user, now=now
        ):
            messages.success(request, _("Laid back: whoever has time can take it."))
        return HttpResponseRedirect(reverse("passives:worklist"))
    found = _taken(request, person, row, now)
    if found.owner_id == request.user.pk:
        text = _("It is yours now.")
        url = reverse("passives:lay_back", args=[person.public_id])
        offer_undo(request, text, url)
    else:
        messages.info(request, _("%(name)s has it already.") % {"name": found.owner})
    return _to_card(person)


@require_POST
@staff_may(HANDLE)
def lay_back(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Undo taking somebody up."""
    _person, row = find(request, person_id)
    if row.follow_up is not None:
        operations.lay_back(row.follow_up, staff=request.user, now=timezone.now())
    return HttpResponseRedirect(reverse("passives:worklist"))


@require_POST
@staff_may(HANDLE)
def contact(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Write down that we spoke with them; whoever does has taken them up."""
    person, row = find(request, person_id)
    form, now = ContactForm(request.POST, auto_id="id_call_%s"), timezone.now()
    if not form.is_valid():
        context = card_context(request, person, row, now, contact_form=form)
        return render_page(request, "passives/card.html", context, status=422)
    found = _taken(request, person, row, now)
    line = operations.log_contact(found, form.cleaned_data["text"], staff=request.user, now=now)
    offer_undo(
        request,
        _("The contact is written down."),
        reverse("passives:contact_undo", args=[line.public_id]),
    )
    return _to_card(person, "story")


@require_POST
@staff_may(HANDLE)
def contact_undo(request: StaffRequest, line_id: UUID) -> HttpResponse:
    """Take a contact back that did not happen."""
    own = visible_follow_ups(request.membership)
    lines = Line.objects.select_related("follow_up__person").filter(follow_up__in=own.values("pk"))
    line = get_object_or_404(lines, public_id=line_id)
    operations.take_back_contact(line)
    return _to_card(line.follow_up.person)


@require_POST
@staff_may(HANDLE)
def give(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Note an offer or a perk; whoever does has taken them up, unless they were done with."""
    person, row = find(request, person_id)
    now = timezone.now()
    today = timezone.localdate(now)
    form = OfferForm(request.POST, auto_id="id_offer_%s", today=today)
    if not form.is_valid():
        context = card_context(request, person, row, now, offer_form=form)
        return render_page(request, "passives/card.html", context, status=422)
    data = form.cleaned_data
    zone = ZoneInfo(request.organisation.time_zone)
    given_at = (
        now if data["given_on"] == today else datetime.combine(data["given_on"], time(), zone)
    )
    is_over = row.follow_up is not None and not row.follow_up.is_open
    found = row.follow_up if is_over else None
    offer = operations.give(
        found or _taken(request, person, row, now),
        Gift(data["kind"]),
        what=data["what"],
        cost=data["cost"],
        given_at=given_at,
        staff=request.user,
        now=now,
    )
    offer_undo(
        request,
        _("Noted. No survey goes to this person for a while."),
        reverse("passives:offer_remove", args=[offer.public_id]),
    )
    return _to_card(person, "offers")


@require_POST
@staff_may(HANDLE)
def offer_remove(request: StaffRequest, offer_id: UUID) -> HttpResponse:
    """Take an offer out that was not given after all; the way back is offered."""
    offer = _offer(request, offer_id)
    if operations.remove_offer(offer, staff=request.user, now=timezone.now()):
        url = reverse("passives:offer_restore", args=[offer.public_id])
        offer_undo(request, _("The offer is taken out and counts no longer."), url)
    return _to_card(offer.person, "offers")


@require_POST
@staff_may(HANDLE)
def offer_restore(request: StaffRequest, offer_id: UUID) -> HttpResponse:
    """Put it back."""
    offer = _offer(request, offer_id)
    operations.restore_offer(offer, staff=request.user, now=timezone.now())
    return _to_card(offer.person, "offers")


@require_POST
@staff_may(HANDLE)
def end(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """We are done with somebody: lifted or not; the way back is offered."""
    person, row = find(request, person_id)
    form, now = EndForm(request.POST, auto_id="id_end_%s"), timezone.now()
    if not form.is_valid():
        context = card_context(request, person, row, now, end_form=form)
        return render_page(request, "passives/card.html", context, status=422)
    found = _taken(request, person, row, now)
    outcome = Outcome(form.cleaned_data["outcome"])
    text = form.cleaned_data["text"]
    if operations.end(found, outcome, text, staff=request.user, now=now):
        url = reverse("passives:reopen", args=[person.public_id])
        offer_undo(request, _("This is done."), url)
    return _to_card(person)


@require_POST
@staff_may(HANDLE)
def reopen(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Take somebody up again."""
    person, row = find(request, person_id)
    if row.follow_up is not None and not operations.reopen(
        row.follow_up, staff=request.user, now=timezone.now()
    ):
        messages.info(request, _("Nothing was changed: it is open already."))
    return _to_card(person)


def _taken(request: StaffRequest, person: Person, row: Row, now: datetime) -> FollowUp:
    """The follow-up that is worked on; begun here where there is none."""
    if row.follow_up is not None and row.follow_up.is_open and row.follow_up.owner_id:
        return row.follow_up
    response = Response.objects.filter(pk=row.response_id or 0).first()
    return operations.take(person, response, staff=request.user, now=now)


def _offer(request: StaffRequest, offer_id: UUID) -> Offer:
    offers = Offer.objects.filter(organisation=request.organisation)
    offer = get_object_or_404(
        offers.select_related("person", "organisation", "follow_up"), public_id=offer_id
    )
    teams = visible_teams(request.membership)
    team = offer.follow_up.team_id if offer.follow_up else None
    if teams is not None and offer.staff_id != request.user.pk and team not in teams:
        raise Http404
    return offer


def _to_card(person: Person | None, place: str = "") -> HttpResponse:
    if person is None:  # erased meanwhile
        return HttpResponseRedirect(reverse("passives:offers"))
    url = reverse("passives:card", args=[person.public_id])
    return HttpResponseRedirect(f"{url}#{place}" if place else url)
