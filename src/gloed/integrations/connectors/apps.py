"""Connections as a part of Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConnectorsConfig(AppConfig):
    """Hears the journal, registers its tasks, names its deeds and knows the folders beside."""

    name = "gloed.integrations.connectors"
    label = "connectors"

    def ready(self) -> None:
        """Models are only there from here on."""
        from gloed.base import audit, journal
        from gloed.integrations.connectors import (
            known,
            news,
            tasks,  # noqa: F401 - registers itself
        )
        from gloed.integrations.webhooks.news import KINDS

        known.register_all()
        journal.subscribe("connectors", KINDS, news.hear)
        audit.name_actions(
            {
                "connection.made": _("connected another system"),
                "connection.changed": _("changed a connection"),
                "connection.mapped": _("changed which field of a connection is which"),
                "connection.renewed": _("renewed the address of a connection"),
                "connection.on": _("switched a connection on"),
                "connection.off": _("switched a connection off"),
                "connection.removed": _("removed a connection"),
                "connection.restored": _("brought a connection back"),
                "connection.undone": _("took back what a connection brought in"),
                "assistant.asked": _("an assistant asked"),
            }
        )
