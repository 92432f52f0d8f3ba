"""The app of this room."""

from django.apps import AppConfig


class DriversConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.analysis.drivers"
    label = "drivers"
