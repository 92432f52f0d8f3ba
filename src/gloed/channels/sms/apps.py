"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SmsConfig(AppConfig):
    """Registers the room with Django, its task with the worker and the channel with fieldwork."""

    name = "gloed.channels.sms"
    label = "sms"

    def ready(self) -> None:
        """Make task, channel and subscriber known; models are only there from here on."""
        from gloed.base import audit, journal
        from gloed.channels.sms import operations, tasks  # noqa: F401  # registers itself
        from gloed.channels.ways.registry import Way
        from gloed.channels.ways.registry import register as register_way
        from gloed.fieldwork.channels import AskChannel, register
        from gloed.fieldwork.rules import Contact
        from gloed.responses.operations import news

        register(AskChannel("sms", _("Text message"), Contact.PHONE))
        register_way(
            Way(
                name="sms",
                label=_("Text message"),
                text=_("A line and a short link on the telephone: for who reads no mail."),
                icon="message-square-text",
                url_name="sms:survey",
                order=60,
            )
        )
        journal.subscribe("sms.numbers", [news.PERSON_ERASED], operations.forget_erased)
        audit.name_actions(
            {
                "sms.provider_added": _("added a provider of text messages"),
                "sms.provider_chosen": _("chose the usual provider of text messages"),
                "sms.provider_removed": _("removed a provider of text messages"),
                "sms.provider_restored": _("brought a provider of text messages back"),
                "sms.replies_renewed": _("renewed the address for replies to text messages"),
                "sms.test_sent": _("sent a test message"),
                "sms.words_changed": _("changed the words of a survey’s text message"),
                "sms.hours_changed": _("changed when text messages may arrive"),
            }
        )
