"""The app of this part of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TestimonialsConfig(AppConfig):
    """Registers testimonials with Django, and hears of people and answers that go."""

    name = "gloed.loop.testimonials"
    label = "testimonials"

    def ready(self) -> None:
        """Make the subscriber known and name the deeds of this room."""
        # models can only be imported once every app is registered
        from gloed.base import audit, journal
        from gloed.loop.testimonials import forgetting, queries
        from gloed.responses import dossier

        journal.subscribe("testimonials.forget", forgetting.KINDS, forgetting.hear)
        dossier.add_chapter("testimonials", queries.everything_about)
        audit.name_details({"sites": _("review sites")})
        audit.name_actions(
            {
                "testimonial.proposed": _("proposed to quote a customer"),
                "testimonial.changed": _("changed what a customer is quoted with"),
                "testimonial.asked": _("asked a customer to be quoted"),
                "testimonial.agreed": _("a customer agreed to be quoted"),
                "testimonial.declined": _("a customer would rather not be quoted"),
                "testimonial.ended": _("a customer may be quoted no longer"),
                "testimonial.on_wall": _("put a testimonial on the wall"),
                "testimonial.off_wall": _("took a testimonial off the wall"),
                "testimonial.removed": _("took a testimonial away"),
                "testimonial.restored": _("brought a testimonial back"),
                "reviews.changed": _("changed the review sites after a survey"),
            }
        )
