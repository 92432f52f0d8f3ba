"""The app of this room."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.fieldwork"
    label = "fieldwork"
