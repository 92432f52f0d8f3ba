"""The app of alarms by mail."""

from django.apps import AppConfig


class AlarmMailConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.channels.alarm_mail"
    label = "alarm_mail"

    def ready(self) -> None:
        """Hear from the journal that an alarm was raised."""
        # models can only be imported once every app is registered
        from gloed.base import journal
        from gloed.channels.alarm_mail import tasks

        journal.subscribe("alarm_mail.notices", ("alarm.raised",), tasks.note)
