"""The form of a key: what it is for, and what it may."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.base import wording
from gloed.base.keys import HARMLESS, Scope


def _scopes() -> list[tuple[str, Any]]:
    return [(scope.value, wording.SCOPES[scope]) for scope in Scope]


class KeyForm(forms.Form):
    """A new key for a program."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=120,
        help_text=_("The program or the colleague that gets it, so that you know it again."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=_scopes,
        widget=forms.CheckboxSelectMultiple,
        initial=sorted(HARMLESS),
        help_text=_("Give no more than the program needs; a second key costs nothing."),
    )

    def clean_scopes(self) -> list[Scope]:
        """The rights as they are kept."""
        return [Scope(scope) for scope in self.cleaned_data["scopes"]]
