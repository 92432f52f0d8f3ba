"""One line for each message to one person that asks nothing."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.fieldwork.models import Invitation, new_token
from gloed.people.models import Person


class Notice(models.Model):
    """A message to one person, or why there was none. `key` makes it once and no more.

    `purpose` is the room that writes it (told_back), `token` stands in its links. The person is not
    looked up by the database: an import that is undone takes them away.
    """

    class Became(models.TextChoices):
        WAITING = "waiting", _("on its way")
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("perhaps sent")
        BOUNCED = "bounced", _("bounced")
        FAILED = "failed", _("could not be sent")
        SKIPPED = "skipped", _("not sent")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="notices")
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="notices", db_constraint=False
    )
    purpose = models.CharField(max_length=24)
    key = models.CharField(max_length=80)
    channel = models.CharField(max_length=16, default="email")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    became = models.CharField(max_length=10, choices=Became.choices, default=Became.WAITING)
    skip = models.CharField(max_length=16, choices=Invitation.Skip.choices, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)  # paused by a colleague: not claimed meanwhile
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "key"], name="notice_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=models.Q(became="waiting"), name="notice_due"
            ),
            models.Index(fields=["organisation", "-created_at"], name="notice_newest"),
        ]
