"""Connections to other systems, what was told to them, and what they told us."""

import secrets
import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation


def new_nonce() -> str:
    """What makes the address for arrivals unguessable, and another one when it is renewed."""
    return secrets.token_urlsafe(16)


class Connection(models.Model):
    """A connection of an organisation. What opens doors is sealed and never shown again.

    `settings` are plain, `secrets` a sealed JSON object; `mapping` says which of their fields is
    which of ours. The empty lists of a wish stand for everything.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="connections")
    kind = models.CharField(max_length=24)
    name = models.CharField(_("name"), max_length=120)
    hint = models.CharField(max_length=253, blank=True)
    settings = models.JSONField(default=dict)
    secrets = models.TextField(blank=True)  # sealed
    mapping = models.JSONField(default=dict)
    news = models.JSONField(default=list)
    bands = models.JSONField(default=list)
    surveys = models.JSONField(default=list)
    with_words = models.BooleanField(default=True)
    with_person = models.BooleanField(default=False)
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    is_active = models.BooleanField(default=True)
    ended_because = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Dispatch(models.Model):
    """One piece of news on its way to a connection; the same message is put down once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        REFUSED = "refused", _("refused")
        GIVEN_UP = "given_up", _("given up")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="dispatches")
    message_id = models.CharField(max_length=80)
    news = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    data = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    reply = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["connection", "message_id"], name="dispatch_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_at"], condition=models.Q(state="waiting"), name="dispatch_due"
            )
        ]


class Counterpart(models.Model):
    """What stands for something of ours on the other side, so that nothing is made twice there."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="counterparts")
    ours = models.CharField(max_length=80)
    theirs = models.CharField(max_length=160)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["connection", "ours"], name="counterpart_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["connection", "theirs"], name="counterpart_theirs")
        ]


class Arrival(models.Model):
    """What another system told us; the body is kept masked and for a short time.

    `key` is the sender's own id of the message, so that a repetition changes nothing.
    """

    class State(models.TextChoices):
        SAMPLE = "sample", _("kept as a sample")
        USED = "used", _("used")
        UNUSED = "unused", _("not used")
        UNDONE = "undone", _("taken back")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="arrivals")
    key = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State.choices)
    outcome = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    became = models.JSONField(default=dict)  # what it led to, to take it back
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["connection", "key"], name="arrival_once")
        ]
