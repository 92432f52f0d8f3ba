"""What is watched, how often that may ring for nothing, and what rang."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.analysis.models import SavedView
from gloed.analysis.monitors.rules import USUAL_PROMISE
from gloed.base.models import Membership, Organisation, Staff
from gloed.loop.improvements.models import Improvement


class Promise(models.Model):
    """How many weeks lie between two alarms for nothing, all weekly monitors taken together."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="+")
    weeks = models.PositiveSmallIntegerField(default=USUAL_PROMISE)


class Monitor(models.Model):
    """A saved view that is watched from `run_from` on.

    What is watched is written down here, as it was when the monitor was made: a view may change,
    but a monitor that changed with it would compare two different things. A weekly monitor holds
    each week against the answers between `usual_from` and `usual_until`; a running one holds all
    answers since `run_from` against `aim`. After an alarm the run begins anew.
    """

    class Kind(models.TextChoices):
        WEEKLY = "weekly", _("Against its usual level, week by week")
        RUNNING = "running", _("Against a level you set, after every answer")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=80)
    about = models.CharField(max_length=80)  # as in an address of the explorer
    filters = models.CharField(max_length=2000, blank=True)  # the same, only its filters
    kind = models.CharField(max_length=8, choices=Kind)
    aim = models.FloatField(null=True)  # in the unit of the score; running only
    usual_from = models.DateField(null=True)  # weekly only; a Monday
    usual_until = models.DateField(null=True)  # weekly only; a Monday, not included
    run_from = models.DateField()
    judged_until = models.DateField()  # days before this one have been judged
    recipients = models.ManyToManyField(Membership, related_name="+", blank=True)
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)  # undo clears it

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "deleted_at"], name="monitor_by_organisation")
        ]

    def __str__(self) -> str:
        return self.name


class Alarm(models.Model):
    """One ring of a monitor: what was seen, and what came of it. A run rings once."""

    class Verdict(models.TextChoices):
        OPEN = "", _("not looked at yet")
        REAL = "real", _("something had changed")
        NOTHING = "nothing", _("nothing was the matter")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    monitor = models.ForeignKey(Monitor, models.CASCADE, related_name="alarms")
    run_from = models.DateField()
    begins_on = models.DateField()  # when it began, estimated
    on = models.DateField()  # the last day it was seen from
    value = models.FloatField()  # in the unit of the score, as all below
    low = models.FloatField()  # of what was usual, or of the interval
    high = models.FloatField()
    aim = models.FloatField()
    is_up = models.BooleanField()
    metric = models.CharField(max_length=8)
    unit = models.CharField(max_length=8)  # measures.Kind
    n = models.PositiveIntegerField()
    changes = models.CharField(max_length=3000)  # the address of What changed after its "?"
    raised_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True, default="")
    note = models.TextField(blank=True)
    improvement = models.ForeignKey(Improvement, models.SET_NULL, null=True, related_name="+")
    judged_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-raised_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["monitor", "run_from"], name="alarm_once_a_run")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-raised_at"], name="alarm_by_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.monitor.name} {self.on}"
