"""The app of this room."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.base"
    label = "base"

    def ready(self) -> None:
        """Have what allauth changes on accounts written in the audit trail."""
        # models can only be imported once every app is registered
        from gloed.base.accounts import record_account_changes

        record_account_changes()
