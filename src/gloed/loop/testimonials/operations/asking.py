"""Asking a customer whether they may be quoted, by their own page and by mail."""

from datetime import datetime

from django.db import transaction

from gloed.base.models import Staff
from gloed.fieldwork.notices.models import Notice
from gloed.fieldwork.notices.operations import plan_notices
from gloed.loop.testimonials.models import Testimonial
from gloed.loop.testimonials.operations.keeping import (
    Refused,
    locked,
    note_moment,
    stop_mail,
    tell_trail,
    wait_again,
)
from gloed.loop.testimonials.rules import Happened, State

PURPOSE = "testimonial"


def ask(
    testimonial: Testimonial, *, by_mail: bool, note: str = "", by: Staff | None, now: datetime
) -> Notice | None:
    """Let the customer's page take an answer, and mail them its address if wanted.

    The mail goes under the contact policy: the notice says whether it waits or why there is none.
    Raises Refused("said_no" | "agreed" | "nobody" | "nowhere").
    """
    with transaction.atomic():
        one = locked(testimonial)
        if one.person is None or one.removed_at is not None:
            raise Refused("nobody")
        if one.has_said_no:
            raise Refused("said_no")
        if one.state == State.AGREED:
            raise Refused("agreed")
        if not one.places:
            raise Refused("nowhere")
        if by_mail:
            key = f"{PURPOSE} {one.public_id.hex} {one.version}"
            planned = plan_notices(one.organisation, {one.person.pk: key}, purpose=PURPOSE, now=now)
            one.notice = planned[0] if planned else None
            wait_again(one.notice, now=now)
        one.state, one.asked_by, one.asked_at, one.note = State.ASKED, by, now, note.strip()
        one.save()
        note_moment(one, Happened.ASKED, by=by, now=now)
        tell_trail(one, "testimonial.asked", by=by, now=now)
    return one.notice if by_mail else None


def take_ask_back(testimonial: Testimonial, *, by: Staff | None, now: datetime) -> bool:
    """Nobody is asked after all; a mail that still waits is not sent."""
    with transaction.atomic():
        one = locked(testimonial)
        if one.state != State.ASKED:
            return False
        stop_mail(one)
        one.state, one.asked_at, one.asked_by = State.PROPOSED, None, None
        one.save()
        note_moment(one, Happened.ASK_TAKEN_BACK, by=by, now=now)
    return True
