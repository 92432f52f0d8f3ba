"""The app of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldworkConfig(AppConfig):
    """Registers the room with Django."""

    name = "gloed.fieldwork"
    label = "fieldwork"

    def ready(self) -> None:
        """Say in words what the audit trail tells of waves and the contact policy."""
        # models can only be imported once every app is registered
        from gloed.base import audit
        from gloed.fieldwork.forms.policy import PolicyForm

        labels = {name: field.label or name for name, field in PolicyForm.base_fields.items()}
        audit.name_details({**labels, "exemptions": _("exceptions")})
        audit.name_actions(
            {
                "wave.started": _("started a wave"),
                "wave.paused": _("paused a wave"),
                "wave.resumed": _("let a wave go on"),
                "wave.stopped": _("stopped a wave"),
                "series.made": _("planned a wave that comes again"),
                "series.changed": _("changed a wave that comes again"),
                "series.begun": _("let a wave come again by itself"),
                "series.paused": _("paused a wave that comes again"),
                "series.stopped": _("stopped a wave that comes again"),
                "trigger.made": _("made a trigger"),
                "trigger.changed": _("changed a trigger"),
                "trigger.switched_on": _("switched a trigger on"),
                "trigger.switched_off": _("switched a trigger off"),
                "trigger.deleted": _("threw a trigger away"),
                "contact_policy.changed": _("changed the contact policy"),
            }
        )
