"""What people ask of an organisation about their own data."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation, Staff
from gloed.channels.own_page.rules import ANSWER_WITHIN
from gloed.people.models import Person


class PersonRequest(models.Model):
    """Somebody wants a copy of everything, or to be erased. It stays when they are gone.

    `person_id_then` is their public id until then, so that the news of an erasure finds it.
    """

    class Kind(models.TextChoices):
        COPY = "copy", _("a copy of everything")
        ERASE = "erase", _("to be erased")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="person_requests")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="requests")
    person_id_then = models.UUIDField(null=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["asked_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=models.Q(done_at=None),
                name="person_request_open_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "done_at"], name="person_request_by_state")
        ]

    @property
    def due_at(self) -> datetime:
        """By when the law wants it answered."""
        return self.asked_at + ANSWER_WITHIN
