"""The part of an answer's page that leads to a testimonial."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.loop.testimonials import queries
from gloed.loop.testimonials.sentences import STATE_NAMES
from gloed.loop.testimonials.views.common import ASK, READ, may_here


@require_safe
@staff_may(READ)
def of_answer(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """The testimonial of an answer, or the way to propose one."""
    found = queries.readable(request.membership).filter(public_id=answer_id).first()
    if found is None:
        raise Http404
    one = queries.of_response(found)
    source = queries.find_source(request.membership, answer_id)
    context = {
        "response": found,
        "source": source,
        "one": one,
        "may_see": one is not None and queries.find(request.membership, one.public_id) is not None,
        "state": STATE_NAMES[queries.WALL if one.on_wall_at else one.state] if one else "",
        "may_ask": may_here(request, ASK),
    }
    part = "parts/" if request.htmx else ""
    return render_page(request, f"testimonials/{part}of_answer.html", context)
