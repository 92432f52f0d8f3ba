"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OwnPageConfig(AppConfig):
    """Registers the room with Django, and what it hears of erased persons."""

    name = "gloed.channels.own_page"
    label = "own_page"

    def ready(self) -> None:
        """Make subscriber and words known; models are only there from here on."""
        from gloed.base import audit, journal
        from gloed.channels.own_page import operations
        from gloed.responses.operations import news

        journal.subscribe("own_page.requests", [news.PERSON_ERASED], operations.note_erased)
        audit.name_actions(
            {
                "own_page.consent_taken_back": _("a person took a consent back"),
                "own_page.withdrew": _("a person took an own answer back"),
                "own_page.restored": _("a person let an own answer count again"),
                "own_page.corrected": _("a person corrected an own answer"),
                "own_page.request_done": _("answered a person’s request"),
                "own_page.request_reopened": _("opened a person’s request again"),
            }
        )
