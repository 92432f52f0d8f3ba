"""How many people there are in each segment, so that answers can be weighted to them."""

import uuid
from typing import ClassVar

from django.db import models

from gloed.base.models import Organisation, Staff


class PopulationTable(models.Model):
    """One version of a table of people per segment of a column; one per column is in use.

    `sizes` holds values of the column as the projection knows them (public ids for teams and
    touchpoints) with their number of people. A version that is no longer used stays.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="population_tables")
    column = models.CharField(max_length=200)
    number = models.PositiveIntegerField()  # version of this column's table, from 1
    sizes = models.JSONField(default=dict)
    file_name = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)  # replaced or removed

    class Meta:
        ordering: ClassVar[list[str]] = ["column", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "column", "number"], name="population_version_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "column"],
                condition=models.Q(retired_at=None),
                name="population_in_use_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.column} {self.number}"
