"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SampleConfig(AppConfig):
    """Registers the room with Django and its task with the worker."""

    name = "gloed.channels.sample"
    label = "sample"

    def ready(self) -> None:
        """Make the task known and name the deeds; models are only there from here on."""
        from gloed.base import audit
        from gloed.channels.sample import tasks  # noqa: F401  # registers itself

        audit.name_actions(
            {
                "sample.loaded": _("loaded the sample organisation"),
                "sample.removed": _("removed the sample organisation"),
            }
        )
