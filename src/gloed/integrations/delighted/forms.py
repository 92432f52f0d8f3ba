"""The forms of a project: its name and type, and how often members are asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.integrations.delighted.rules import TYPES

NAMES = {
    "nps": "NPS (0–10)",
    "csat": "CSAT (1–5)",
    "csat3": "CSAT (1–3)",
    "ces": "CES (1–5)",
    "ces7": "CES (1–7)",
    "enps": "eNPS (0–10)",
    "stars_five": _("Stars (1–5)"),
    "smileys": _("Faces (1–5)"),
    "thumbs": _("Thumbs"),
    "pmf": _("Product/market fit (1–3)"),
}
DAY = 86_400


class ProjectForm(forms.Form):
    """A project as it was there."""

    name = forms.CharField(
        label=_("Name of the project"),
        max_length=120,
        help_text=_("As it was called; its survey gets the same name."),
    )
    survey_type = forms.ChoiceField(
        label=_("What it asks"), choices=[(name, NAMES[name]) for name in TYPES]
    )


class AutopilotForm(forms.Form):
    """Recurring surveys over one way of asking."""

    is_active = forms.BooleanField(label=_("Ask members again and again"), required=False)
    days = forms.IntegerField(
        label=_("Every so many days"), min_value=1, max_value=730, required=False
    )

    def clean(self) -> dict[str, Any]:
        """Without a number of days nothing recurs."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("is_active") and not cleaned.get("days") and "days" not in self.errors:
            self.add_error("days", _("Say after how many days somebody is asked again."))
        return cleaned


class HookForm(forms.Form):
    """Where the old webhooks of a project go."""

    url = forms.CharField(
        label=_("Address of your receiver"),
        max_length=2_000,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=_("It gets the old envelope, signed with the newest key of this project."),
    )
