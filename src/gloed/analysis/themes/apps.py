"""The app of this room."""

from django.apps import AppConfig


class ThemeReportsConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.analysis.themes"
    label = "theme_reports"
