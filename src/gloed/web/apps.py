"""The app of this room."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.web"
    label = "web"
