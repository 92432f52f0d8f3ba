"""The app of this room."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.project"
    label = "project"
