"""Projects of the old service: a key, a survey, its recurring surveys and who still calls."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import ApiKey, Organisation
from gloed.people.models import Person
from gloed.responses.models import Response
from gloed.surveys.models import Survey


class Project(models.Model):
    """What was a project there: one survey of one type, reached by keys."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="delighted_projects"
    )
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    survey_type = models.CharField(max_length=16)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="delighted_project_once")
        ]

    def __str__(self) -> str:
        return self.name


class ProjectKey(models.Model):
    """Which project a key selects."""

    key = models.OneToOneField(ApiKey, models.CASCADE, related_name="delighted")
    project = models.ForeignKey(Project, models.CASCADE, related_name="keys")


class Caller(models.Model):
    """A program that used the old API, by its own name, and for what."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="callers")
    client = models.CharField(max_length=120)
    what = models.CharField(max_length=40)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-last_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["project", "client", "what"], name="caller_once")
        ]


class Autopilot(models.Model):
    """Asking members again and again: every `frequency` seconds while it is on."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="autopilots")
    platform = models.CharField(max_length=8)  # email, sms
    is_active = models.BooleanField(default=False)
    frequency = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["project", "platform"], name="autopilot_once")
        ]


class AutopilotMember(models.Model):
    """Somebody who is asked again and again, and when next."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="members")
    platform = models.CharField(max_length=8)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    properties = models.JSONField(default=dict)
    next_at = models.DateTimeField(null=True, db_index=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["project", "platform", "person"], name="autopilot_member_once"
            )
        ]


class Note(models.Model):
    """A note a colleague's program hung on a response."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="delighted_notes")
    text = models.TextField()
    user_email = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
