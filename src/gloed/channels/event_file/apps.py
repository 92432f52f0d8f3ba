"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventFileConfig(AppConfig):
    """Registers the room with Django, and its tasks with the worker."""

    name = "gloed.channels.event_file"
    label = "event_file"

    def ready(self) -> None:
        """Make the tasks known; models are only there from here on."""
        from gloed.base import audit
        from gloed.channels.event_file import tasks  # noqa: F401  # registers itself

        audit.name_actions(
            {
                "event_file.begun": _("brought in events from a file"),
                "event_file.stopped": _("stopped bringing in events from a file"),
            }
        )
