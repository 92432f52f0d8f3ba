"""The app of this part of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EffectsConfig(AppConfig):
    """Registers the judgement of improvements with Django and its task with the worker."""

    name = "gloed.analysis.effects"
    label = "effects"

    def ready(self) -> None:
        """Make the task known and name the deeds of this room."""
        # models can only be imported once every app is registered
        from gloed.analysis.effects import tasks  # noqa: F401  # tasks register
        from gloed.base import audit

        audit.name_details({"minimum": _("least worth acting on")})
        audit.name_actions({"improvement.predicted": _("fixed how an improvement is judged")})
