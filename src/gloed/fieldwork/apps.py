"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldworkConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.fieldwork"
    label = "fieldwork"

    def ready(self) -> None:
        """Say in words what the audit trail tells of waves and the contact policy."""
        # models can only be imported once every app is registered
        from gloed.base import audit  # noqa: PLC0415

        audit.name_actions(
            {
                "wave.started": _("started a wave"),
                "wave.paused": _("paused a wave"),
                "wave.resumed": _("let a wave go on"),
                "wave.stopped": _("stopped a wave"),
                "contact_policy.changed": _("changed the contact policy"),
            }
        )
