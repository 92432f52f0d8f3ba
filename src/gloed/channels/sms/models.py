"""Providers, the words of a survey's message, its short links, and what the sending remembers."""

import secrets
import uuid
from datetime import time
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.fieldwork.models import Invitation
from gloed.surveys.models import Survey

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks alike
CODE_LENGTH = 10


def new_code() -> str:
    """The end of a short link: 54 to the power of 10, or 57 bits; guessing finds nobody."""
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))


def new_nonce() -> str:
    """What makes the address for replies unguessable, and another one when it is renewed."""
    return secrets.token_urlsafe(16)


class TextProvider(models.Model):
    """A provider of an organisation. The address holds a key: it is sealed and never shown."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="text_providers")
    name = models.CharField(_("name for yourselves"), max_length=80)
    scheme = models.CharField(max_length=24)
    sealed_address = models.TextField()
    hint = models.CharField(max_length=120)
    takes_replies = models.BooleanField(default=False)
    reply_nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    is_default = models.BooleanField(default=False)
    per_minute = models.PositiveIntegerField(default=60)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    tested_at = models.DateTimeField(null=True)
    troubles = models.PositiveIntegerField(default=0)
    resting_until = models.DateTimeField(null=True)
    problem = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(is_default=True),
                name="text_provider_default_once",
            )
        ]


class TextHours(models.Model):
    """When messages may arrive, and in which country numbers are read; no row: the usual ones."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="text_hours", primary_key=True
    )
    opens = models.TimeField(_("not before"), default=time(9))
    closes = models.TimeField(_("not after"), default=time(20))
    rests_on_sundays = models.BooleanField(_("never on Sundays and public holidays"), default=True)
    country = models.CharField(_("national numbers are of"), max_length=2, default="NL")


class TextWords(models.Model):
    """The message of a survey in one language; what is empty is said in the usual words."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="text_words")
    language = models.CharField(max_length=8)
    text = models.TextField(_("message"), max_length=600, blank=True)
    reminder = models.TextField(_("reminder"), max_length=600, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["survey", "language"], name="text_words_once_per_language"
            )
        ]


class ShortLink(models.Model):
    """A short address of one invitation, and the number it went to, so that STOP finds it.

    `given_id` is what the provider calls the newest message; its reports say it again.
    """

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    invitation = models.OneToOneField(
        Invitation, models.CASCADE, related_name="short_link", primary_key=True
    )
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    number = models.CharField(max_length=16, blank=True)
    given_id = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "number"], name="short_link_by_number"),
            models.Index(fields=["organisation", "given_id"], name="short_link_by_given_id"),
        ]


class TextMinute(models.Model):
    """How many messages went, or are going, to one provider within one minute."""

    provider = models.ForeignKey(TextProvider, models.CASCADE, related_name="+")
    minute = models.DateTimeField()
    messages = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["provider", "minute"], name="text_minute_once")
        ]
