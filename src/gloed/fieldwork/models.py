"""Whom we asked and whom not: the contact policy, waves, invitations and what became of them."""

import secrets
import uuid
from datetime import time
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation, Staff
from gloed.people.models import Person
from gloed.surveys.models import Survey


def new_token() -> str:
    """128 random bits, 22 characters: short enough for a mail header, too long to guess."""
    return secrets.token_urlsafe(16)


class ContactPolicy(models.Model):
    """The contact policy of an organisation; without a row the defaults of `rules.Policy` hold.

    0 is no limit. See `rules.Policy` for what each number means.
    """

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="contact_policy", primary_key=True
    )
    relationship_rest_days = models.PositiveSmallIntegerField(default=90)
    transactional_rest_days = models.PositiveSmallIntegerField(default=30)
    survey_cap = models.PositiveSmallIntegerField(default=4)
    domain_daily_cap = models.PositiveIntegerField(default=0)
    quarantine_days = models.PositiveSmallIntegerField(default=30)
    sampling_share = models.PositiveSmallIntegerField(default=100)
    wave_quota = models.PositiveIntegerField(default=0)
    open_days = models.PositiveSmallIntegerField(default=21)


class Wave(models.Model):
    """One fielding of a survey to a segment of people."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("planned")
        RUNNING = "running", _("on its way")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")

    class Pace(models.TextChoices):
        ONCE = "once", _("all at once")
        TRICKLE = "trickle", _("evenly over working days")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="waves")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="waves")
    name = models.CharField(_("name"), max_length=120)
    channel = models.CharField(_("channel"), max_length=16)
    segment = models.JSONField(default=dict)  # attribute: list of values, each as text
    sample_size = models.PositiveIntegerField(null=True)  # at most so many; null: no limit
    sample_share = models.PositiveSmallIntegerField(null=True)  # percent; null: everybody
    quota_attribute = models.CharField(max_length=120, blank=True)
    quota_size = models.PositiveIntegerField(null=True)  # at most so many for each value of it
    pace = models.CharField(_("pace"), max_length=8, choices=Pace.choices, default=Pace.ONCE)
    starts_at = models.DateTimeField(null=True)
    days = models.PositiveSmallIntegerField(default=5)
    opens = models.TimeField(default=time(9))
    closes = models.TimeField(default=time(17))
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    reminder_days = models.PositiveSmallIntegerField(default=5)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    is_written = models.BooleanField(default=False)  # everybody of the segment is in the ledger
    cursor = models.BigIntegerField(default=0)  # the last person that was looked at
    invited = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-created_at"], name="wave_newest")
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """One line of the ledger: an ask to one person, or why there was none.

    `is_open` holds from the moment we decide to ask until an answer or another end; nobody has two
    open ones. A line that was skipped was never an ask: its token opens nothing.
    """

    class Disposition(models.TextChoices):
        CREATED = "created", _("made")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        OPENED = "opened", _("opened")
        STARTED = "started", _("started")
        PARTIAL = "partial", _("partly answered")
        COMPLETE = "complete", _("answered")
        BOUNCED = "bounced", _("bounced")
        FAILED = "failed", _("could not be sent")
        OPTED_OUT = "opted_out", _("opted out")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", _("withdrawn")
        SKIPPED = "skipped", _("not asked")

    class Skip(models.TextChoices):
        NO_ADDRESS = "no_address", _("no address")
        OPTED_OUT = "opted_out", _("does not want surveys")
        SUPPRESSED = "suppressed", _("on the do-not-ask list")
        BOUNCED = "bounced", _("mail to the address bounced")
        PAUSED = "paused", _("asked for a pause")
        QUARANTINE = "quarantine", _("a case is being handled")
        OPEN_INVITATION = "open_invitation", _("another invitation is open")
        RESTING = "resting", _("asked not long ago")
        OWN_RHYTHM = "own_rhythm", _("wants to be asked less often")
        CAP_REACHED = "cap_reached", _("asked this survey often enough")
        ERASED = "erased", _("erased on request")
        SURVEY_CLOSED = "survey_closed", _("the survey is closed")
        NOT_SAMPLED = "not_sampled", _("not in the sample")
        QUOTA_FULL = "quota_full", _("the quota is full")
        STOPPED = "stopped", _("the wave was stopped")
        WITHDRAWN = "withdrawn", _("a later event took it back")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="invitations")
    wave = models.ForeignKey(
        Wave, models.SET_NULL, null=True, related_name="invitations", db_index=False
    )
    event = models.CharField(max_length=120, null=True)  # noqa: DJ001 - null is not unique
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    channel = models.CharField(max_length=16)
    domain = models.CharField(max_length=254, blank=True, db_default="")  # of the mail address
    disposition = models.CharField(
        max_length=12, choices=Disposition.choices, default=Disposition.CREATED
    )
    skip = models.CharField(max_length=16, choices=Skip.choices, blank=True, db_default="")
    is_open = models.BooleanField(default=False, db_default=False)
    attributes = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)  # a channel is at work on it until then
    handed_at = models.DateTimeField(null=True)  # the channel began to hand it over
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    problem = models.CharField(max_length=300, blank=True, db_default="")
    message_id = models.CharField(max_length=255, blank=True, db_default="")
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    opted_out_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0, db_default=0)  # sent
    reminded_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(is_open=True), name="invitation_open_once"
            ),
            models.UniqueConstraint(
                fields=["wave", "person"],
                condition=models.Q(wave__isnull=False),
                name="invitation_once_per_wave",
            ),
            models.UniqueConstraint(
                fields=["survey", "event"],
                condition=models.Q(event__isnull=False),
                name="invitation_once_per_event",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["survey", "created_at"], name="invitation_by_survey"),
            models.Index(fields=["organisation", "-created_at", "-id"], name="invitation_newest"),
            models.Index(
                fields=["organisation", "disposition", "skip"], name="invitation_by_disposition"
            ),
            models.Index(
                fields=["wave", "disposition", "skip"],
                condition=models.Q(wave__isnull=False),
                name="invitation_by_wave",
            ),
            models.Index(
                fields=["channel", "due_at"],
                condition=models.Q(is_open=True, sent_at=None),
                name="invitation_due",
            ),
            models.Index(
                fields=["expires_at"], condition=models.Q(is_open=True), name="invitation_expiring"
            ),
            models.Index(
                fields=["message_id"],
                condition=~models.Q(message_id=""),
                name="invitation_by_message",
            ),
        ]


class Preference(models.Model):
    """How somebody wants to be asked, in their own words to us; no row: no wish."""

    person = models.OneToOneField(
        Person, models.CASCADE, related_name="preference", primary_key=True
    )
    is_opted_out = models.BooleanField(default=False)
    kinds_opted_out = models.JSONField(default=list)
    pause_until = models.DateTimeField(null=True)
    rhythm_days = models.PositiveSmallIntegerField(default=0)  # 0: as the policy has it
    quarantine_until = models.DateTimeField(null=True)  # a case is being handled until then
    changed_at = models.DateTimeField()
