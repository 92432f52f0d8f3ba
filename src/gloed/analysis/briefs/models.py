"""Who gets the brief and when, and every brief as it was sent."""

import uuid
from typing import ClassVar

from django.db import models

from gloed.analysis.briefs.rules import Audience
from gloed.base.models import Membership, Organisation, Staff, Team


class Subscription(models.Model):
    """One colleague's brief: for which role, about what, and on which day and hour of whose clock.

    `about` is a subject as in What changed (a survey's public id, or a metric and kind); empty for
    the usual one. One that ended keeps its briefs.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="briefs")
    audience = models.CharField(max_length=12, choices=[(a.value, a.value) for a in Audience])
    about = models.CharField(max_length=80, blank=True)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    day = models.PositiveSmallIntegerField(default=1)
    hour = models.PositiveSmallIntegerField(default=8)
    time_zone = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    resumed_at = models.DateTimeField()  # nothing that was due before is sent
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "membership"], name="brief_by_member")
        ]


class Brief(models.Model):
    """A brief about one month, frozen: its words and numbers as they were then.

    One for each subscription and month, whoever makes it first. `state` goes from waiting to
    sending by conditional update, so that two workers never send one twice; a worker that dies
    while sending leaves it uncertain, and it is not sent again by itself.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        UNCERTAIN = "uncertain"
        FAILED = "failed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="briefs")
    month = models.DateField()
    language = models.CharField(max_length=8)
    content = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-month", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["subscription", "month"], name="brief_once_a_month")
        ]
