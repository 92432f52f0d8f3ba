"""The old API as a part of Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DelightedConfig(AppConfig):
    """The room of the old API; its task registers with the worker."""

    name = "gloed.integrations.delighted"
    label = "delighted"

    def ready(self) -> None:
        """Make task and names of deeds known."""
        from gloed.base import audit
        from gloed.integrations.delighted import hooks, tasks  # noqa: F401 - tasks register

        hooks.register()
        audit.name_actions(
            {
                "delighted.project_made": _("made a project for Delighted’s clients"),
                "delighted.autopilot_set": _("set a project’s recurring surveys"),
                "people.delete": _("deleted a person by API"),
            }
        )
