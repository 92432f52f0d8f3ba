"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResponsesConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.responses"
    label = "responses"

    def ready(self) -> None:
        """Say in words what the audit trail tells of answers and of who gave them."""
        # models can only be imported once every app is registered
        from gloed.base import audit
        from gloed.responses import queries
        from gloed.surveys import answered

        answered.tell(
            by_survey=queries.count_by_survey,
            by_version=queries.count_by_version,
            duration=queries.typical_duration,
        )
        audit.name_actions(
            {
                "responses.correct": _("corrected an answer"),
                "responses.withdraw": _("withdrew an answer"),
                "responses.undo_withdraw": _("let a withdrawn answer count again"),
                "responses.judge_real": _("let an answer count that was set apart"),
                "responses.undo_judge_real": _("set an answer apart again"),
                "people.erase": _("erased a person"),
                "people.export": _("downloaded everything about a person"),
            }
        )
