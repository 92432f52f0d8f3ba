"""The app of customers over time."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """Registers the app with Django."""

    name = "gloed.analysis.customers"
    label = "customers"

    def ready(self) -> None:
        """Tell cases what customers are worth, and say in words what the trail holds."""
        # models can only be imported once every app is registered
        from gloed.analysis.customers.value.worth import SOURCE
        from gloed.base import audit
        from gloed.loop.cases import worth

        worth.told_by(SOURCE)

        audit.name_details({"customers": _("customers")})
        audit.name_actions(
            {
                "customers.keep": _("let a file of customers count"),
                "customers.undo": _("took a file of customers back"),
                "customers.redo": _("let a file of customers count again"),
                "customers.discard": _("threw a file of customers away"),
            }
        )
