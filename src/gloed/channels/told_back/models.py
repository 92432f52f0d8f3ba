"""What is told about an improvement, to whom, and the public page of what was changed."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation, Staff
from gloed.channels.told_back.rules import Group, State
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.notices.models import Notice
from gloed.loop.improvements.models import Improvement
from gloed.people.models import Person
from gloed.surveys.models import Survey

GROUPS = [
    (Group.CASE.value, _("had a case about it")),
    (Group.WORDS.value, _("whose answer it rests on")),
    (Group.THEME.value, _("named one of its themes")),
]


class Telling(models.Model):
    """The telling of one improvement: in which words, and what follows.

    It begins once (`started_at`). `since` is the first day whose answers count for themes. Without
    `survey` nobody is asked again.
    """

    improvement = models.OneToOneField(Improvement, models.CASCADE, related_name="telling")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="tellings")
    state = models.CharField(
        max_length=8, choices=[(s.value, s.value) for s in State], default=State.DRAFT
    )
    since = models.DateField(null=True)
    survey = models.ForeignKey(Survey, models.SET_NULL, null=True, related_name="+")
    ask_after_days = models.PositiveSmallIntegerField(default=30)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")


class Wording(models.Model):
    """The message of one group in one language, as people may have changed it."""

    telling = models.ForeignKey(Telling, models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=8)
    group = models.CharField(max_length=8, choices=GROUPS)
    subject = models.CharField(max_length=160)
    body = models.TextField()

    class Meta:
        ordering: ClassVar[list[str]] = ["language", "group"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["telling", "language", "group"], name="told_wording_once"
            )
        ]


class LeftOut(models.Model):
    """Somebody a colleague took off the list before it was sent."""

    telling = models.ForeignKey(Telling, models.CASCADE, related_name="left_out")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_constraint=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["telling", "person"], name="told_left_out_once")
        ]


class Told(models.Model):
    """One person who is told, once. What became of the message stands in its notice.

    `again_at` is when they are asked again, `invitation` the ask that came of it, or the line of
    the ledger that says why there was none.
    """

    telling = models.ForeignKey(Telling, models.CASCADE, related_name="told")
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="told", db_constraint=False
    )
    language = models.CharField(max_length=8)
    group = models.CharField(max_length=8, choices=GROUPS)
    notice = models.OneToOneField(Notice, models.CASCADE, related_name="told")
    again_at = models.DateTimeField(null=True)
    invitation = models.ForeignKey(Invitation, models.SET_NULL, null=True, related_name="told")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["telling", "person"], name="told_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["again_at"],
                condition=models.Q(invitation=None, again_at__isnull=False),
                name="told_ask_again",
            )
        ]


class Reply(models.Model):
    """What somebody wrote back, once. It opens no case and changes nothing by itself.

    `is_theirs`: it came from the address the message went to, else from another one. `person_key`
    is the public id of the person, by which it is found when they are erased. `seen_at` is when the
    owner of the improvement first had it before them.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="told_replies")
    told = models.ForeignKey(Told, models.CASCADE, related_name="replies")
    person_key = models.UUIDField(db_index=True)
    key = models.CharField(max_length=64)
    sender = models.CharField(max_length=254)
    sender_name = models.CharField(max_length=120, blank=True)
    is_theirs = models.BooleanField()
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    is_cut = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "key"], name="told_reply_once")
        ]


class PublicPage(models.Model):
    """The page "what we changed" of an organisation: there only when somebody switched it on."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="public_page")
    slug = models.SlugField(max_length=60, unique=True)
    is_on = models.BooleanField(default=False)
    intros = models.JSONField(default=dict)  # by language
    changed_at = models.DateTimeField()


class PublicChange(models.Model):
    """One change on the public page, in the organisation's own words by language.

    `words` are {language: {"title": …, "text": …}}; what was taken off can come back.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="public_changes")
    improvement = models.ForeignKey(
        Improvement, models.SET_NULL, null=True, related_name="public_changes"
    )
    words = models.JSONField(default=dict)
    published_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-published_at", "-pk"]
