"""Kiosks: which survey stands where, and when each was last heard from."""

import secrets
import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation, Team
from gloed.surveys.models import Survey, Touchpoint


def new_token() -> str:
    """What the tablet's link consists of: 128 random bits."""
    return secrets.token_urlsafe(16)


class Kiosk(models.Model):
    """One tablet at one place. `waiting` is how many answers it said it still holds."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="kiosks")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="kiosks")
    touchpoint = models.ForeignKey(Touchpoint, models.SET_NULL, null=True, related_name="+")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("place"), max_length=120)
    languages = models.JSONField(default=list)
    idle_seconds = models.PositiveSmallIntegerField(default=30)
    pin = models.CharField(max_length=200, blank=True)  # sealed; empty: nobody is asked for one
    created_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    waiting = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
