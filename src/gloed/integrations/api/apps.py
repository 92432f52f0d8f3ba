"""The API as a part of Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The room of the API."""

    name = "gloed.integrations.api"
    label = "api"
