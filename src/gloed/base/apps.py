"""The app of this room."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.base"
    label = "base"
