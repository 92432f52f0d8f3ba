"""Improvements with their steps and the answers they rest on."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Membership, Organisation, Staff, Team
from gloed.coding.models import Theme
from gloed.loop.cases.models import Case
from gloed.loop.improvements.rules import Board, Kind, Origin, Status
from gloed.responses.models import Response
from gloed.surveys.models import Touchpoint

KINDS = [
    (Kind.LEAD_TIME.value, _("Lead time")),
    (Kind.COMMUNICATION.value, _("Communication")),
    (Kind.TRAINING.value, _("Training")),
    (Kind.DIGITAL.value, _("Digital")),
    (Kind.PRODUCT.value, _("Product")),
    (Kind.POLICY.value, _("Policy")),
    (Kind.OTHER.value, _("Something else")),
]
BOARDS = [(Board.FIX.value, _("Fix")), (Board.KEEP.value, _("Keep doing"))]
STATUSES = [
    (Status.IDEA.value, _("Idea")),
    (Status.PLANNED.value, _("Planned")),
    (Status.STARTED.value, _("Being done")),
    (Status.FINISHED.value, _("Finished")),
    (Status.DROPPED.value, _("Dropped")),
]
ORIGINS = [(origin.value, origin.value) for origin in Origin]


class Improvements(models.QuerySet["Improvement"]):
    """Improvements in the words of the room."""

    def alive(self) -> "Improvements":
        """Those that were not taken away."""
        return self.filter(removed_at=None)


class Improvement(models.Model):
    """One cause that is removed, or one strength that is kept up.

    `segment` are columns of the projection with the value each must have ("attr:Region": "Noord").
    `goal_key` is the public id of a goal the organisation has set (see `aims`), `goal` its name of
    that day, or a goal in own words. Without either, and when the goal it pointed at was taken
    away, it serves no aim of the organisation and leaks energy. What was removed keeps everything
    and can come back.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="improvements")
    title = models.CharField(_("what we improve"), max_length=160)
    cause = models.TextField(_("cause"), blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=KINDS, default=Kind.OTHER)
    board = models.CharField(_("board"), max_length=4, choices=BOARDS, default=Board.FIX)
    is_quick_win = models.BooleanField(_("quick win"), default=False)
    status = models.CharField(max_length=8, choices=STATUSES, default=Status.IDEA)
    owner = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="improvements")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="improvements")
    touchpoint = models.ForeignKey(
        Touchpoint, models.SET_NULL, null=True, related_name="improvements"
    )
    themes = models.ManyToManyField(Theme, related_name="improvements", blank=True)
    cases = models.ManyToManyField(Case, related_name="improvements", blank=True)
    segment = models.JSONField(default=dict)
    goal = models.CharField(_("strategic goal"), max_length=300, blank=True)
    goal_key = models.UUIDField(null=True)
    expected_points = models.FloatField(_("expected points"), null=True)
    cost = models.PositiveIntegerField(_("cost in euros"), null=True)
    starts_on = models.DateField(_("starts on"), null=True)
    due_on = models.DateField(_("finished by"), null=True)
    outcome = models.TextField(_("what was done"), blank=True)
    origin = models.CharField(max_length=8, choices=ORIGINS, default=Origin.BLANK)
    origin_note = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = Improvements.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "status"], name="improvement_by_status")
        ]

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """One thing to do on the way, by a day."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    improvement = models.ForeignKey(Improvement, models.CASCADE, related_name="steps")
    title = models.CharField(_("step"), max_length=160)
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = [models.F("due_on").asc(nulls_last=True), "pk"]  # type: ignore[list-item]  # Django orders by expressions too

    def __str__(self) -> str:
        return self.title


class Evidence(models.Model):
    """An answer that an improvement rests on.

    The response is not looked up by the database: it may go first, and is then passed over.
    """

    improvement = models.ForeignKey(Improvement, models.CASCADE, related_name="evidence")
    response = models.ForeignKey(
        Response, models.DO_NOTHING, related_name="evidence_of", db_constraint=False
    )
    added_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-added_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["improvement", "response"], name="evidence_once")
        ]
