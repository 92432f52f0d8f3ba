"""What was fixed beforehand about an improvement, and what was found afterwards."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.analysis.effects.rules import Design, Verdict, Why
from gloed.base.models import Organisation, Staff
from gloed.loop.improvements.models import Improvement

VERDICTS = [
    (Verdict.LIKELY.value, _("likely")),
    (Verdict.CANNOT_TELL.value, _("cannot tell")),
    (Verdict.LIKELY_NOT.value, _("likely not")),
]


class Prediction(models.Model):
    """One version of what an improvement is judged by. A later version never replaces it.

    `surveys` are public ids; `filters` are [column, value] of the projection. Of the groups of
    `column`, `treated` get the improvement first and `control` are compared with them; in a
    roll-out they come from `order`, drawn with `seed`. `minimum` is in the unit of the score:
    points, percentage points of a share, or steps of a scale. Days count from `starts_on`, on which
    customers first notice it. `volume` is what the planner said then. `is_late`: fixed when it
    had started.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="predictions")
    improvement = models.ForeignKey(Improvement, models.CASCADE, related_name="predictions")
    number = models.PositiveSmallIntegerField(default=1)
    about = models.CharField(max_length=80)
    about_label = models.CharField(max_length=200)
    metric = models.CharField(max_length=12)
    surveys = models.JSONField(default=list)
    filters = models.JSONField(default=list)
    design = models.CharField(max_length=8, choices=[(d.value, d.value) for d in Design])
    column = models.CharField(max_length=120, blank=True)
    treated = models.JSONField(default=list)
    control = models.JSONField(default=list)
    order = models.JSONField(default=list)
    seed = models.CharField(max_length=32, blank=True)
    minimum = models.FloatField(_("least change worth having"))
    starts_on = models.DateField(_("customers notice it from"))
    weeks_before = models.PositiveSmallIntegerField(default=12)
    weeks_after = models.PositiveSmallIntegerField(default=12)
    settle_weeks = models.PositiveSmallIntegerField(default=0)
    volume = models.JSONField(default=dict)
    is_late = models.BooleanField(default=False)
    fixed_at = models.DateTimeField()
    fixed_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-fixed_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["improvement", "number"], name="prediction_number_once")
        ]


class Judgement(models.Model):
    """What was found when the time was over; looked at once and kept as it was.

    `result` holds the estimates as plain values, in points of three classes; `unit` is how much of
    the score's unit one of them is, `kind` how the score is read.
    """

    prediction = models.OneToOneField(Prediction, models.CASCADE, related_name="judgement")
    verdict = models.CharField(max_length=12, choices=VERDICTS)
    why = models.CharField(max_length=16, choices=[(why.value, why.value) for why in Why])
    kind = models.CharField(max_length=8)
    unit = models.FloatField(default=1.0)
    result = models.JSONField(default=dict)
    judged_at = models.DateTimeField()
