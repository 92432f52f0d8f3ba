"""The app of this room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.people"
    label = "people"
