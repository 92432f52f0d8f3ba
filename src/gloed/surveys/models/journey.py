"""Where customers meet the organisation, and are asked about it: journeys, phases, touchpoints."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Membership, Organisation


class Journey(models.Model):
    """The way of one kind of customer, from orientation to leaving or staying.

    A removed journey keeps its phases and can come back; its touchpoints are not placed until then.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="journeys")
    name = models.CharField(_("name"), max_length=120)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return self.name


class Phase(models.Model):
    """A part of a journey. A removed phase can come back with what was in it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="phases")
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Touchpoint(models.Model):
    """A moment of the journey about which customers are asked.

    Without a phase (or with one that was removed) it is not placed yet. A removed touchpoint keeps
    its surveys and its answers; its name stays taken, and using the name again brings it back.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="touchpoints")
    phase = models.ForeignKey(Phase, models.SET_NULL, null=True, related_name="touchpoints")
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    metric = models.CharField(max_length=12, blank=True)  # empty: that of its surveys
    owner = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="touchpoints")
    expectation = models.CharField(_("what the customer expects"), max_length=300, blank=True)
    # in the unit of the score: points, percent of satisfied, or a mean on a scale up to `line_top`
    good_enough = models.FloatField(null=True)
    line_top = models.PositiveSmallIntegerField(null=True)
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="touchpoint_name_once")
        ]

    def __str__(self) -> str:
        return self.name
