"""Whom we asked: invitations and what became of them."""

import secrets
import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.people.models import Person
from gloed.surveys.models import Survey


def new_token() -> str:
    """128 random bits, 22 characters: short enough for a mail header, too long to guess."""
    return secrets.token_urlsafe(16)


class Invitation(models.Model):
    """One ask to one person, with its disposition after AAPOR."""

    class Disposition(models.TextChoices):
        CREATED = "created", _("made")
        SENT = "sent", _("sent")
        BOUNCED = "bounced", _("bounced")
        OPENED = "opened", _("opened")
        PARTIAL = "partial", _("partly answered")
        COMPLETE = "complete", _("answered")
        OPTED_OUT = "opted_out", _("opted out")
        EXPIRED = "expired", _("expired")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="invitations")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    channel = models.CharField(max_length=16)
    disposition = models.CharField(
        max_length=12, choices=Disposition.choices, default=Disposition.CREATED
    )
    attributes = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["survey", "created_at"], name="invitation_by_survey")
        ]
