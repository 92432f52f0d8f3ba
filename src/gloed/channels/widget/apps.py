"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WidgetConfig(AppConfig):
    """Registers the room with Django, and the channel with fieldwork and the ways to ask."""

    name = "gloed.channels.widget"
    label = "widget"

    def ready(self) -> None:
        """Make the channel known; models are only there from here on."""
        from gloed.base import audit
        from gloed.channels.ways import registry
        from gloed.channels.widget import queries
        from gloed.fieldwork.channels import AskChannel, register
        from gloed.fieldwork.rules import Contact

        register(AskChannel("widget", _("Website"), Contact.NOTHING, False, is_in_waves=False))
        registry.register(
            registry.Way(
                name="widget",
                label=_("On your website"),
                text=_("A small question in a corner of your own pages, for who is there anyway."),
                icon="app-window",
                url_name="widget:of_survey",
                order=30,
                describe=queries.describe,
            )
        )
        audit.name_actions(
            {
                "widget.made": _("made a website widget"),
                "widget.changed": _("changed a website widget"),
                "widget.switched_on": _("switched a website widget on"),
                "widget.switched_off": _("switched a website widget off"),
                "widget.deleted": _("deleted a website widget"),
                "widget.restored": _("brought a website widget back"),
                "widget.secret_renewed": _("renewed the secret of a website widget"),
            }
        )
