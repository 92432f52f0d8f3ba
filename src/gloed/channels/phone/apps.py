"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PhoneConfig(AppConfig):
    """Registers the room with Django, and the channel with fieldwork."""

    name = "gloed.channels.phone"
    label = "phone"

    def ready(self) -> None:
        """Make the channel known; models are only there from here on."""
        from gloed.base import audit
        from gloed.channels.ways.registry import Way
        from gloed.channels.ways.registry import register as register_way
        from gloed.fieldwork.channels import AskChannel, register
        from gloed.fieldwork.rules import Contact

        register(AskChannel("phone", _("Telephone, by a colleague"), Contact.PHONE))
        register_way(
            Way(
                name="phone",
                label=_("Telephone"),
                text=_("A colleague calls, reads the question aloud and types along."),
                icon="phone",
                url_name="phone:survey",
                order=70,
                permission="channels.call",
            )
        )
        audit.name_actions({"phone.no_more": _("noted on the telephone: no more surveys")})
