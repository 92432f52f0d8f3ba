"""The sheet of one person to be called: who has it now, and what became of the calls."""

import uuid
from typing import ClassVar

from django.db import models

from gloed.base.models import Organisation, Staff
from gloed.channels.phone.rules import Outcome
from gloed.fieldwork.models import Invitation


class Call(models.Model):
    """One ask by telephone. `held_until` is how long it is kept for `caller`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="calls")
    invitation = models.OneToOneField(Invitation, models.CASCADE, related_name="call")
    caller = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="calls")
    held_until = models.DateTimeField(null=True)
    dialled_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=16, blank=True, choices=[(one, one) for one in Outcome])
    ended_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "caller"], name="call_by_caller")
        ]
