"""The app of this room."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.analysis"
    label = "analysis"
