"""What is done with a testimonial by one press; each of it can be taken back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.undo import offer_undo
from gloed.fieldwork.notices.models import Notice
from gloed.loop.promoters import quiet
from gloed.loop.testimonials import operations
from gloed.loop.testimonials.forms import AskForm
from gloed.loop.testimonials.operations import Refused
from gloed.loop.testimonials.views.common import ASK, SHOW, own, tell_refusal, to_one


@require_POST
@staff_may(ASK)
def ask(request: StaffRequest, testimonial_id: UUID) -> HttpResponse:
    """Ask the customer, by mail or by a link to hand over."""
    one = own(request, testimonial_id)
    form = AskForm(request.POST, language=one.language)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    by_mail = request.POST.get("how") == "mail"
    now = timezone.now()
    if why := quiet.why_not_quoted(one, now=now):
        messages.warning(request, why)
        return to_one(one)
    try:
        notice = operations.ask(one, by_mail=by_mail, note=note, by=request.user, now=now)
    except Refused as refused:
        tell_refusal(request, refused)
        return to_one(one)
    if notice is not None and notice.became == Notice.Became.SKIPPED:
        messages.warning(
            request,
            _("No mail was sent: %(why)s. Their own page is ready; you can hand them its address.")
            % {"why": notice.get_skip_display()},
        )
        return to_one(one)
    back = reverse("testimonials:ask_back", args=[one.public_id])
    told = _("The mail is on its way.") if by_mail else _("Their own page is ready.")
    offer_undo(request, told, back)
    return to_one(one)


@require_POST
@staff_may(ASK)
def ask_back(request: StaffRequest, testimonial_id: UUID) -> HttpResponse:
    """Nobody is asked after all."""
    one = own(request, testimonial_id)
    if operations.take_ask_back(one, by=request.user, now=timezone.now()):
        messages.success(request, _("Nobody is asked any more."))
    return to_one(one)


@require_POST
@staff_may(ASK)
def change_back(request: StaffRequest, testimonial_id: UUID) -> HttpResponse:
    """Back to what was agreed."""
    one = own(request, testimonial_id)
    if operations.take_change_back(one, by=request.user, now=timezone.now()):
        messages.success(request, _("It says again what the customer agreed to."))
    return to_one(one)


@require_POST
@staff_may(SHOW)
def wall(request: StaffRequest, testimonial_id: UUID) -> HttpResponse:
    """Put it on the wall, or take it off."""
    one = own(request, testimonial_id)
    now = timezone.now()
    if request.POST.get("to") == "off":
        if operations.take_off_wall(one, by=request.user, now=now):
            there = reverse("testimonials:wall", args=[one.public_id])
            offer_undo(request, _("It no longer stands on the wall."), there)
        return to_one(one)
    try:
        operations.put_on_wall(one, by=request.user, now=now)
    except Refused as refused:
        tell_refusal(request, refused)
    return to_one(one)


@require_POST
@staff_may(ASK)
def remove(request: StaffRequest, testimonial_id: UUID) -> HttpResponse:
    """Take it away; the list offers the way back."""
    one = own(request, testimonial_id)
    operations.remove(one, by=request.user, now=timezone.now())
    back = reverse("testimonials:restore", args=[one.public_id])
    offer_undo(request, _("The testimonial was taken away, and stands nowhere."), back)
    return redirect("testimonials:list")


@require_POST
@staff_may(ASK)
def restore(request: StaffRequest, testimonial_id: UUID) -> HttpResponse:
    """Bring it back."""
    one = own(request, testimonial_id, removed=True)
    try:
        operations.restore(one, by=request.user, now=timezone.now())
    except Refused as refused:
        tell_refusal(request, refused)
        return redirect("testimonials:list")
    return to_one(one)
