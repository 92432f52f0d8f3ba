"""The secret address of a colleague's calendar."""

import secrets
import uuid
from typing import ClassVar

from django.db import models

from gloed.base.models import Membership


def new_nonce() -> str:
    """What makes the address unguessable, and another one when it is renewed."""
    return secrets.token_urlsafe(16)


class Feed(models.Model):
    """The feed of one colleague in one organisation; it shows what they may see."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.OneToOneField(
        Membership, models.CASCADE, related_name="calendar", primary_key=True
    )
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    read_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at"]
