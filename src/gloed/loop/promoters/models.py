"""What promoters are asked and what they gave: referrals, references, early access."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation, Staff
from gloed.fieldwork.models import new_token
from gloed.fieldwork.notices.models import Notice
from gloed.loop.promoters.rules import (
    REST_DAYS,
    YEARLY_CAP,
    AskKind,
    Became,
    How,
    Place,
    Refused,
    new_slug,
)
from gloed.people.models import Person

KINDS = [
    (AskKind.THANK.value, _("thanked")),
    (AskKind.REFERRAL.value, _("asked to recommend us")),
    (AskKind.TESTIMONIAL.value, _("asked for a testimonial")),
    (AskKind.REFERENCE.value, _("asked as a reference")),
    (AskKind.EARLY_ACCESS.value, _("invited to try something first")),
    (AskKind.REVIEW.value, _("asked for a review")),
]
HOWS = [
    (How.MAIL.value, _("by mail")),
    (How.PHONE.value, _("by telephone")),
    (How.IN_PERSON.value, _("in person")),
    (How.PAGE.value, _("on our page")),
]
REFUSALS = [
    (Refused.UNKNOWN_CODE.value, _("nobody has this code")),
    (Refused.CLOSED.value, _("the link was closed by then")),
    (Refused.SELF.value, _("it is the giver")),
    (Refused.TOO_EARLY.value, _("before the link was made")),
    (Refused.OTHER_CODE.value, _("another code came first")),
    (Refused.ERASED.value, _("erased on request")),
]
PLACES = [
    (Place.INVITED.value, _("invited")),
    (Place.ACCEPTED.value, _("takes part")),
    (Place.DECLINED.value, _("rather not")),
    (Place.LEFT.value, _("stopped")),
]


class Programme(models.Model):
    """The referral programme of an organisation, and how long promoters are left alone.

    `words` are {language: {"text": …, "giver": …, "friend": …}}. `is_offered`: the highest group
    finds it in the thank-you. Without a row there is no programme.
    """

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="referral_programme", primary_key=True
    )
    is_on = models.BooleanField(_("the programme runs"), default=False)
    address = models.CharField(_("where a friend lands"), max_length=400, blank=True)
    words = models.JSONField(default=dict)
    is_offered = models.BooleanField(default=False)
    currency = models.CharField(max_length=8, default="EUR")
    rest_days = models.PositiveSmallIntegerField(default=REST_DAYS)
    changed_at = models.DateTimeField()


class Ask(models.Model):
    """Somebody was thanked or asked for something: when, how, by whom, what they answered.

    `token` opens the page on which they answer; `about` is the public id of what it is about. The
    person is not looked up by the database: an import that is undone takes many at once.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="promoter_asks")
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="promoter_asks", db_constraint=False
    )
    kind = models.CharField(max_length=12, choices=KINDS)
    how = models.CharField(max_length=12, choices=HOWS)
    about = models.UUIDField(null=True)
    at = models.DateTimeField()
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=160, blank=True)
    body = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    notice = models.OneToOneField(
        Notice, models.SET_NULL, null=True, related_name="promoter_ask"
    )  # the mail
    became = models.CharField(
        max_length=4, choices=[(one.value, one.name) for one in Became], blank=True
    )
    became_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "-at"], name="promoter_ask_of_person"),
            models.Index(fields=["organisation", "-at"], name="promoter_ask_newest"),
        ]


class ReferralLink(models.Model):
    """One person's own link. `slug` is the code; a closed one leads nowhere and can be opened."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="referral_links")
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="referral_links", db_constraint=False
    )
    slug = models.CharField(max_length=24, unique=True, default=new_slug, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "person"], name="referral_link_once_per_person"
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


class VisitDay(models.Model):
    """How often friends went on from a link on one day. Nothing is kept of who they were."""

    link = models.ForeignKey(ReferralLink, models.CASCADE, related_name="visit_days")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["link", "day"], name="referral_visits_once_a_day")
        ]


class Conversion(models.Model):
    """A new customer who came with a code; with a word in `refused` it does not count.

    When the giver is erased the link goes and the new customer still counts as recommended. When
    the new customer is erased only a digest of the key stays, so that it is counted once.
    """

    class Source(models.TextChoices):
        HAND = "hand", _("by hand")
        EVENT = "event", _("by a program")
        FILE = "file", _("by a file")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="referrals")
    link = models.ForeignKey(ReferralLink, models.SET_NULL, null=True, related_name="conversions")
    code = models.CharField(max_length=120, blank=True)
    customer_key = models.CharField(max_length=120)
    email_key = models.CharField(max_length=254, blank=True)
    happened_on = models.DateField()
    revenue = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    source = models.CharField(max_length=8, choices=Source.choices)
    batch = models.UUIDField(null=True)  # the file it came by
    told_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    told_at = models.DateTimeField()
    refused = models.CharField(max_length=16, choices=REFUSALS, blank=True)
    is_erased = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-happened_on", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "customer_key"],
                condition=models.Q(refused="", removed_at=None),
                name="referral_customer_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-told_at"], name="referral_newest"),
            models.Index(
                fields=["batch"], condition=models.Q(batch__isnull=False), name="referral_batch"
            ),
        ]

    @property
    def shown_key(self) -> str:
        """The customer as colleagues know them; empty when they were erased."""
        return "" if self.is_erased else self.customer_key


class Reference(models.Model):
    """Somebody who agreed to be called by prospects: about what, how often, in which words.

    `languages` are codes with a space between. One that ended stays, with the moment.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="references")
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="references", db_constraint=False
    )
    product = models.CharField(max_length=120, blank=True)
    sector = models.CharField(max_length=120, blank=True)
    languages = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    yearly_cap = models.PositiveSmallIntegerField(default=YEARLY_CAP)
    consent_text = models.TextField()
    consent_language = models.CharField(max_length=8)
    consented_at = models.DateTimeField()
    consent_how = models.CharField(max_length=12, choices=HOWS)
    noted_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    noted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_how = models.CharField(max_length=12, choices=HOWS, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-consented_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=models.Q(withdrawn_at=None),
                name="reference_once_per_person",
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


class ReferenceUse(models.Model):
    """A prospect was given this reference: who gave it, to whom, on which day."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.ForeignKey(Reference, models.CASCADE, related_name="uses")
    used_on = models.DateField()
    prospect = models.CharField(max_length=160)
    note = models.TextField(blank=True)
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    logged_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-used_on", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["reference", "used_on"], name="reference_use_by_day")
        ]


class EarlyAccess(models.Model):
    """Something a few customers may try before everybody else: a list with so many places."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="early_access_lists"
    )
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    places = models.PositiveSmallIntegerField()
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Trial(models.Model):
    """One person on an early-access list, and how far they are."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    early_access = models.ForeignKey(EarlyAccess, models.CASCADE, related_name="trials")
    person = models.ForeignKey(Person, models.CASCADE, related_name="trials", db_constraint=False)
    status = models.CharField(max_length=8, choices=PLACES, default=Place.INVITED)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-invited_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["early_access", "person"], name="trial_once")
        ]


class Remark(models.Model):
    """What somebody said who tries something; without a colleague they wrote it themselves."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    trial = models.ForeignKey(Trial, models.CASCADE, related_name="remarks")
    text = models.TextField()
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
