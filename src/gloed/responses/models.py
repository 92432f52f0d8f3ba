"""What came back: responses, and the answers they consist of."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation, Team
from gloed.fieldwork.models import Invitation
from gloed.people.models import Person
from gloed.surveys.models import Question, Survey, SurveyVersion, Touchpoint


def _index_where_set(field: str, name: str) -> models.Index:
    """An index without the many rows that have nothing there: cheap to keep while importing."""
    return models.Index(
        fields=[field], condition=models.Q(**{f"{field}__isnull": False}), name=name
    )


class Response(models.Model):
    """One person's answers at one moment.

    `key` makes repeated delivery harmless: an invitation, a client's key, or source and source id,
    each with its prefix (`rules.key_of`). `attributes` are those of the person as they were then.

    The database looks up survey, person and invitation for each row (and an answer's response):
    those may go while somebody else writes. It does not look up organisation, version, touchpoint
    and team (nor an answer's question): they go only with the survey's organisation, and each
    look-up costs PostgreSQL 3 to 4 microseconds a row, a tenth of an import without persons. That
    nothing is ever left pointing nowhere is proved by tests/responses/test_no_orphans.py.
    """

    class Status(models.TextChoices):
        PARTIAL = "partial", _("partial")
        COMPLETE = "complete", _("complete")

    class Precision(models.TextChoices):
        SECOND = "second"
        MINUTE = "minute"
        DAY = "day"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        related_name="responses",
        db_index=False,
        db_constraint=False,
    )
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="responses", db_index=False)
    version = models.ForeignKey(
        SurveyVersion,
        models.PROTECT,
        related_name="responses",
        db_constraint=False,
        db_index=False,
    )
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="responses", db_index=False
    )
    invitation = models.ForeignKey(
        Invitation, models.SET_NULL, null=True, related_name="responses", db_index=False
    )
    touchpoint = models.ForeignKey(
        Touchpoint,
        models.SET_NULL,
        null=True,
        related_name="responses",
        db_index=False,
        db_constraint=False,
    )
    team = models.ForeignKey(
        Team,
        models.SET_NULL,
        null=True,
        related_name="responses",
        db_index=False,
        db_constraint=False,
    )
    key = models.CharField(max_length=200)
    revision = models.PositiveBigIntegerField(null=True)  # the respondent's own count of changes
    source = models.CharField(max_length=32)  # link, import, api, sample
    batch = models.UUIDField(null=True)  # the import it came in by
    row = models.BigIntegerField(null=True)  # its row in that import
    responded_at = models.DateTimeField(null=True)
    responded_precision = models.CharField(
        max_length=8, choices=Precision.choices, default=Precision.SECOND
    )
    written_zone = models.CharField(max_length=64, blank=True)  # offset or zone as written
    recorded_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)  # by staff: a later delivery leaves it alone
    erased_at = models.DateTimeField(null=True)  # with its person: nothing may fill it again
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.COMPLETE)
    language = models.CharField(max_length=8, blank=True)
    channel = models.CharField(max_length=32, blank=True)
    device = models.CharField(max_length=32, blank=True)
    seconds = models.PositiveSmallIntegerField(null=True)  # from page seen to complete
    signals = models.CharField(max_length=120, blank=True, db_default="")  # `rules.Signal`, spaced
    is_suspicious = models.BooleanField(db_default=False)  # set apart: out of every score
    judged_real_at = models.DateTimeField(null=True)  # a colleague said it is a person's
    attributes = models.JSONField(default=dict)
    tags = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "key"], name="response_key_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["survey", "-responded_at", "-id"], name="response_newest"),
            _index_where_set("person", "response_by_person"),
            _index_where_set("invitation", "response_by_invitation"),
            _index_where_set("touchpoint", "response_by_touchpoint"),
            _index_where_set("team", "response_by_team"),
            _index_where_set("batch", "response_by_batch"),
            models.Index(
                fields=["survey"],
                condition=models.Q(withdrawn_at__isnull=False),
                name="response_withdrawn",
            ),
            models.Index(
                fields=["survey", "responded_at"],
                condition=models.Q(is_suspicious=True, withdrawn_at__isnull=True),
                name="response_apart_at",
            ),
        ]


class Answer(models.Model):
    """The answer to one question: a rating, a verbatim, or what was chosen.

    `raw` keeps what was written where it could not be read as a rating of the scale. `choices` are
    the keys of the options chosen, with a space between ("yes" for a consent); whoever chose
    "other" wrote the verbatim.
    """

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers", db_index=False)
    question = models.ForeignKey(
        Question, models.PROTECT, related_name="answers", db_constraint=False
    )
    rating = models.SmallIntegerField(null=True)
    verbatim = models.TextField(blank=True)
    raw = models.CharField(max_length=200, blank=True)
    choices = models.TextField(blank=True, db_default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["response", "question"], name="answer_once")
        ]

    @property
    def chosen(self) -> list[str]:
        """The keys of the options chosen."""
        return self.choices.split()


class Consent(models.Model):
    """A consent somebody gave with an answer: what for, in which words, and when.

    One that was taken back stays, with the moment: it says what was allowed until then.
    """

    response = models.ForeignKey(Response, models.CASCADE, related_name="consents", db_index=False)
    question = models.ForeignKey(
        Question, models.PROTECT, related_name="consents", db_constraint=False
    )
    purpose = models.CharField(max_length=12)
    words = models.CharField(max_length=400)  # as they were read, in that language
    language = models.CharField(max_length=8)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["response", "question"], name="consent_once")
        ]


class ContactDetails(models.Model):
    """How somebody wants to be reached about an answer; kept only while they consent to it.

    Stands apart from answers: it is in no list, no export of answers and no projection.
    """

    response = models.OneToOneField(Response, models.CASCADE, related_name="contact")
    question = models.ForeignKey(
        Question, models.PROTECT, related_name="contacts", db_constraint=False
    )
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    given_at = models.DateTimeField()


class InvitationSignal(models.Model):
    """Something odd that was seen around an invitation, such as every link of its mail followed."""

    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="signals", db_index=False
    )
    signal = models.CharField(max_length=16)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["invitation", "signal"], name="signal_once")
        ]
