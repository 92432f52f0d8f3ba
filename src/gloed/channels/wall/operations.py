"""Switching the wall on and off, and giving it an address."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.channels.wall.models import Wall
from gloed.channels.wall.rules import Order


class SlugTaken(Exception):
    """Another organisation has this address."""


def find_wall(organisation: Organisation) -> Wall | None:
    """The wall of an organisation, on or off."""
    return Wall.objects.filter(organisation=organisation).first()


def keep_wall(
    organisation: Organisation,
    *,
    is_on: bool,
    slug: str = "",
    languages: Sequence[str] = (),
    order: Order = Order.OWN,
    intros: Mapping[str, str] | None = None,
    by: Staff | None,
    now: datetime,
) -> Wall:
    """Keep how the wall is; without a slug it gets one that nobody guesses. Raises SlugTaken."""
    try:
        with transaction.atomic():
            wall = find_wall(organisation) or Wall(organisation=organisation)
            before = wall.is_on
            wall.slug = slug or wall.slug
            wall.is_on, wall.order, wall.languages = is_on, order, list(languages)
            wall.intros, wall.changed_at = dict(intros or {}), now
            wall.save()
            audit.record(
                by,
                "wall.changed",
                organisation.name,
                {"on": [before, is_on]},
                organisation=organisation,
                at=now,
            )
    except IntegrityError:
        raise SlugTaken from None
    return wall
