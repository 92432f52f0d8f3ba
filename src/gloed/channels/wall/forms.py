"""Forms of the wall: they read and check what was typed, and change nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.base.wording import LANGUAGES as NAMES
from gloed.channels.link.private_page import LANGUAGES
from gloed.channels.wall.models import ORDERS
from gloed.channels.wall.rules import SLUG_LENGTH, Order, is_slug

OURS = [(code, name) for code, name in NAMES if code in LANGUAGES]


class WallForm(forms.Form):
    """On or off, under which address, in which order and languages."""

    is_on = forms.BooleanField(label=_("Everybody may see the wall"), required=False)
    slug = forms.CharField(
        label=_("Its name in the address"),
        required=False,
        max_length=SLUG_LENGTH,
        help_text=_(
            "Small letters, digits and dashes. Leave it as it is for an address that nobody "
            "guesses. A new name breaks the links and snippets you gave out."
        ),
    )
    order = forms.ChoiceField(label=_("Order"), choices=ORDERS, widget=forms.RadioSelect)
    languages = forms.MultipleChoiceField(
        label=_("Languages shown"),
        required=False,
        choices=OURS,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them. Nothing is translated."),
    )

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in sorted(OURS, key=lambda one: one[0] != organisation.language):
            self.fields[f"intro_{code}"] = forms.CharField(
                label=_("What stands above it (%(language)s)") % {"language": name},
                required=False,
                max_length=400,
                widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
            )

    def clean_slug(self) -> str:
        """A name that can stand in an address."""
        slug = str(self.cleaned_data["slug"]).strip().lower()
        if slug and not is_slug(slug):
            raise forms.ValidationError(
                _("Use at least three small letters or digits, with single dashes between.")
            )
        return slug

    def values(self) -> dict[str, Any]:
        """What was chosen, as the operation takes it."""
        found = self.cleaned_data
        return {
            "is_on": found["is_on"],
            "slug": found["slug"],
            "order": Order(found["order"]),
            "languages": found["languages"],
            "intros": {code: found[f"intro_{code}"] for code, _name in OURS},
        }
