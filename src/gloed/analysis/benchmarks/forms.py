"""Where the own organisation stands, and one published number."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gloed.analysis.benchmarks.rules import Kind, Mode, Sector, Statistic
from gloed.analysis.benchmarks.words import KINDS, MODES, SECTORS, STATISTICS

COUNTRY = RegexValidator(r"^[A-Za-z]{2}$", gettext_lazy("Two letters, such as NL, BE or EU."))


class _CountryField(forms.CharField):
    """Two letters, kept as capitals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Country"),
            required=False,
            max_length=2,
            validators=[COUNTRY],
            help_text=gettext_lazy("Two letters, such as NL, BE or EU."),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        """The two letters as capitals."""
        return str(super().clean(value)).upper()


def _sectors() -> list[tuple[str, Any]]:
    named = [(one.value, SECTORS[one]) for one in Sector]
    return [("", gettext_lazy("(choose)")), *sorted(named, key=lambda pair: str(pair[1]))]


class PlaceForm(forms.Form):
    """The own sector, country and usual way of asking."""

    sector = forms.ChoiceField(label=gettext_lazy("Your sector"), choices=_sectors)
    country = _CountryField()
    mode = forms.ChoiceField(
        label=gettext_lazy("How you mostly ask"), choices=[(m.value, MODES[m]) for m in Mode]
    )


class BenchmarkForm(forms.Form):
    """A published number, with everything one must know to read it."""

    sector = forms.ChoiceField(label=gettext_lazy("Sector"), choices=_sectors)
    name = forms.CharField(
        label=gettext_lazy("Of whom"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("A competitor; leave empty for the whole sector."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy("Who published it, and where it can be read."),
    )
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=1990, max_value=2100)
    country = _CountryField()
    mode = forms.ChoiceField(
        label=gettext_lazy("How people were asked"),
        choices=[(m.value, MODES[m]) for m in Mode],
        initial=Mode.UNKNOWN.value,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Asked about"),
        choices=[(k.value, KINDS[k]) for k in Kind],
        initial=Kind.UNKNOWN.value,
    )
    method = forms.CharField(label=gettext_lazy("Method"), required=False, max_length=200)
    statistic = forms.ChoiceField(
        label=gettext_lazy("What was counted"),
        choices=[(s.value, STATISTICS[s]) for s in Statistic],
    )
    value = forms.FloatField(label=gettext_lazy("Score"), localize=True)
    n = forms.IntegerField(label=gettext_lazy("Answers"), required=False, min_value=1)

    def clean_value(self) -> float:
        """A score that can be: −100 to 100 points, or 0 to 100 percent."""
        value = float(self.cleaned_data["value"])
        low = 0 if self.data.get("statistic") == Statistic.CSAT.value else -100
        if not low <= value <= 100:
            raise ValidationError(
                _("This score cannot be: it lies between %(low)s and 100.") % {"low": low}
            )
        return value
