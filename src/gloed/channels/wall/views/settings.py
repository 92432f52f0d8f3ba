"""The wall as its owners see it: on or off, what stands there, and how to put it on a website."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gloed.base.links import absolute_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.channels.wall import operations, queries
from gloed.channels.wall.forms import WallForm
from gloed.channels.wall.models import Wall
from gloed.channels.wall.rules import Order
from gloed.loop.testimonials.operations import arrange
from gloed.loop.testimonials.queries import quotes_on_wall, seen_by
from gloed.loop.testimonials.views.common import own


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.tell")
def wall_settings(request: StaffRequest) -> HttpResponse:
    """Switch it on or off, arrange it, and copy what puts it on a page."""
    found = operations.find_wall(request.organisation)
    initial: dict[str, Any] = {"order": Order.OWN.value}
    if found is not None:
        initial = {
            "is_on": found.is_on,
            "slug": found.slug,
            "order": found.order,
            "languages": found.languages,
            **{f"intro_{code}": words for code, words in found.intros.items()},
        }
    form = WallForm(request.organisation, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operations.keep_wall(
                request.organisation, **form.values(), by=request.user, now=timezone.now()
            )
        except operations.SlugTaken:
            form.add_error("slug", _("This name is taken. Choose another one."))
        else:
            messages.success(request, _("Kept. The wall follows at once."))
            return redirect("wall:settings")
    wall = found or Wall(organisation=request.organisation)
    context = {
        "form": form,
        "wall": found,
        "shown": queries.shown_on(wall),
        "is_arranged": wall.order == Order.OWN,
        "waiting": _waiting(request),
        **(_addresses(found) if found else {}),
    }
    status = 422 if form.errors else 200
    return render_page(request, "wall/settings.html", context, status=status)


@require_POST
@staff_may("loop.tell")
def move(request: StaffRequest, testimonial_id: UUID) -> HttpResponse:
    """Move one up or down."""
    one = own(request, testimonial_id)
    shown = [quote.testimonial for quote in quotes_on_wall(request.organisation)]
    place = next((n for n, other in enumerate(shown) if other.pk == one.pk), -1)
    by = 1 if request.POST.get("to") == "down" else -1
    if place >= 0:
        arrange(request.organisation, shown, place, by)
    return redirect(f"{reverse('wall:settings')}#standing")


def _waiting(request: StaffRequest) -> int:
    """How many customers agreed to something and do not stand on the wall."""
    return seen_by(request.membership).filter(state="agreed", on_wall_at=None).count()


def _addresses(wall: Wall) -> dict[str, str]:
    script = f"{settings.BASE_URL}{reverse('wall:embed')}"
    frame = absolute_url("wall:frame", wall.slug)
    return {
        "address": absolute_url("wall:public", wall.slug),
        "feed": absolute_url("wall:feed", wall.slug),
        "snippet": (
            f'<div data-gloed-wall="{wall.slug}"></div>\n<script src="{script}" async></script>'
        ),
        "frame": f'<iframe src="{frame}" title="{wall.organisation.name}" '
        'width="100%" height="600" loading="lazy"></iframe>',
        "policy": f"script-src {settings.BASE_URL}; connect-src {settings.BASE_URL}; "
        f"frame-src {settings.BASE_URL}",
    }
