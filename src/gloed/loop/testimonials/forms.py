"""Forms of testimonials: they read and check what was typed, and change nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Membership
from gloed.loop.testimonials.models import PLACES, SHOWN
from gloed.loop.testimonials.operations import Wanted
from gloed.loop.testimonials.rules import (
    LINK_LIMIT,
    LINK_NAME_LIMIT,
    MOST_LINKS,
    NOTE_LIMIT,
    WORDS_LIMIT,
    ReviewLink,
    Shown,
    is_fit,
    read_places,
)
from gloed.loop.testimonials.sentences import STATE_NAMES


class NarrowForm(forms.Form):
    """Which testimonials are listed; all of it stands in the address."""

    state = forms.ChoiceField(label=_("How far"), required=False)
    place = forms.ChoiceField(
        label=_("Agreed for"), required=False, choices=[("", _("Any place")), *PLACES]
    )
    asked_by = forms.ChoiceField(label=_("Asked by"), required=False)

    def __init__(self, data: Any, askers: Sequence[Membership], counts: Mapping[str, int]) -> None:
        super().__init__(data)
        states = cast("forms.ChoiceField", self.fields["state"])
        states.choices = [
            ("", _("Everything")),
            *((code, f"{words} ({counts.get(code, 0)})") for code, words in STATE_NAMES.items()),
        ]
        people = [(str(one.public_id), str(one)) for one in askers]
        field = cast("forms.ChoiceField", self.fields["asked_by"])
        field.choices = [("", _("Anybody")), *people]


class ProposeForm(forms.Form):
    """The words, the name and the places that are proposed to the customer."""

    words = forms.CharField(
        label=_("The words"),
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "In their own words. The customer sees every change you make, and may change it too. "
            "Leave it empty to ask them to write it."
        ),
    )
    shown = forms.ChoiceField(label=_("The name under it"), widget=forms.RadioSelect)
    places = forms.MultipleChoiceField(
        label=_("Where it may stand"),
        choices=PLACES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The customer ticks each of these themselves; nothing is ticked beforehand."),
    )

    def __init__(
        self, forms_of_name: Mapping[Shown, str], data: Any = None, *, language: str, **more: Any
    ) -> None:
        super().__init__(data, **more)
        self.fields["words"].widget.attrs["lang"] = language
        names = dict(SHOWN)
        field = cast("forms.ChoiceField", self.fields["shown"])
        field.choices = [
            (form.value, f"{names[form.value]}: {text}" if text else names[form.value])
            for form, text in forms_of_name.items()
        ]

    def wanted(self) -> Wanted:
        """What was typed, as it is proposed."""
        found = self.cleaned_data
        return Wanted(found["words"], Shown(found["shown"]), read_places(found["places"]))


class AskForm(forms.Form):
    """A few words of one's own above the request."""

    note = forms.CharField(
        label=_("A few words of your own above the request"),
        required=False,
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, language: str, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["note"].widget.attrs["lang"] = language


class ReviewsForm(forms.Form):
    """Links to review sites, each with a name and an address."""

    is_on = forms.BooleanField(
        label=_("Show these links to everybody who has answered"), required=False
    )

    def __init__(self, links: Sequence[ReviewLink] = (), data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        for place in range(MOST_LINKS):
            link = links[place] if place < len(links) else ReviewLink("", "")
            number = {"number": place + 1}
            self.fields[f"name_{place}"] = forms.CharField(
                label=_("Site %(number)s: name") % number,
                required=False,
                max_length=LINK_NAME_LIMIT,
                initial=link.name,
                widget=forms.TextInput(attrs={"placeholder": "Google" if not place else ""}),
            )
            self.fields[f"address_{place}"] = forms.CharField(
                label=_("Site %(number)s: address") % number,
                required=False,
                max_length=LINK_LIMIT,
                initial=link.address,
                widget=forms.URLInput(attrs={"placeholder": "https://"}),
            )

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Name and address of each site."""
        return [(self[f"name_{place}"], self[f"address_{place}"]) for place in range(MOST_LINKS)]

    def clean(self) -> dict[str, Any]:
        """A site has both, and its address begins with https."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        for place in range(MOST_LINKS):
            name, address = found.get(f"name_{place}"), found.get(f"address_{place}")
            if address and not is_fit(address):
                self.add_error(
                    f"address_{place}", _("A full address that begins with https:// is needed.")
                )
            elif address and not name:
                self.add_error(f"name_{place}", _("How is this site called?"))
            elif name and not address:
                self.add_error(f"address_{place}", _("Where on this site do people write?"))
        if found.get("is_on") and not any(found.get(f"name_{n}") for n in range(MOST_LINKS)):
            self.add_error(None, _("Name at least one site before you show the links."))
        return found

    def links(self) -> list[ReviewLink]:
        """The sites, in their order."""
        found = self.cleaned_data
        return [
            ReviewLink(found[f"name_{place}"], found[f"address_{place}"])
            for place in range(MOST_LINKS)
            if found[f"name_{place}"]
        ]
