"""The app of alarms."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlarmsConfig(AppConfig):
    """Registers alarms with Django."""

    name = "gloed.analysis.monitors"
    label = "alarms"

    def ready(self) -> None:
        """Hear from the journal that answers came in, and name what colleagues do here."""
        # models can only be imported once every app is registered
        from gloed.analysis.monitors import tasks
        from gloed.base import audit, journal

        journal.subscribe("alarms.watch", tasks.KINDS, tasks.look_soon)
        audit.name_details({"weeks": _("weeks between false alarms")})
        audit.name_actions(
            {
                "alarms.made": _("had a view watched"),
                "alarms.paused": _("paused an alarm"),
                "alarms.resumed": _("let an alarm go on"),
                "alarms.deleted": _("deleted an alarm"),
                "alarms.restored": _("brought an alarm back"),
                "alarms.promise": _("changed how often alarms may ring for nothing"),
                "alarms.judged": _("wrote down what came of an alarm"),
            }
        )
