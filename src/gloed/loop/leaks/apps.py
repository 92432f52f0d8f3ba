"""The app of the leak meter."""

from django.apps import AppConfig


class LeaksConfig(AppConfig):
    """Registers the leak meter with Django."""

    name = "gloed.loop.leaks"
    label = "leaks"
