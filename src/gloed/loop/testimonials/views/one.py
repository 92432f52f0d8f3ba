"""One testimonial: what is proposed, how far it is, what was agreed, and the words themselves."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.loop.testimonials import operations
from gloed.loop.testimonials.forms import AskForm, ProposeForm
from gloed.loop.testimonials.models import Testimonial
from gloed.loop.testimonials.operations import Refused
from gloed.loop.testimonials.rules import (
    Place,
    Shown,
    State,
    are_same,
    changes,
    forms_of,
    read_places,
)
from gloed.loop.testimonials.sentences import (
    ENDED_BECAUSE,
    HAPPENED,
    name_shown,
    places_in_words,
    state_in_words,
)
from gloed.loop.testimonials.views.common import (
    ASK,
    READ,
    SHOW,
    address_of,
    may_here,
    own,
    tell_refusal,
    to_one,
)


@require_safe
@staff_may(READ)
def detail(request: StaffRequest, testimonial_id: UUID) -> HttpResponse:
    """Where it stands, what the customer reads, and everything that was agreed."""
    one = own(request, testimonial_id)
    agreements = list(one.agreements.all())
    held = next((held for held in agreements if held.ended_at is None), None)
    context = {
        "one": one,
        "name": name_shown(one.name_text, one.language),
        "sentence": state_in_words(one),
        "because": ENDED_BECAUSE.get(one.ended_because, "") if one.state == "withdrawn" else "",
        "asked_places": places_in_words(one.places),
        "changes": _changes(one),
        "held": held,
        "agreements": [
            (held, places_in_words(held.places), ENDED_BECAUSE.get(held.ended_because, ""))
            for held in agreements
        ],
        "story": [(line, HAPPENED[line.kind]) for line in one.story.select_related("staff")],
        "address": address_of(one) if one.state != State.PROPOSED and one.person else "",
        "mail": one.notice if one.state == State.ASKED else None,
        "ask_form": AskForm(language=one.language, initial={"note": one.note}),
        "may_ask": may_here(request, ASK),
        "may_show": may_here(request, SHOW),
        "is_for_wall": held is not None and Place.WALL in read_places(held.places),
        "answer_url": page_url("analysis:answer", one.response.public_id) if one.response else "",
        "wall_url": page_url("wall:settings"),
        "crumbs": [(_("Testimonials"), reverse("testimonials:list"))],
        "undo": take_undo(request),
    }
    return render_page(request, "testimonials/one.html", context)


def _changes(one: Testimonial) -> tuple[object, ...]:
    """How the words differ from the customer's own; empty where they do not, or wrote none."""
    if not one.original or are_same(one.original, one.words):
        return ()
    return changes(one.original, one.words)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(ASK)
def change(request: StaffRequest, testimonial_id: UUID) -> HttpResponse:
    """Other words, another name or other places; what was agreed before ends."""
    one = own(request, testimonial_id)
    names = forms_of(operations.known_of(one.person)) if one.person else {Shown.ANONYMOUS: ""}
    form = ProposeForm(
        names,
        request.POST or None,
        language=one.language,
        initial={"words": one.words, "shown": one.shown, "places": one.places},
    )
    if request.method == "POST" and form.is_valid():
        was_agreed = one.state == State.AGREED
        try:
            is_changed = operations.change(one, form.wanted(), by=request.user, now=timezone.now())
        except Refused as refused:
            tell_refusal(request, refused)
            return to_one(one)
        if is_changed and was_agreed:
            back = reverse("testimonials:change_back", args=[one.public_id])
            offer_undo(request, _("Changed. What was agreed before holds no longer."), back)
        return to_one(one)
    context = {
        "form": form,
        "one": one,
        "is_agreed": one.state == State.AGREED,
        "crumbs": [
            (_("Testimonials"), reverse("testimonials:list")),
            (_("This testimonial"), reverse("testimonials:one", args=[one.public_id])),
        ],
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "testimonials/change.html", context, status=status)
