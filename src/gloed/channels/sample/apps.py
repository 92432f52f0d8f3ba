"""The app of this room."""

from django.apps import AppConfig


class SampleConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.channels.sample"
    label = "sample"
