"""What the pages of testimonials have in common."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest
from gloed.base.rules import Role, may
from gloed.loop.testimonials import queries
from gloed.loop.testimonials.models import Testimonial
from gloed.loop.testimonials.operations import Refused
from gloed.loop.testimonials.sentences import REFUSALS

READ, ASK, SHOW = "responses.view_answers", "loop.improve", "loop.tell"
LANGUAGES = ("en", "nl")


def own(request: StaffRequest, testimonial_id: UUID, *, removed: bool = False) -> Testimonial:
    """One that this colleague may see, else 404."""
    found = queries.find(request.membership, testimonial_id, removed=removed)
    if found is None:
        raise Http404
    return found


def may_here(request: StaffRequest, permission: str) -> bool:
    """Whether this colleague carries a permission."""
    return may(Role(request.membership.role), permission)


def to_one(testimonial: Testimonial) -> HttpResponse:
    """Back to its page."""
    return redirect("testimonials:one", testimonial.public_id)


def tell_refusal(request: StaffRequest, refused: Refused) -> None:
    """Say why nothing happened."""
    messages.warning(request, str(REFUSALS[refused.reason]))


def language_for(request: StaffRequest, *wishes: str) -> str:
    """The first wish that is a language of ours, else that of the organisation."""
    for wish in (*wishes, request.organisation.language):
        short = wish.lower().partition("-")[0]
        if short in LANGUAGES:
            return short
    return LANGUAGES[0]


def address_of(testimonial: Testimonial) -> str:
    """The customer's own page, as it stands in a mail."""
    there = page_url("wall:asked", testimonial.token)
    return f"{settings.BASE_URL}{there}" if there else ""
