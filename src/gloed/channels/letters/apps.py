"""The app of letters as mail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LetterboxConfig(AppConfig):
    """Registers the room with Django and its tasks with the worker."""

    name = "gloed.channels.letters"
    label = "letterbox"

    def ready(self) -> None:
        """Make tasks and subscriber known; models are only there from here on."""
        from gloed.base import audit, journal
        from gloed.channels.email import events
        from gloed.channels.letters import news as provider
        from gloed.channels.letters import tasks
        from gloed.loop.letters import news

        events.listen(provider.note)
        journal.subscribe("letterbox.send", [news.READY], tasks.send_soon)
        audit.name_actions(
            {
                "letterbox.changed": _("changed the mailbox for answers"),
                "letterbox.removed": _("took the mailbox for answers away"),
                "letterbox.restored": _("brought the mailbox for answers back"),
            }
        )
