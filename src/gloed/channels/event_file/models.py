"""Files with events: their rows until they are taken in, and what became of them."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation, Staff
from gloed.surveys.models import Survey


class EventFile(models.Model):
    """One file. `rows` is emptied when it is done: what was in them stands in the events then.

    With a `survey` its rows are people who are asked, else events that triggers listen to.
    `columns` says which column holds what, by its place; `kind` is for all rows where no column
    says it; `problems` names the first rows that could not be taken in, each with the reason.
    """

    class State(models.TextChoices):
        READY = "ready", _("to be looked at")
        GOING = "going", _("being brought in")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("brought in")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="event_files")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    headers = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    kind = models.CharField(max_length=60, blank=True)
    survey = models.ForeignKey(Survey, models.CASCADE, null=True, related_name="+")
    channel = models.CharField(max_length=16, blank=True)
    is_day_first = models.BooleanField(default=True)
    count = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    fresh = models.PositiveIntegerField(default=0)
    again = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name
