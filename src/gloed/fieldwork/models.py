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
    offer_days = models.PositiveSmallIntegerField(default=30, db_default=30)
    sampling_share = models.PositiveSmallIntegerField(default=100)
    wave_quota = models.PositiveIntegerField(default=0)
    open_days = models.PositiveSmallIntegerField(default=21)
    country = models.CharField(max_length=2, blank=True, default="NL", db_default="NL")
    exemptions = models.JSONField(default=list)  # in order, as `rules.Exemption`


class WavePlan(models.Model):
    """Whom a wave asks by which way, how many of them and at which pace."""

    class Pace(models.TextChoices):
        ONCE = "once", _("all at once")
        TRICKLE = "trickle", _("evenly over working days")

    name = models.CharField(_("name"), max_length=120)
    channel = models.CharField(_("channel"), max_length=16)
    segment = models.JSONField(default=dict)  # attribute: list of values, each as text
    sample_size = models.PositiveIntegerField(null=True)  # at most so many; null: no limit
    sample_share = models.PositiveSmallIntegerField(null=True)  # percent; null: everybody
    quota_attribute = models.CharField(max_length=120, blank=True)
    quota_size = models.PositiveIntegerField(null=True)  # at most so many for each value of it
    pace = models.CharField(_("pace"), max_length=8, choices=Pace.choices, default=Pace.ONCE)
    days = models.PositiveSmallIntegerField(default=5)
    opens = models.TimeField(default=time(9))
    closes = models.TimeField(default=time(17))
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    reminder_days = models.PositiveSmallIntegerField(default=5)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class WaveSeries(WavePlan):
    """A wave that comes again each month or quarter, by itself; see `rules.Rhythm`."""

    class State(models.TextChoices):
        DRAFT = "draft", _("not begun yet")
        ACTIVE = "active", _("comes by itself")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("stopped")

    class Every(models.TextChoices):
        MONTH = "month", _("every month")
        QUARTER = "quarter", _("every quarter")

    class CountedIn(models.TextChoices):
        DAYS = "days", _("day of the month")
        WORKING_DAYS = "working_days", _("working day of the month")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="wave_series")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="wave_series")
    every = models.CharField(max_length=8, choices=Every.choices, default=Every.MONTH)
    counted_in = models.CharField(max_length=12, choices=CountedIn.choices, default=CountedIn.DAYS)
    number = models.SmallIntegerField(default=1)  # -1: the last one
    month = models.PositiveSmallIntegerField(default=1)  # of a quarter
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    next_at = models.DateTimeField(null=True)  # while it comes by itself
    next_month = models.DateField(null=True)  # its first day
    made_until = models.DateField(null=True)  # the last month that had its turn
    missed_at = models.DateTimeField(null=True)  # a turn at which the survey was not open
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_at"], condition=models.Q(state="active"), name="wave_series_due"
            )
        ]


class Wave(WavePlan):
    """One fielding of a survey to a segment of people."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("planned")
        RUNNING = "running", _("on its way")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="waves")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="waves")
    series = models.ForeignKey(WaveSeries, models.SET_NULL, null=True, related_name="waves")
    month = models.DateField(null=True)  # of a series: the first day of the month it is for
    starts_at = models.DateTimeField(null=True)
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
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["series", "month"],
                condition=models.Q(series__isnull=False),
                name="wave_once_per_turn",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-created_at"], name="wave_newest")
        ]


class Trigger(models.Model):
    """Who is asked when something happens, and what takes the ask back."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="triggers")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="triggers")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=60)  # of events, as `rules.kind_of` writes it
    channel = models.CharField(_("channel"), max_length=16)
    delay_minutes = models.PositiveIntegerField(default=0)
    within_minutes = models.PositiveIntegerField(null=True)  # later than that is too late
    in_working_hours = models.BooleanField(default=False)
    opens = models.TimeField(default=time(9))
    closes = models.TimeField(default=time(17))
    conditions = models.JSONField(default=list)  # as `rules.Condition`
    cancelled_by = models.JSONField(default=list)  # kinds of events
    match_on = models.CharField(max_length=120, blank=True)  # a property both events must share
    sampling_share = models.PositiveSmallIntegerField(default=100)  # percent
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    reminder_days = models.PositiveSmallIntegerField(default=5)
    is_on = models.BooleanField(default=False)
    made_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "kind"], name="trigger_by_kind")
        ]

    def __str__(self) -> str:
        return self.name


