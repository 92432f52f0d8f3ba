"""Choosing paper and words for a poster; everything stands in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.channels.poster.layout import Size

SIZES = [
    (Size.A4.value, _("A4, for a wall")),
    (Size.A5.value, _("A5, for a counter")),
    (Size.A6.value, _("A6, to hand out")),
    (Size.TENT.value, _("Table card, an A4 folded once")),
]


class PosterForm(forms.Form):
    """Paper, language and words; empty words are the usual ones in that language."""

    size = forms.ChoiceField(label=_("Paper"), choices=SIZES)
    language = forms.ChoiceField(label=_("Language"))
    heading = forms.CharField(label=_("Heading"), max_length=120, required=False)
    text = forms.CharField(
        label=_("Text"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages  # type: ignore[attr-defined]  # a ChoiceField
