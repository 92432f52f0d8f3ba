"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PosterConfig(AppConfig):
    """Registers the room with Django and the poster with the ways to ask."""

    name = "gloed.channels.poster"
    label = "poster"

    def ready(self) -> None:
        """Put the poster on the page of the ways."""
        from gloed.channels.ways import registry

        registry.register(
            registry.Way(
                name="poster",
                label=_("On a poster or a table card"),
                text=_("The QR code with your words and logo as a PDF, from A4 to a folded card."),
                icon="printer",
                url_name="poster:make",
                order=25,
                permission="analysis.view_report",
            )
        )
