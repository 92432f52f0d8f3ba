"""The wall of an organisation: there only when somebody switched it on."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.channels.wall.rules import Order

ORDERS = [
    (Order.OWN.value, _("As we put them")),
    (Order.NEWEST.value, _("Newest first")),
]


def new_slug() -> str:
    """64 random bits: a name in the address that nobody guesses."""
    return secrets.token_hex(8)


class Wall(models.Model):
    """Where the wall stands and how it looks; what stands on it is read from the testimonials.

    `languages` are those shown, empty for all; `intros` stand above it, by language.
    """

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="wall")
    slug = models.SlugField(max_length=60, unique=True, default=new_slug)
    is_on = models.BooleanField(default=False)
    languages = models.JSONField(default=list)
    order = models.CharField(max_length=8, choices=ORDERS, default=Order.OWN.value)
    intros = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
