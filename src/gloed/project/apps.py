"""The app of this room."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ProjectConfig(AppConfig):
    """Registers the room with Django, and every room's tasks with the jobs."""

    name = "gloed.project"
    label = "project"

    def ready(self) -> None:
        """Import the `tasks` module of each room that has one, so that its kinds are known."""
        autodiscover_modules("tasks")
