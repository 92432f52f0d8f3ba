"""The app of this room."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.surveys"
    label = "surveys"
