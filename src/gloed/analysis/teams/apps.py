"""The app of this room."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.analysis.teams"
    label = "teams"
