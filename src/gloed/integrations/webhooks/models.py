"""Where news goes, and what became of each delivery."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import ApiKey, Organisation


class Endpoint(models.Model):
    """An address that wants to hear news. Address and secrets are sealed: they open doors."""

    class Shape(models.TextChoices):
        FULL = "full", _("as the API shows it")
        FLAT = "flat", _("flat, for Zapier, Make and n8n")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="endpoints")
    url = models.TextField()  # sealed
    host = models.CharField(max_length=253)
    name = models.CharField(_("name"), max_length=120, blank=True)
    news = models.JSONField(default=list)
    bands = models.JSONField(default=list)
    surveys = models.JSONField(default=list)
    shape = models.CharField(max_length=8, choices=Shape.choices, default=Shape.FULL)
    with_person = models.BooleanField(default=False)
    dialect = models.CharField(max_length=16, default="standard")
    reference = models.CharField(max_length=64, blank=True)  # what the dialect needs to know
    secret = models.TextField()  # sealed
    old_secret = models.TextField(blank=True)  # sealed; signs too until `old_until`
    old_until = models.DateTimeField(null=True)
    made_by_key = models.ForeignKey(ApiKey, models.CASCADE, null=True, related_name="+")
    is_active = models.BooleanField(default=True)
    ended_because = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name or self.host


class Delivery(models.Model):
    """One piece of news for one endpoint; `message_id` stays the same over every try."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        GIVEN_UP = "given_up", _("given up")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=80)
    news = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    reply = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["endpoint", "message_id"], name="delivery_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(state="waiting"),
                name="delivery_due",
            )
        ]
