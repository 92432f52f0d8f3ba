"""What we judge of barriers, which passives we work on, and what they were given."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.analysis.passives.rules import From, Gift, Lift, Outcome
from gloed.base.models import Membership, Organisation, Staff, Team
from gloed.people.models import Person
from gloed.responses.models import Response

LIFTS = [
    (Lift.OURS.value, _("We can lift this")),
    (Lift.NOT_OURS.value, _("Not ours to lift")),
    (Lift.UNJUDGED.value, _("Not yet judged")),
]
GIFTS = [
    (Gift.DISCOUNT.value, _("Discount")),
    (Gift.PRESENT.value, _("Present")),
    (Gift.EXTRA.value, _("Extra service")),
    (Gift.FREE_PERIOD.value, _("Free period")),
    (Gift.UPGRADE.value, _("Upgrade")),
    (Gift.INVITATION.value, _("Invitation")),
    (Gift.OTHER.value, _("Something else")),
]
OUTCOMES = [
    (Outcome.LIFTED.value, _("barrier lifted")),
    (Outcome.NOT_LIFTED.value, _("barrier not lifted")),
]
KINDS = [(kind.value, kind.value) for kind in From]


class JudgedBarrier(models.Model):
    """What was judged of a barrier; one without a row is not judged yet.

    `key` is that of a theme, or survey, question and option with a colon between.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=KINDS)
    key = models.CharField(max_length=120)
    lift = models.CharField(max_length=8, choices=LIFTS, default=Lift.UNJUDGED)
    owner = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    changed_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "key"], name="judged_barrier_once"
            )
        ]


class FollowUp(models.Model):
    """A passive whom somebody took up; at most one open one per person.

    `person_key` is the public id of the person, by which it is found when they are erased: then the
    words in it go, moments and outcome stay. The database looks up neither person nor response:
    they may go first. Read them with `select_related`, which finds None for what is gone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="passive_follow_ups", db_constraint=False
    )
    person_key = models.UUIDField(null=True, db_index=True)
    response = models.ForeignKey(
        Response, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    owner = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField()
    contacted_at = models.DateTimeField(null=True)  # last
    outcome = models.CharField(max_length=12, choices=OUTCOMES, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(ended_at=None, person__isnull=False),
                name="passive_open_once_per_person",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-taken_at"], name="passive_newest")
        ]

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it."""
        return self.ended_at is None


class Line(models.Model):
    """A line of what happened with a passive. `kind` is one of `operations.KINDS`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=12)
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]


class Offer(models.Model):
    """An offer or a perk somebody was given: what, by whom, when, and what it cost us.

    What was removed keeps everything and can come back; it no longer counts anywhere.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="offers", db_constraint=False
    )
    person_key = models.UUIDField(null=True, db_index=True)
    follow_up = models.ForeignKey(FollowUp, models.SET_NULL, null=True, related_name="offers")
    kind = models.CharField(max_length=12, choices=GIFTS)
    what = models.CharField(max_length=200, blank=True)
    cost = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="EUR")
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-given_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-given_at"], name="offer_newest")
        ]
