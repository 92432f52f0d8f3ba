"""Exports as a part of Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExportsConfig(AppConfig):
    """Registers its tasks and names its deeds."""

    name = "gloed.integrations.exports"
    label = "exports"

    def ready(self) -> None:
        """Models are only there from here on."""
        from gloed.base import audit
        from gloed.integrations.exports import tasks  # noqa: F401 - tasks register

        audit.name_actions(
            {
                "archive.asked": _("had an archive of everything made"),
                "archive.downloaded": _("downloaded an archive of everything"),
                "archive.deleted": _("deleted an archive of everything"),
                "archive.brought_in": _("brought an archive in as a new organisation"),
                "table.asked": _("had a table of answers made"),
                "table.downloaded": _("downloaded a table of answers"),
                "table.deleted": _("deleted a table of answers"),
            }
        )
