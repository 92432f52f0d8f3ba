"""From the notes of a workshop to improvements: each line becomes an idea of its own."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo
from gloed.loop.improvements import operations, queries
from gloed.loop.improvements.forms import WorkshopForm
from gloed.loop.improvements.rules import Origin


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.improve")
def workshop(request: StaffRequest) -> HttpResponse:
    """Take over what was noted together, line by line; the way back takes all of it away."""
    start = {"touchpoint": request.GET.get("touchpoint", "")}
    form = WorkshopForm(request.organisation, request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        now, data = timezone.now(), form.cleaned_data
        with transaction.atomic():
            made = [
                operations.create_improvement(
                    request.organisation,
                    {
                        "title": title,
                        "board": data["board"],
                        "touchpoint": data["touchpoint"],
                        "origin": Origin.WORKSHOP,
                        "origin_note": data["name"],
                    },
                    by=request.user,
                    now=now,
                )
                for title in data["notes"]
            ]
        text = ngettext("%(n)s idea was noted.", "%(n)s ideas were noted.", len(made))
        offer_undo(
            request,
            text % {"n": len(made)},
            reverse("improvements:workshop_undo"),
            value=" ".join(one.public_id.hex for one in made),
        )
        return redirect(f"{reverse('improvements:list')}?board={data['board']}")
    context = {"form": form, "list_url": reverse("improvements:list")}
    status = 422 if form.is_bound else 200
    return render_page(request, "improvements/workshop.html", context, status=status)


@require_POST
@staff_may("loop.improve")
def workshop_undo(request: StaffRequest) -> HttpResponse:
    """Take away what the notes brought, as far as nothing was done with it yet (`undo`)."""
    keys = [key for text in request.POST.get("undo", "").split() if (key := _key_of(text))]
    found = queries.seen_by(request.membership).filter(
        public_id__in=keys, origin=Origin.WORKSHOP, made_by=request.user, started_at=None
    )
    now = timezone.now()
    for one in found:
        operations.remove(one, by=request.user, now=now)
    return redirect("improvements:list")


def _key_of(text: str) -> UUID | None:
    try:
        return UUID(hex=text)
    except ValueError:
        return None
