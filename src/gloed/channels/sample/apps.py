"""The app of this room."""

from django.apps import AppConfig


class SampleConfig(AppConfig):
    """Registers the room with Django and its task with the worker."""

    name = "gloed.channels.sample"
    label = "sample"

    def ready(self) -> None:
        """Make the task known; models are only there from here on."""
        from gloed.channels.sample import tasks  # noqa: F401, PLC0415  # registers itself
