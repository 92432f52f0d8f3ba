"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoverageConfig(AppConfig):
    """Registers the room with Django and names its deeds."""

    name = "gloed.analysis.coverage"
    label = "coverage"

    def ready(self) -> None:
        """Name what colleagues do here; models are only there from here on."""
        from gloed.base import audit

        audit.name_actions(
            {
                "population.kept": _("brought in a population table"),
                "population.removed": _("removed a population table"),
                "population.used": _("went back to an earlier population table"),
            }
        )
