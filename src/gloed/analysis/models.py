"""What the projection has not taken in yet, and views that were given a name."""

import uuid
from typing import ClassVar

from django.db import models

from gloed.base.models import Organisation, Staff


class Mark(models.Model):
    """One thing that changed in the record: an answer, a month, or (both empty) everything.

    Written when the journal tells it, deleted when the projection holds it, so that a killed
    worker's work is found again.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    response_id = models.BigIntegerField(null=True)  # no foreign key: it may be gone by now
    month = models.CharField(max_length=8, blank=True)  # "2026-03", "undated" or ""

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "id"], name="mark_by_organisation")
        ]


class SavedView(models.Model):
    """An address of the explorer that somebody gave a name, for themselves or for everybody."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")  # who saved it
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=2000)  # the part after the question mark
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)  # undo clears it

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "name"], name="saved_view_by_name")
        ]

    def __str__(self) -> str:
        return self.name
