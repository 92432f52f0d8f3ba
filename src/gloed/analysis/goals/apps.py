"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GoalsConfig(AppConfig):
    """Registers the room with Django and names its deeds."""

    name = "gloed.analysis.goals"
    label = "goals"

    def ready(self) -> None:
        """Name what colleagues do here, and let improvements point at goals.

        Models are only there from here on.
        """
        from gloed.analysis.goals.aims import SOURCE
        from gloed.base import audit
        from gloed.loop.improvements import aims

        aims.told_by(SOURCE)

        audit.name_actions(
            {
                "goal.set": _("set a goal"),
                "goal.changed": _("changed a goal"),
                "goal.removed": _("removed a goal"),
                "goal.restored": _("brought a goal back"),
            }
        )
