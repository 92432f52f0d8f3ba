"""Webhooks as a part of Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    """Hears the journal, registers its tasks and names its deeds."""

    name = "gloed.integrations.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Models are only there from here on."""
        from gloed.base import audit, journal
        from gloed.integrations.webhooks import news, tasks  # noqa: F401 - tasks register

        journal.subscribe("webhooks", news.KINDS, news.hear)
        audit.name_actions(
            {
                "webhook.made": _("added an endpoint for news"),
                "webhook.rotated": _("gave an endpoint a new secret"),
                "webhook.on": _("switched an endpoint on"),
                "webhook.off": _("switched an endpoint off"),
                "webhook.removed": _("removed an endpoint"),
                "webhook.restored": _("brought an endpoint back"),
            }
        )
