"""The app of this room."""

from django.apps import AppConfig

from gloed.web import icons


class WebConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.web"
    label = "web"

    def ready(self) -> None:
        """Let icons be read quickly."""
        icons.keep_open()
