"""The form of a goal: which score of which answers, what it should be, and by when."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gloed.analysis.filters import NOTHING
from gloed.analysis.goals.rules import AT_MOST
from gloed.analysis.measures import Kind, Measure
from gloed.analysis.words import column_label, number

USUAL = 90


class GoalForm(forms.Form):
    """A goal. Which filters are offered depends on the subject chosen."""

    about = forms.ChoiceField(
        label=gettext_lazy("Score of"),
        widget=forms.Select(
            attrs={
                "hx-get": "",
                "hx-trigger": "change consume",
                "hx-target": "#goal",
                "hx-swap": "outerHTML",
                "hx-include": "closest form",
                "hx-params": "not csrfmiddlewaretoken",
            }
        ),
    )
    value = forms.FloatField(label=gettext_lazy("Should be"), localize=True)
    due_on = forms.DateField(
        label=pgettext_lazy("by a day", "By"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Measured over the last"),
        coerce=int,
        choices=[
            (30, gettext_lazy("30 days")),
            (90, gettext_lazy("90 days")),
            (180, gettext_lazy("180 days")),
            (365, gettext_lazy("365 days")),
        ],
        help_text=gettext_lazy("A longer window holds more answers and shows smaller changes."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("What your colleagues call it."),
    )

    def __init__(
        self,
        *args: Any,
        subjects: Sequence[tuple[str, Any]],
        choices: Mapping[str, list[tuple[str | None, str]]],
        measure: Measure | None,
        today: date,
        kept_due: date | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["auto_id"] = "goal_%s"
        super().__init__(*args, **kwargs)
        self.measure, self.today, self.kept_due = measure, today, kept_due
        self._field("about").choices = list(subjects)
        self.columns = list(choices)
        for column, values in choices.items():
            offered = [(NOTHING if v is None else v, label) for v, label in values]
            self.fields[column] = forms.ChoiceField(
                label=column_label(column),
                required=False,
                choices=[("", gettext_lazy("All")), *offered],
            )
        if measure is not None:
            self.fields["value"].help_text = _scale_words(measure)

    def _field(self, name: str) -> Any:
        return self.fields[name]

    @property
    def main(self) -> list[forms.BoundField]:
        """What every goal needs."""
        return [self[name] for name in ("about", "value", "due_on", "days", "name")]

    @property
    def filters(self) -> list[forms.BoundField]:
        """What narrows it to a part of the answers."""
        return [self[name] for name in self.columns]

    @property
    def is_narrowed(self) -> bool:
        """Whether one of the filters is in use, or cannot be as it is."""
        return any(field.value() or field.errors for field in self.filters)

    def clean_value(self) -> float:
        """In the unit of the score; percentages become shares."""
        value: float = self.cleaned_data["value"]
        if self.measure is None:
            raise forms.ValidationError(_("Nobody gave a rating yet, so there is no score to set."))
        if self.measure.kind is Kind.SHARE:
            value /= 100
        if not self.measure.low <= value <= self.measure.high:
            raise forms.ValidationError(_scale_words(self.measure))
        return value

    def clean_due_on(self) -> date:
        """Still to come and within ten years, or the day it had."""
        due: date = self.cleaned_data["due_on"]
        if due == self.kept_due:
            return due
        if due <= self.today:
            raise forms.ValidationError(_("Choose a day that is still to come."))
        if due > self.today + AT_MOST:
            raise forms.ValidationError(_("Choose a day within ten years."))
        return due

    @property
    def values(self) -> dict[str, Any]:
        """The fields of a `Goal`."""
        given = self.cleaned_data
        kept = {name: given[name] for name in ("about", "value", "due_on", "days", "name")}
        filters = {column: given[column] for column in self.columns if given.get(column)}
        return {**kept, "address": urlencode(sorted(filters.items()))}


def initial_of(today: date) -> dict[str, Any]:
    """What stands in an empty form: half a year from now, over three months."""
    return {"due_on": today + timedelta(days=182), "days": USUAL}


def shown_value(value: float, measure: Measure | None) -> float:
    """A kept value as it is typed in."""
    typed = 100 * value if measure is not None and measure.kind is Kind.SHARE else value
    return round(typed, 4)


def _scale_words(measure: Measure) -> str:
    if measure.kind is Kind.SHARE:
        return _("A percentage from 0 to 100.")
    ends = {"low": number(measure.low), "high": number(measure.high)}
    return _("From %(low)s to %(high)s.") % ends
