"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FileImportConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.channels.file_import"
    label = "file_import"

    def ready(self) -> None:
        """Say in words what the audit trail tells of imports."""
        # models can only be imported once every app is registered
        from gloed.base import audit

        audit.name_actions(
            {
                "import.started": _("started an import"),
                "import.finished": _("an import was finished"),
                "import.cancelled": _("stopped an import"),
                "import.undone": _("took an import back"),
                "import.file_deleted": _("deleted an imported file"),
            }
        )
