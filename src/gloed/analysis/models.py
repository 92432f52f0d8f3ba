"""What the projection has not taken in yet."""

from typing import ClassVar

from django.db import models

from gloed.base.models import Organisation


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
