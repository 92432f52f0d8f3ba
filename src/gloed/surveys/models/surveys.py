"""Surveys and their frozen versions."""

import secrets
import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.surveys.models.journey import Touchpoint
from gloed.surveys.rules import Metric


def new_slug() -> str:
    """The unguessable part of a survey's public link."""
    return secrets.token_urlsafe(8).replace("_", "x").replace("-", "y")


class Survey(models.Model):
    """One survey with one metric. Its link works while it is open."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    class Kind(models.TextChoices):
        RELATIONSHIP = "relationship", _("relationship")
        TRANSACTIONAL = "transactional", _("transactional")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="surveys")
    touchpoint = models.ForeignKey(Touchpoint, models.SET_NULL, null=True, related_name="surveys")
    current = models.ForeignKey(
        "SurveyVersion", models.SET_NULL, null=True, related_name="+"
    )  # the version that is asked now; null until the first is published
    slug = models.CharField(max_length=24, unique=True, default=new_slug, editable=False)
    title = models.CharField(_("title"), max_length=160)
    metric = models.CharField(_("metric"), max_length=12, choices=[(m, m) for m in Metric])
    kind = models.CharField(
        _("kind"), max_length=16, choices=Kind.choices, default=Kind.RELATIONSHIP
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    languages = models.JSONField(default=list)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)  # a draft that was thrown away; undo clears it

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-created_at"], name="survey_newest")
        ]

    def __str__(self) -> str:
        return self.title


class SurveyVersion(models.Model):
    """The wording at one time. Published versions never change; answers point at theirs.

    At most one version of a survey is not yet published: its draft.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["survey", "number"], name="version_number_once")
        ]
