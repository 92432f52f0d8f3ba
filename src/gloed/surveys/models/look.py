"""How an organisation's surveys look: a logo and one colour."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.surveys.models.surveys import Survey


class Look(models.Model):
    """The look of one survey, or without a survey that of all others of the organisation.

    What is empty in a survey's own look is taken from the organisation's. A change counts at once.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="looks")
    survey = models.OneToOneField(Survey, models.CASCADE, null=True, related_name="look")
    accent = models.CharField(_("colour"), max_length=7, blank=True)  # as chosen, "#rrggbb"
    logo = models.BinaryField(null=True)  # small, decoded and written anew by us
    logo_type = models.CharField(max_length=20, blank=True)
    logo_digest = models.CharField(max_length=20, blank=True)
    logo_width = models.PositiveSmallIntegerField(default=0)  # as shown, in CSS pixels
    logo_height = models.PositiveSmallIntegerField(default=0)
    logo_text = models.CharField(_("what the logo says"), max_length=120, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(survey=None), name="one_look_for_all"
            )
        ]
