"""The app of letters as mail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LetterboxConfig(AppConfig):
    """Registers the room with Django and its tasks with the worker."""

    name = "gloed.channels.letters"
    label = "letterbox"

    def ready(self) -> None:
        """Make tasks and subscriber known; models are only there from here on."""
        from gloed.base import audit, journal  # noqa: PLC0415
        from gloed.channels.email import events  # noqa: PLC0415
        from gloed.channels.letters import news as provider  # noqa: PLC0415
        from gloed.channels.letters import tasks  # noqa: PLC0415
        from gloed.loop.letters import news  # noqa: PLC0415

        events.listen(provider.note)
        journal.subscribe("letterbox.send", [news.READY], tasks.send_soon)
        audit.name_actions(
            {
                "letterbox.changed": _("changed the mailbox for answers"),
                "letterbox.removed": _("took the mailbox for answers away"),
                "letterbox.restored": _("brought the mailbox for answers back"),
            }
        )
