"""Cases: one customer repaired. What opens one, who handles it, what was said and done."""

import uuid
from datetime import time
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Membership, Organisation, Staff, Team
from gloed.loop.cases.rules import kinds
from gloed.people.models import Person
from gloed.responses.models import Response
from gloed.surveys.models import Survey, Touchpoint


def working_days() -> list[int]:
    """Monday to Friday, as `date.weekday` counts."""
    return [0, 1, 2, 3, 4]


class Cause(models.Model):
    """A root cause that can be chosen: a short list that the organisation edits.

    A removed cause stays with the cases that have it, and can come back.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="causes")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="cause_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """One customer whose trouble somebody takes up; at most one open case per person.

    `version` counts edits: whoever saves names the one they read, so that two people lose nothing.
    `person_key` is the public id of the person, by which the case is found when they are erased.
    What is written here about somebody who was erased is emptied; moments and causes stay.
    The database does not look up person and response: they may go first, and what hangs on them
    here follows by the journal. Read them with `select_related`, which finds None for what is gone.
    """

    class Status(models.TextChoices):
        OPEN = kinds.Status.OPEN.value, _("waits for somebody")
        CONTACTED = kinds.Status.CONTACTED.value, _("being solved")
        CLOSED = kinds.Status.CLOSED.value, _("closed")

    class Outcome(models.TextChoices):
        SOLVED = kinds.Outcome.SOLVED.value, _("solved")
        PARTLY = kinds.Outcome.PARTLY.value, _("partly solved")
        NOT_SOLVED = kinds.Outcome.NOT_SOLVED.value, _("not solved")
        NOT_REACHED = kinds.Outcome.NOT_REACHED.value, _("not reached")
        NOTHING_TO_DO = kinds.Outcome.NOTHING_TO_DO.value, _("nothing had to be done")

    class Priority(models.IntegerChoices):
        NORMAL = kinds.Priority.NORMAL.value, _("normal")
        HIGH = kinds.Priority.HIGH.value, _("goes first")
        URGENT = kinds.Priority.URGENT.value, _("at once")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="cases")
    number = models.PositiveIntegerField()  # within the organisation, said on the telephone
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="cases", db_constraint=False
    )
    person_key = models.UUIDField(null=True, db_index=True)
    response = models.ForeignKey(
        Response, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    survey = models.ForeignKey(Survey, models.SET_NULL, null=True, related_name="cases")
    touchpoint = models.ForeignKey(Touchpoint, models.SET_NULL, null=True, related_name="cases")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="cases")
    owner = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="cases")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    priority_reasons = models.JSONField(default=list)  # as `rules.Reason`
    opened_because = models.JSONField(default=list)  # as `rules.Reason`
    opened_how = models.CharField(max_length=8, default="rule")  # rule, hand, silence
    opened_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    cause = models.ForeignKey(Cause, models.SET_NULL, null=True, related_name="cases")
    cause_words = models.TextField(blank=True)  # in the colleague's own words
    done = models.TextField(blank=True)  # what was done
    told = models.TextField(blank=True)  # what the customer was told
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # to have contacted the customer; counted in hours
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    caused_at = models.DateTimeField(null=True)  # a cause was first named
    done_at = models.DateTimeField(null=True)  # what was done was first written down
    told_at = models.DateTimeField(null=True)  # what the customer was told, likewise
    no_room_at = models.DateTimeField(null=True)  # somebody had no room to solve it
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "number"], name="case_number_once"),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(closed_at=None, person__isnull=False),
                name="case_open_once_per_person",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organisation", "due_at"],
                condition=models.Q(closed_at=None),
                name="case_open_by_due",
            ),
            models.Index(
                fields=["owner", "due_at"],
                condition=models.Q(closed_at=None),
                name="case_open_by_owner",
            ),
            models.Index(fields=["organisation", "-opened_at"], name="case_newest"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.closed_at is None


class CaseAnswer(models.Model):
    """An answer that belongs to a case: the one it began with, and later ones of the same person.

    An answer belongs to one case at most, so that telling it twice changes nothing.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="answers")
    response = models.OneToOneField(
        Response, models.DO_NOTHING, related_name="case_link", db_constraint=False
    )
    linked_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]


