"""The app of this part of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImprovementsConfig(AppConfig):
    """Registers improvements with Django and names their deeds for the audit trail."""

    name = "gloed.loop.improvements"
    label = "improvements"

    def ready(self) -> None:
        """Say in words what the actions of this room are."""
        # models can only be imported once every app is registered
        from gloed.base import audit
        from gloed.loop.cases import card
        from gloed.loop.improvements.models import STATUSES

        card.offer("improvements:of_case", place="after", label=_("Take the cause away"))
        audit.name_details({}, values={"status": dict(STATUSES)})
        audit.name_actions(
            {
                "improvement.created": _("noted an improvement"),
                "improvement.changed": _("changed an improvement"),
                "improvement.moved": _("moved an improvement on"),
                "improvement.removed": _("took an improvement away"),
                "improvement.restored": _("brought an improvement back"),
            }
        )
