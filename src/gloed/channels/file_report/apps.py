"""The app of this room."""

from django.apps import AppConfig


class FileReportConfig(AppConfig):
    """Registers the room with Django, for its templates and its words."""

    name = "gloed.channels.file_report"
    label = "file_report"
