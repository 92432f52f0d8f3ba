"""How mails look, and what the sending has to remember from one round to the next."""

from typing import ClassVar

from django.db import models

from gloed.base.models import Organisation
from gloed.fieldwork.models import Invitation
from gloed.surveys.models import Survey


class MailDesign(models.Model):
    """What the mail of a survey is built from; without a survey that of all others.

    Both are JSON as `rules.blocks.as_json` writes it. Without content it is the usual mail again;
    `earlier` is what it was before the last change.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="mail_designs")
    survey = models.OneToOneField(Survey, models.CASCADE, null=True, related_name="mail_design")
    content = models.JSONField(null=True)
    earlier = models.JSONField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(survey=None),
                name="one_mail_design_for_all",
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


class WarmUp(models.Model):
    """A young sender sends little at first and more each day: one row while it lasts, else none.

    One for the whole installation: what has to become known is the domain that all mails come from.
    """

    first = models.PositiveIntegerField(default=200)  # mails on the first day
    growth = models.PositiveSmallIntegerField(default=50)  # percent a day
    started_at = models.DateTimeField()


class WarmUpDay(models.Model):
    """How many invitations a young sender was allowed on a day, and how many are going."""

    on = models.DateField(unique=True)
    limit = models.PositiveIntegerField()
    mails = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["on"]


class MailVisit(models.Model):
    """The link of a rating in a mail was opened, last at this moment.

    A visit never records an answer; it tells people from machines.
    """

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="mail_visits")
    rating = models.SmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["invitation", "rating"], name="mail_visit_once")
        ]
