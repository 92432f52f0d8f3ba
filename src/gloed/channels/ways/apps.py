"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WaysConfig(AppConfig):
    """Registers the room with Django, and the ways that have no page of their own making."""

    name = "gloed.channels.ways"
    label = "ways"

    def ready(self) -> None:
        """Put mail and link on the page."""
        from gloed.channels.ways.registry import Way, register

        register(
            Way(
                name="email",
                label=_("By mail"),
                text=_("The scale stands in the mail itself: one touch, and the answer begins."),
                icon="mail",
                url_name="email:words",
                order=10,
            )
        )
        register(
            Way(
                name="link",
                label=_("Link and QR code"),
                text=_("For a letter, a signature or a chat; whoever has it can answer."),
                icon="link",
                url_name="surveys:detail",
                order=20,
                permission="analysis.view_report",
            )
        )
