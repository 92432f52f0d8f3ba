"""Widgets, and how often each was seen, opened and answered on a day: counts, no visitors."""

import secrets
import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.surveys.models import Survey


def new_key() -> str:
    """What stands in the snippet: it names the widget, and cannot be guessed from another."""
    return secrets.token_hex(8)


def new_secret() -> str:
    """What a website signs the identity of its visitors with: 256 random bits."""
    return secrets.token_urlsafe(32)


class Widget(models.Model):
    """One survey on one website: where, when, how and to how many of its visitors."""

    class Place(models.TextChoices):
        CORNER = "corner", _("A card in the corner, right")
        CORNER_LEFT = "corner-left", _("A card in the corner, left")
        DIALOG = "dialog", _("A wide card below, in the middle")
        TAB = "tab", _("A button at the edge, which the visitor opens")
        INLINE = "inline", _("In the page itself, where you put it")

    class When(models.TextChoices):
        DELAY = "delay", _("After some seconds")
        SCROLL = "scroll", _("After part of the page was read")
        EXIT = "exit", _("When the visitor is about to leave")
        CODE = "code", _("When your own code asks for it")

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the visitor’s device has it")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=16, unique=True, default=new_key, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="widgets")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="widgets")
    name = models.CharField(_("name"), max_length=120)
    sites = models.JSONField(default=list)
    place = models.CharField(max_length=12, choices=Place.choices, default=Place.CORNER)
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.AUTO)
    when = models.CharField(max_length=8, choices=When.choices, default=When.DELAY)
    seconds = models.PositiveSmallIntegerField(default=20)
    percent = models.PositiveSmallIntegerField(default=60)
    pages = models.JSONField(default=list)
    share = models.PositiveSmallIntegerField(default=100)
    is_on = models.BooleanField(default=True)
    secret = models.CharField(max_length=400)  # sealed
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class WidgetDay(models.Model):
    """What happened with a widget on one day."""

    widget = models.ForeignKey(Widget, models.CASCADE, related_name="days")
    day = models.DateField()
    seen = models.PositiveIntegerField(default=0, db_default=0)
    opened = models.PositiveIntegerField(default=0, db_default=0)
    closed = models.PositiveIntegerField(default=0, db_default=0)
    answered = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["widget", "day"], name="widget_day_once")
        ]
