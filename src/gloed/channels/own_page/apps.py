"""The app of this room."""

from django.apps import AppConfig


class OwnPageConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.channels.own_page"
    label = "own_page"