class ReceivedEvent(models.Model):
    """Something that happened to a person, told by another system. The same key comes in once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="events")
    properties = models.JSONField(default=dict)
    source = models.CharField(max_length=32, blank=True)  # api, import, webhook, page
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "key"], name="event_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-received_at", "-id"], name="event_newest"),
            models.Index(fields=["organisation", "kind", "-occurred_at"], name="event_by_kind"),
        ]

    def __str__(self) -> str:
        return self.kind


class Invitation(models.Model):
    """One line of the ledger: an ask to one person, or why there was none.

    `is_open` holds from the moment we decide to ask until an answer or another end; nobody has two
    open ones. A line that was skipped was never an ask: its token opens nothing.
    """

    class Disposition(models.TextChoices):
        CREATED = "created", _("made")
        UNCERTAIN = "uncertain", _("perhaps sent")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        OPENED = "opened", _("opened")
        STARTED = "started", _("started")
        PARTIAL = "partial", _("partly answered")
        COMPLETE = "complete", _("answered")
        BOUNCED = "bounced", _("bounced")
        FAILED = "failed", _("could not be sent")
        NO_CONTACT = "no_contact", _("not reached")
        REFUSED = "refused", _("did not want to answer")
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
        OFFER = "offer", _("got an offer or a perk not long ago")
        OWN_RHYTHM = "own_rhythm", _("wants to be asked less often")
        CAP_REACHED = "cap_reached", _("asked this survey often enough")
        ERASED = "erased", _("erased on request")
        SURVEY_CLOSED = "survey_closed", _("the survey is closed")
        NOT_SAMPLED = "not_sampled", _("not in the sample")
        QUOTA_FULL = "quota_full", _("the quota is full")
        STOPPED = "stopped", _("the wave was stopped")
        WITHDRAWN = "withdrawn", _("a later event took it back")
        EXCEPTION = "exception", _("an exception in the contact policy")
        TOO_OLD = "too_old", _("it happened too long ago")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="invitations", db_index=False
    )
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="invitations", db_index=False)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="invitations")
    wave = models.ForeignKey(
        Wave, models.SET_NULL, null=True, related_name="invitations", db_index=False
    )
    trigger = models.ForeignKey(
        Trigger, models.SET_NULL, null=True, related_name="invitations", db_index=False
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
    own_words = models.JSONField(null=True)  # see rules.words; None: the survey's own
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    send_before = models.DateTimeField(null=True)  # later than that is too late
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
                fields=["trigger", "disposition", "skip"],
                condition=models.Q(trigger__isnull=False),
                name="invitation_by_trigger",
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


class Reaction(models.Model):
    """What one trigger made of one event. What became of the ask stands in its invitation."""

    class Became(models.TextChoices):
        ASKED = "asked", _("asked")
        SKIPPED = "skipped", _("not asked")
        UNFIT = "unfit", _("did not fit")
        WITHDREW = "withdrew", _("took an ask back")

    event = models.ForeignKey(ReceivedEvent, models.CASCADE, related_name="reactions")
    trigger = models.ForeignKey(Trigger, models.SET_NULL, null=True, related_name="reactions")
    became = models.CharField(max_length=8, choices=Became.choices)
    skip = models.CharField(
        max_length=16, choices=Invitation.Skip.choices, blank=True, db_default=""
    )
    failed = models.JSONField(null=True)  # the condition that did not hold
    invitation = models.ForeignKey(Invitation, models.SET_NULL, null=True, related_name="reactions")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["event", "trigger"],
                condition=models.Q(trigger__isnull=False),
                name="reaction_once",
            )
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
    offered_at = models.DateTimeField(null=True)  # when they last got an offer or a perk
    changed_at = models.DateTimeField()
