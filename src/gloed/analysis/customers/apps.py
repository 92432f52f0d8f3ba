"""The app of customers over time."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """Registers the app with Django."""

    name = "gloed.analysis.customers"
    label = "customers"

    def ready(self) -> None:
        """Say in words what the trail holds of files of customers."""
        # models can only be imported once every app is registered
        from gloed.base import audit  # noqa: PLC0415

        audit.name_actions(
            {
                "customers.keep": _("let a file of customers count"),
                "customers.undo": _("took a file of customers back"),
                "customers.redo": _("let a file of customers count again"),
                "customers.discard": _("threw a file of customers away"),
            }
        )
