"""Who is told of an alarm by mail, and when that left."""

from typing import ClassVar

from django.db import models

from gloed.analysis.monitors.models import Alarm
from gloed.base.models import Staff


class Notice(models.Model):
    """One mail to one colleague about one alarm. Without `sent_at` it has not left yet."""

    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="+")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["alarm", "staff"], name="alarm_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.alarm} {self.staff}"
