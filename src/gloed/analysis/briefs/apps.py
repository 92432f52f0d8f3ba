"""The app of the monthly brief."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BriefsConfig(AppConfig):
    """Registers the app with Django."""

    name = "gloed.analysis.briefs"
    label = "briefs"

    def ready(self) -> None:
        """Say in words what the trail holds of briefs."""
        # models can only be imported once every app is registered
        from gloed.base import audit

        audit.name_actions(
            {
                "briefs.subscribe": _("subscribed somebody to the brief"),
                "briefs.change": _("changed a subscription to the brief"),
                "briefs.end": _("ended a subscription to the brief"),
            }
        )
