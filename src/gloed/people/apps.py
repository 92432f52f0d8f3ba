"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.people"
    label = "people"

    def ready(self) -> None:
        """Say in words what the audit trail tells of persons."""
        # models can only be imported once every app is registered
        from gloed.base import audit

        audit.name_actions(
            {
                "people.suppressed": _("stopped surveys to a person"),
                "people.unsuppressed": _("let a person be asked again"),
            }
        )
