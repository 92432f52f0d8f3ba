"""The app of this part of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WallConfig(AppConfig):
    """Registers the wall with Django and its task with the worker."""

    name = "gloed.channels.wall"
    label = "wall"

    def ready(self) -> None:
        """Make the task known and name the deeds of this room."""
        # models can only be imported once every app is registered
        from gloed.base import audit
        from gloed.channels.wall import tasks  # noqa: F401  # tasks register

        audit.name_actions({"wall.changed": _("changed the wall of testimonials")})