class CaseEvent(models.Model):
    """A line of a case's story. Written once; only erasing a person empties its words."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=24)  # `rules.Happened`, or a kind of a neighbouring app
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "at"], name="case_event_by_kind")
        ]


class Mention(models.Model):
    """A colleague named in a note; stands on their Today until they have opened the case."""

    event = models.ForeignKey(CaseEvent, models.CASCADE, related_name="mentions")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="case_mentions")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["event", "staff"], name="mention_once_per_note")
        ]


class CaseTask(models.Model):
    """Something to do for a case, by somebody, before a day."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks")
    title = models.CharField(_("what has to be done"), max_length=200)
    owner = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="case_tasks")
    due_on = models.DateField(_("before"), null=True)
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    done_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["due_on", "pk"]


class OpeningRule(models.Model):
    """When a case opens by itself. `asks` is `rules.Asks` as plain values.

    A removed rule is off, and can come back.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="case_rules")
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    is_on = models.BooleanField(default=False)
    asks = models.JSONField(default=dict)
    priority = models.PositiveSmallIntegerField(
        choices=Case.Priority.choices, default=Case.Priority.NORMAL
    )
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    on_since = models.DateTimeField(null=True)  # answers given before it do not open a case
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Route(models.Model):
    """Who gets a case: the first route that fits. `fits` is `rules.Fits` as plain values.

    A removed route can come back.
    """

    class Way(models.TextChoices):
        LOAD = kinds.Way.LOAD.value, _("whoever has the fewest open cases")
        TURN = kinds.Way.TURN.value, _("each in turn")
        NOBODY = kinds.Way.NOBODY.value, _("nobody yet: the team takes it up")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="case_routes")
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    fits = models.JSONField(default=dict)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.LOAD)
    members = models.ManyToManyField(Membership, related_name="case_routes", blank=True)
    removed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Absence(models.Model):
    """Days on which a colleague gets no new cases, both ends included."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="absences")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    stand_in = models.ForeignKey(
        Membership, models.SET_NULL, null=True, related_name="stands_in_for"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["starts_on", "pk"]


class CaseSettings(models.Model):
    """Working hours and what follows from them; without a row these defaults hold."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="case_settings", primary_key=True
    )
    weekdays = models.JSONField(default=working_days)
    opens = models.TimeField(_("from"), default=time(9))
    closes = models.TimeField(_("until"), default=time(17))
    country = models.CharField(max_length=2, blank=True, default="NL")
    hours_normal = models.PositiveSmallIntegerField(default=16)
    hours_high = models.PositiveSmallIntegerField(default=8)
    hours_urgent = models.PositiveSmallIntegerField(default=2)
    remind_hours = models.PositiveSmallIntegerField(default=2)  # before the deadline; 0: never
    escalate_to = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    quarantine = models.BooleanField(default=True)  # ask nothing while a case is open

    def hours(self) -> dict[int, int]:
        """Working hours until the customer must have heard from us, by priority."""
        return {
            Case.Priority.NORMAL: self.hours_normal,
            Case.Priority.HIGH: self.hours_high,
            Case.Priority.URGENT: self.hours_urgent,
        }


class FrontlineRoom(models.Model):
    """What may be spent or decided without asking, for everybody or for one team."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="frontline_rooms")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="frontline_rooms")
    amount = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="EUR")
    words = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(team=None),
                name="frontline_room_once",
            ),
            models.UniqueConstraint(
                fields=["team"],
                condition=models.Q(team__isnull=False),
                name="frontline_room_once_per_team",
            ),
        ]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is stated."""
        return self.amount is None and not self.words


Detail = dict[str, Any]
