"""Log-in services as a part of Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SsoConfig(AppConfig):
    """Names its deeds."""

    name = "gloed.base.sso"
    label = "sso"

    def ready(self) -> None:
        """Models are only there from here on."""
        from gloed.base import audit

        audit.name_actions(
            {
                "sso.made": _("added a log-in service"),
                "sso.changed": _("changed a log-in service"),
                "sso.on": _("switched a log-in service on"),
                "sso.off": _("switched a log-in service off"),
                "sso.removed": _("removed a log-in service"),
                "sso.restored": _("brought a log-in service back"),
                "sso.connected": _("logged in with a log-in service for the first time"),
                "sso.joined": _("joined through a log-in service"),
            }
        )
