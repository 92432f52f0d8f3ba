"""The app of passives."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PassivesConfig(AppConfig):
    """Registers passives with Django."""

    name = "gloed.analysis.passives"
    label = "passives"

    def ready(self) -> None:
        """Hear who was erased, tell what is held of a person, and name deeds for the trail."""
        # models can only be imported once every app is registered
        from gloed.analysis.passives import forgetting, hearing
        from gloed.analysis.passives.models import LIFTS
        from gloed.base import audit, journal
        from gloed.responses import dossier

        journal.subscribe("passives.forget", hearing.KINDS, hearing.hear)
        dossier.add_chapter("passives", forgetting.everything_about)
        audit.name_details(
            {"lift": _("who can lift it"), "cost": _("what it costs")}, values={"lift": dict(LIFTS)}
        )
        audit.name_actions(
            {
                "barrier.judged": _("judged whether a barrier can be lifted"),
                "barrier_question.added": _("asked passives for their barrier in a draft"),
                "offer.noted": _("noted an offer or a perk"),
                "offer.removed": _("took an offer or a perk out"),
                "offer.restored": _("put an offer or a perk back"),
            }
        )
