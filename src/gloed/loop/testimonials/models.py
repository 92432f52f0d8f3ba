"""Words of customers that may be quoted, what they agreed to, and links to review sites."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation, Staff, Team
from gloed.fieldwork.models import new_token
from gloed.fieldwork.notices.models import Notice
from gloed.loop.testimonials.rules import Ended, Happened, Place, Shown, State
from gloed.people.models import Person
from gloed.responses.models import Response
from gloed.surveys.models import Survey

STATES = [
    (State.PROPOSED.value, _("proposed")),
    (State.ASKED.value, _("asked")),
    (State.AGREED.value, _("agreed")),
    (State.DECLINED.value, _("declined")),
    (State.WITHDRAWN.value, _("withdrawn")),
]
PLACES = [
    (Place.WALL.value, _("The wall of testimonials")),
    (Place.SITE.value, _("The website")),
    (Place.BROCHURE.value, _("A brochure or presentation")),
    (Place.SOCIAL.value, _("Social media")),
]
SHOWN = [
    (Shown.FULL.value, _("Full name")),
    (Shown.FIRST_TOWN.value, _("First name and town")),
    (Shown.INITIALS.value, _("Initials")),
    (Shown.COMPANY.value, _("The company")),
    (Shown.ANONYMOUS.value, _("Without a name")),
]
ENDED = [(one.value, one.value) for one in Ended]


class Testimonial(models.Model):
    """Words of one customer that they are asked to be quoted with.

    `original` are the words as they wrote them, `words` those that are proposed; each change of
    ours counts `version` up, and the customer agrees to the version they have read. `person_key` is
    the public id of the person, by which it is found when they are erased. The database does not
    look up person and response: they may go first, and what hangs on them here follows.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="testimonials")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="testimonials", db_constraint=False
    )
    person_key = models.UUIDField(null=True, db_index=True)
    response = models.ForeignKey(
        Response, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="testimonials")
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=STATES, default=State.PROPOSED.value)
    version = models.PositiveIntegerField(default=1)
    original = models.TextField(blank=True)
    words = models.TextField(blank=True)
    shown = models.CharField(max_length=12, choices=SHOWN, default=Shown.ANONYMOUS.value)
    name_text = models.CharField(max_length=120, blank=True)
    places = models.JSONField(default=list)
    note = models.CharField(max_length=600, blank=True)  # above the request, by who asks
    notice = models.OneToOneField(
        Notice, models.SET_NULL, null=True, related_name="testimonial_asked"
    )
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    asked_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=10, choices=ENDED, blank=True)
    on_wall_at = models.DateTimeField(null=True)
    wall_place = models.IntegerField(default=0)
    removed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "state"], name="testimonial_by_state"),
            models.Index(
                fields=["organisation"],
                condition=models.Q(on_wall_at__isnull=False),
                name="testimonial_on_wall",
            ),
            models.Index(fields=["response"], name="testimonial_by_response"),
        ]

    @property
    def has_said_no(self) -> bool:
        """Whether the customer declined or withdrew: nobody asks them again."""
        return self.state in (State.DECLINED, State.WITHDRAWN)


class Agreement(models.Model):
    """What a customer agreed to: the words, the name, the places, and the text above the tick.

    It stays when it ends, with the moment and the reason; of somebody who was erased only those.
    """

    testimonial = models.ForeignKey(Testimonial, models.CASCADE, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    words = models.TextField(blank=True)
    shown = models.CharField(max_length=12, choices=SHOWN)
    name_text = models.CharField(max_length=120, blank=True)
    places = models.JSONField(default=list)
    text = models.TextField()
    text_version = models.CharField(max_length=16)
    language = models.CharField(max_length=8)
    signed_name = models.CharField(max_length=120, blank=True)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=10, choices=ENDED, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["testimonial", "number"], name="agreement_number_once"),
            models.UniqueConstraint(
                fields=["testimonial"],
                condition=models.Q(ended_at=None),
                name="agreement_one_holds",
            ),
        ]


class Moment(models.Model):
    """A line of the story of a testimonial; without words, so nothing in it has to be erased."""

    testimonial = models.ForeignKey(Testimonial, models.CASCADE, related_name="story")
    kind = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Happened])
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]


class ReviewLinks(models.Model):
    """The review sites on the thank-you page of one survey, or without one of all others.

    Rows of {"name", "address"}. There is no column for a score or a group: everybody who answers
    is shown the same.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="review_links")
    survey = models.OneToOneField(Survey, models.CASCADE, null=True, related_name="review_links")
    is_on = models.BooleanField(default=False)
    links = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(survey=None),
                name="one_review_links_for_all",
            )
        ]
