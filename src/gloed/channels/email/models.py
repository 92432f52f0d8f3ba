"""The words of a survey's mail, and what the sending has to remember from one round to the next."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.surveys.models import Survey


class MailWords(models.Model):
    """The mail of a survey in one language; what is empty is said in the usual words."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="mail_words")
    language = models.CharField(max_length=8)
    sender_name = models.CharField(_("sender"), max_length=80, blank=True)
    reply_to = models.EmailField(_("answers to the mail go to"), blank=True)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    preheader = models.CharField(_("line after the subject"), max_length=150, blank=True)
    opening = models.TextField(_("before the question"), max_length=1000, blank=True)
    closing = models.TextField(_("after the question"), max_length=600, blank=True)
    reminder_subject = models.CharField(_("subject of a reminder"), max_length=150, blank=True)
    reminder_opening = models.TextField(
        _("before the question in a reminder"), max_length=1000, blank=True
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["survey", "language"], name="mail_words_once_per_language"
            )
        ]


class MailServer(models.Model):
    """How the mail server does: one row for the whole installation, none while all is well."""

    troubles = models.PositiveIntegerField(default=0)  # rounds that went wrong in a row
    resting_until = models.DateTimeField()
    since = models.DateTimeField()
    problem = models.CharField(max_length=120)


class DomainMinute(models.Model):
    """How many mails went, or are going, to one mail domain within one minute."""

    domain = models.CharField(max_length=254)
    minute = models.DateTimeField()
    mails = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["domain", "minute"], name="domain_minute_once")
        ]
