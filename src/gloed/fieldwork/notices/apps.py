"""The app of this part of the room."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Registers messages that ask nothing with Django."""

    name = "gloed.fieldwork.notices"
    label = "notices"
