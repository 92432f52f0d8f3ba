"""How a file of customers is to be read, as somebody chooses it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gloed.analysis.customers.models import CustomerFile
from gloed.analysis.customers.value.columns import What
from gloed.analysis.customers.value.words import HINTS, MARKS, ORDERS, WHATS

CURRENCIES = ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN")


class ReadingForm(forms.Form):
    """Which column holds what, how days and amounts are written, and the last day of the file."""

    def __init__(self, data: Any, *, file: CustomerFile, order: str, mark: str) -> None:
        initial = {what: str(place) for what, place in file.columns.items()}
        initial |= {"order": order, "mark": mark, "as_of": file.as_of.isoformat(),
                    "currency": file.currency}  # fmt: skip
        super().__init__(data, initial=initial)
        columns = [
            (str(place), head or _("column %(n)s") % {"n": place + 1})
            for place, head in enumerate(file.headers)
        ]
        for what, label in WHATS.items():
            self.fields[what.value] = forms.ChoiceField(
                label=label,
                help_text=HINTS.get(what, ""),
                choices=[("", gettext_lazy("(not in the file)")), *columns],
                required=what is What.START,
            )
        as_of = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.fields["as_of"] = forms.DateField(
            label=gettext_lazy("Last day the file knows of"),
            help_text=gettext_lazy("Usually the day it was made. Who ends later still is one."),
            widget=as_of,
        )
        self.fields["order"] = forms.ChoiceField(
            label=gettext_lazy("How days are written"),
            choices=[(one.value, words) for one, words in ORDERS.items()],
        )
        self.fields["mark"] = forms.ChoiceField(
            label=gettext_lazy("How amounts are written"),
            choices=[(one.value, words) for one, words in MARKS.items()],
        )
        self.fields["currency"] = forms.ChoiceField(
            label=gettext_lazy("Currency"), choices=[(code, code) for code in CURRENCIES]
        )

    def clean(self) -> dict[str, Any]:
        """Every column once, and somebody to recognise."""
        cleaned = super().clean() or {}
        chosen = [cleaned.get(what.value) for what in What]
        used = [place for place in chosen if place]
        if len(used) != len(set(used)):
            raise ValidationError(_("One column is chosen twice. Choose each of them once."))
        known = (What.NUMBER, What.NAME, What.EMAIL)
        if not any(cleaned.get(what.value) for what in known):
            raise ValidationError(
                _("Choose a column that says who it is: a number, a name or an address.")
            )
        return cleaned

    @property
    def columns(self) -> dict[str, int]:
        """What each chosen column holds."""
        return {
            what.value: int(self.cleaned_data[what.value])
            for what in What
            if self.cleaned_data.get(what.value)
        }

    @property
    def options(self) -> dict[str, str]:
        """The notations chosen."""
        return {name: self.cleaned_data[name] for name in ("order", "mark")}
