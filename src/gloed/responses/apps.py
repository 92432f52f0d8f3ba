"""The app of this room."""

from django.apps import AppConfig


class ResponsesConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.responses"
    label = "responses"
