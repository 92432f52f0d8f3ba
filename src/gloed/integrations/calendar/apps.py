"""Calendars as a part of Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarsConfig(AppConfig):
    """Names its deeds."""

    name = "gloed.integrations.calendar"
    label = "calendars"

    def ready(self) -> None:
        """Models are only there from here on."""
        from gloed.base import audit

        audit.name_actions(
            {
                "calendar.made": _("made an address for the calendar"),
                "calendar.renewed": _("renewed the address for the calendar"),
                "calendar.ended": _("ended the address for the calendar"),
            }
        )
