"""Scores somebody wants to reach by a day."""

import uuid
from typing import ClassVar

from django.db import models

from gloed.base.models import Organisation, Staff


class Goal(models.Model):
    """A score to reach by a day, of the answers that an address of the explorer means.

    `about` is a subject (a survey, or a metric and a kind); `address` holds the filters. `value` is
    in the unit of the score: points, a share from 0 to 1, or a mean.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="goals")
    name = models.CharField(max_length=120)
    about = models.CharField(max_length=80)
    address = models.CharField(max_length=2000, blank=True)
    value = models.FloatField()
    days = models.PositiveSmallIntegerField(default=90)  # the window the score is measured over
    set_on = models.DateField()
    due_on = models.DateField()
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)  # undo clears it

    class Meta:
        ordering: ClassVar[list[str]] = ["due_on", "name", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "due_on"], name="goal_by_due")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("set_on")), name="goal_due_later"
            )
        ]

    def __str__(self) -> str:
        return self.name
