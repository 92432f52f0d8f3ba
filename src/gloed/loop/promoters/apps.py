"""The app of this part of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PromotersConfig(AppConfig):
    """Registers promoters with Django, and hears of people who go and of new customers."""

    name = "gloed.loop.promoters"
    label = "promoters"

    def ready(self) -> None:
        """Make subscribers known and name the deeds of this room."""
        # models can only be imported once every app is registered
        from gloed.base import audit, journal
        from gloed.loop.promoters import hearing, queries
        from gloed.loop.promoters.models import HOWS, KINDS
        from gloed.responses import dossier
        from gloed.responses.operations import news

        journal.subscribe(
            "promoters.forget", [news.PERSON_ERASED, news.REMOVED], hearing.forget_people
        )
        journal.subscribe("promoters.converted", [hearing.EVENT], hearing.read_events)
        dossier.add_chapter("promoters", queries.everything_about)
        audit.name_details(
            {"counted": _("counted"), "refused": _("not counted")},
            values={"what": dict(KINDS), "how": dict(HOWS)},
        )
        audit.name_actions(
            {
                "promoters.programme": _("changed the referral programme"),
                "promoters.asked": _("asked a customer for something"),
                "promoters.link_closed": _("closed a referral link"),
                "promoters.link_opened": _("opened a referral link again"),
                "promoters.converted": _("noted a customer who came by referral"),
                "promoters.conversion_removed": _("took a referral away"),
                "promoters.conversions_read": _("brought in a file of referrals"),
                "promoters.conversions_undone": _("took a file of referrals back"),
                "promoters.reference_noted": _("noted a reference customer"),
                "promoters.reference_changed": _("changed a reference customer"),
                "promoters.reference_withdrawn": _("ended a reference"),
                "promoters.reference_restored": _("brought a reference back"),
                "promoters.reference_used": _("logged the use of a reference"),
                "promoters.list_made": _("made an early-access list"),
                "promoters.list_changed": _("changed an early-access list"),
                "promoters.list_removed": _("took an early-access list away"),
                "promoters.list_restored": _("brought an early-access list back"),
            }
        )
