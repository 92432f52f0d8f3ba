"""The app of this room."""

from django.apps import AppConfig


class FileImportConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.channels.file_import"
    label = "file_import"
