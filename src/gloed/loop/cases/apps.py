"""The app of the inner loop."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """Registers the inner loop with Django."""

    name = "gloed.loop.cases"
    label = "cases"

    def ready(self) -> None:
        """Hear from the journal what came in, and tell whoever asks what is held of a person."""
        # models can only be imported once every app is registered
        from gloed.base import audit, journal
        from gloed.loop.cases import queries, tasks
        from gloed.loop.cases.models import Case
        from gloed.responses import dossier

        journal.subscribe("cases.triage", tasks.KINDS, tasks.hear)
        dossier.add_chapter("cases", queries.everything_about)
        audit.name_details(
            {"outcome": _("outcome")}, values={"outcome": dict(Case.Outcome.choices)}
        )
        audit.name_actions(
            {
                "case.opened": _("opened a case by hand"),
                "case.closed": _("closed a case"),
                "case.reopened": _("took a case up again"),
                "case_rule.made": _("made a rule that opens cases"),
                "case_rule.changed": _("changed a rule that opens cases"),
                "case_rule.switched_on": _("switched a rule for cases on"),
                "case_rule.switched_off": _("switched a rule for cases off"),
                "case_rule.deleted": _("threw a rule for cases away"),
                "case_rule.restored": _("put a rule for cases back"),
                "case_route.kept": _("changed who gets which cases"),
                "case_route.deleted": _("threw a route of cases away"),
                "case_causes.changed": _("changed the list of causes"),
                "case_settings.changed": _("changed the hours of cases"),
                "case_room.changed": _("changed what may be decided without asking"),
                "case_absence.kept": _("wrote down who is absent"),
            }
        )
