"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KioskConfig(AppConfig):
    """Registers the room with Django, and the channel with fieldwork and the ways to ask."""

    name = "gloed.channels.kiosk"
    label = "kiosk"

    def ready(self) -> None:
        """Make the channel known; models are only there from here on."""
        from gloed.base import audit
        from gloed.channels.kiosk import queries
        from gloed.channels.ways import registry
        from gloed.fieldwork.channels import AskChannel, register
        from gloed.fieldwork.rules import Contact

        register(AskChannel("kiosk", _("Kiosk"), Contact.NOTHING, False, is_in_waves=False))
        registry.register(
            registry.Way(
                name="kiosk",
                label=_("On a tablet at a desk"),
                text=_("Large buttons for whoever comes by; it goes on when the network does not."),
                icon="tablet",
                url_name="kiosk:of_survey",
                order=40,
                describe=queries.describe,
            )
        )
        audit.name_actions(
            {
                "kiosk.made": _("made a kiosk"),
                "kiosk.changed": _("changed a kiosk"),
                "kiosk.link_renewed": _("gave a kiosk a new link"),
                "kiosk.deleted": _("deleted a kiosk"),
                "kiosk.restored": _("brought a kiosk back"),
            }
        )
