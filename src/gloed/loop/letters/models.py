"""Letters of a case: the conversation, its templates, and the question whether it is solved."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation, Staff
from gloed.fieldwork.models import Invitation
from gloed.loop.cases.models import Case
from gloed.loop.cases.rules import Gesture
from gloed.loop.letters.rules import new_token
from gloed.surveys.models import Survey


class Thread(models.Model):
    """The conversation of one case. `token` stands in the address that answers go to.

    It goes with its case, and with the person when they are erased (`operations.forgetting`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="letter_threads")
    case = models.OneToOneField(Case, models.CASCADE, related_name="letter_thread")
    token = models.CharField(max_length=20, unique=True, default=new_token, editable=False)
    opened_at = models.DateTimeField()


class LetterTemplate(models.Model):
    """A text to begin a letter with. `words` holds title, subject and body for each language.

    `usual` names the text of the house that it replaces; empty for one of their own. A removed one
    stays with the letters written from it and can come back.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="letter_templates")
    usual = models.CharField(max_length=32, blank=True)
    gesture = models.CharField(
        _("gesture"), max_length=12, choices=[(one.value, one.value) for one in Gesture], blank=True
    )
    words = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=100)
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "usual"],
                condition=~models.Q(usual=""),
                name="letter_template_usual_once",
            )
        ]


class Letter(models.Model):
    """One letter of a conversation, ours or the customer's.

    One of ours is a draft, waits for its moment, and is handed over at most once: `handed_at` is
    written down before, what became of it afterwards. `could_write` is who could have written a
    letter that goes by itself. `key` makes sending twice, and coming in twice, harmless.
    """

    class Kind(models.TextChoices):
        REPLY = "reply", _("written by a colleague")
        SOLVED = "solved", _("the question whether it is solved")
        ANSWER = "answer", _("from the customer")
        AUTO_REPLY = "auto_reply", _("an automatic reply")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        WAITING = "waiting", _("on its way out")
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("perhaps sent")
        FAILED = "failed", _("could not be sent")
        BOUNCED = "bounced", _("bounced")
        WITHDRAWN = "withdrawn", _("not sent")
        RECEIVED = "received", _("received")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="letters")
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices)
    key = models.CharField(max_length=64)
    author = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    could_write = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    is_suggested = models.BooleanField(default=False)  # a language model drafted it
    address = models.CharField(max_length=254, blank=True)  # the customer's
    language = models.CharField(max_length=8, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("letter"), blank=True)
    quoted = models.TextField(blank=True)  # what was only repeated below it
    gestures = models.JSONField(default=list)
    parcels = models.JSONField(default=list)  # name, kind and size of what came with it
    is_cut = models.BooleanField(default=False)
    message_id = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)  # sent, received, or given up

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "key"], name="letter_key_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["thread", "created_at"], name="letter_by_thread"),
            models.Index(
                fields=["due_at"], condition=models.Q(state="waiting"), name="letter_waiting"
            ),
            models.Index(fields=["organisation", "state", "-created_at"], name="letter_by_state"),
        ]

    @property
    def is_ours(self) -> bool:
        """Whether we write it; else the customer did."""
        return self.kind in (self.Kind.REPLY, self.Kind.SOLVED)

    @property
    def at(self) -> object:
        """When it went or came, or else was begun."""
        return self.ended_at or self.created_at


class LetterFile(models.Model):
    """Something small and safe that came with a letter."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=80)
    data = models.BinaryField()


class Stray(models.Model):
    """A mail that names a conversation and came from another address: a person decides.

    Shown to nobody who only handles the case, and thrown away after a while.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="stray_letters")
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="strays")
    key = models.CharField(max_length=64)
    sender = models.CharField(max_length=254)
    sender_name = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    message_id = models.CharField(max_length=255, blank=True)
    received_at = models.DateTimeField()
    placed = models.OneToOneField(Letter, models.SET_NULL, null=True, related_name="stray")
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "key"], name="stray_key_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-received_at"], name="stray_newest")
        ]


class LetterSettings(models.Model):
    """What follows a closed case; without a row these defaults hold."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="letter_settings", primary_key=True
    )
    asks_solved = models.BooleanField(_("ask whether it is solved"), default=True)
    solved_hours = models.PositiveSmallIntegerField(_("hours after closing"), default=24)
    asks_again = models.BooleanField(_("ask the regular survey again later"), default=True)
    again_days = models.PositiveSmallIntegerField(_("days after closing"), default=30)


class FollowUp(models.Model):
    """What follows one closing of a case: is it solved, and later the regular survey.

    `token` opens the page of the question; looking at it records nothing. `again_became` is empty
    while the survey is still to come.
    """

    class Answer(models.TextChoices):
        YES = "yes", _("solved")
        PARTLY = "partly", _("partly solved")
        NO = "no", _("not solved")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="follow_ups")
    case = models.ForeignKey(Case, models.CASCADE, related_name="follow_ups")
    closed_at = models.DateTimeField()
    token = models.CharField(max_length=20, unique=True, default=new_token, editable=False)
    letter = models.OneToOneField(Letter, models.SET_NULL, null=True, related_name="follow_up")
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    survey = models.ForeignKey(Survey, models.SET_NULL, null=True, related_name="+")
    again_at = models.DateTimeField(null=True)
    again_until = models.DateTimeField(null=True)
    again_became = models.CharField(max_length=16, blank=True)  # asked, or why not
    invitation = models.ForeignKey(Invitation, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "closed_at"], name="follow_up_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["again_at"],
                condition=models.Q(again_became="", again_at__isnull=False),
                name="follow_up_due",
            )
        ]
