"""The app of this room."""

from django.apps import AppConfig


class LinkConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.channels.link"
    label = "link"
