"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmailConfig(AppConfig):
    """Registers the room with Django, its task with the worker and the channel with fieldwork."""

    name = "gloed.channels.email"
    label = "email"

    def ready(self) -> None:
        """Make task and channel known; models are only there from here on."""
        from gloed.base import audit
        from gloed.channels.email import tasks, visits  # noqa: F401  # tasks register
        from gloed.channels.link import arrivals
        from gloed.fieldwork.channels import AskChannel, register
        from gloed.fieldwork.rules import Contact

        arrivals.listen("email", visits.note_arrival)
        register(AskChannel("email", _("E-mail"), Contact.EMAIL))
        audit.name_details(
            {"first": _("on the first day"), "growth": _("growth a day, in percent")}
        )
        audit.name_actions(
            {
                "email.words_changed": _("changed the words of a survey’s mail"),
                "email.test_sent": _("sent a test mail"),
                "email.warm_up_begun": _("began to send little at first"),
                "email.warm_up_ended": _("ended the slow start of sending"),
            }
        )
