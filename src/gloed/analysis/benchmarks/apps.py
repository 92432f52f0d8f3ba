"""The app of benchmarks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BenchmarksConfig(AppConfig):
    """Registers the app with Django."""

    name = "gloed.analysis.benchmarks"
    label = "benchmarks"

    def ready(self) -> None:
        """Say in words what the trail holds of benchmarks."""
        # models can only be imported once every app is registered
        from gloed.analysis.benchmarks.words import SECTORS
        from gloed.base import audit

        audit.name_details(
            {"sector": _("sector")},
            values={"sector": {sector.value: name for sector, name in SECTORS.items()}},
        )
        audit.name_actions(
            {
                "benchmarks.place": _("said in which sector the organisation is"),
                "benchmarks.add": _("added numbers of others"),
                "benchmarks.remove": _("took a number of others away"),
                "benchmarks.restore": _("put a number of others back"),
            }
        )
