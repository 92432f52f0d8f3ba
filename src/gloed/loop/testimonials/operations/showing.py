"""What stands on the wall, and in which order."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from gloed.base.models import Organisation, Staff
from gloed.loop.testimonials.models import Testimonial
from gloed.loop.testimonials.operations.keeping import Refused, locked, note_moment, tell_trail
from gloed.loop.testimonials.rules import Happened, Place, State, read_places


def put_on_wall(testimonial: Testimonial, *, by: Staff | None, now: datetime) -> None:
    """Show it on the wall, above the others. Raises Refused("not_agreed")."""
    with transaction.atomic():
        one = locked(testimonial)
        held = one.agreements.filter(ended_at=None).first()
        is_allowed = held is not None and Place.WALL in read_places(held.places)
        if one.state != State.AGREED or not is_allowed or one.removed_at is not None:
            raise Refused("not_agreed")
        if one.on_wall_at is not None:
            return
        top = Testimonial.objects.filter(organisation=one.organisation_id).aggregate(
            most=Max("wall_place")
        )["most"]
        one.on_wall_at, one.wall_place = now, (top or 0) + 1
        one.save(update_fields=["on_wall_at", "wall_place"])
        note_moment(one, Happened.ON_WALL, by=by, now=now)
        tell_trail(one, "testimonial.on_wall", by=by, now=now)


def take_off_wall(testimonial: Testimonial, *, by: Staff | None, now: datetime) -> bool:
    """Show it on the wall no more; what was agreed stays."""
    with transaction.atomic():
        one = locked(testimonial)
        if one.on_wall_at is None:
            return False
        one.on_wall_at = None
        one.save(update_fields=["on_wall_at"])
        note_moment(one, Happened.OFF_WALL, by=by, now=now)
        tell_trail(one, "testimonial.off_wall", by=by, now=now)
    return True


def arrange(organisation: Organisation, shown: Sequence[Testimonial], moved: int, by: int) -> None:
    """Move one of those on the wall (its place among `shown`) up or down by so many places."""
    order = list(shown)
    to = moved + by
    if not (0 <= moved < len(order) and 0 <= to < len(order)):
        return
    order.insert(to, order.pop(moved))
    for place, one in enumerate(reversed(order), start=1):
        one.wall_place = place
    with transaction.atomic():
        own = [one for one in order if one.organisation_id == organisation.pk]
        Testimonial.objects.bulk_update(own, ["wall_place"])
