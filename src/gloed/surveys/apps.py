"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Say in words what the audit trail tells of surveys."""
        # models can only be imported once every app is registered
        from gloed.base import audit
        from gloed.surveys.journeys.words import ACTIONS
        from gloed.surveys.labels import METRIC_NAMES

        audit.name_details(
            {
                "phase": _("phase"),
                "metric": _("metric"),
                "owner": _("owner"),
                "expectation": _("expectation"),
                "good_enough": _("good enough"),
            },
            values={"metric": {metric.value: name for metric, name in METRIC_NAMES.items()}},
        )
        audit.name_actions(
            {
                **ACTIONS,
                "survey.published": _("published the words of a survey"),
                "survey.opened": _("opened a survey"),
                "survey.closed": _("closed a survey"),
                "survey.draft_discarded": _("threw changes to a survey away"),
                "survey.draft_deleted": _("deleted a draft survey"),
                "survey.draft_restored": _("brought a draft survey back"),
                "survey.look_changed": _("changed the look of surveys"),
                "library.kept": _("kept a question in the library"),
                "library.removed": _("removed a question from the library"),
                "library.restored": _("brought a question back into the library"),
            }
        )
