"""Planning a wave, once or again and again."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.fieldwork import channels
from gloed.fieldwork.models import Wave, WaveSeries
from gloed.surveys.models import Survey

HOURS = [(f"{hour:02d}:00", f"{hour:02d}:00") for hour in range(7, 22)]
ONCE = "once"
LAST = -1
NUMBERS = [*((number, str(number)) for number in range(1, 32)), (LAST, _("the last"))]
AGAIN = ("number", "counted_in", "month")
Values = Mapping[str, list[tuple[str, int]]]
Rows = list[list[BoundField]]


def rows_of(form: forms.Form, *rows: Sequence[str]) -> Rows:
    """The fields of a form that are there, in rows: those of one row belong together."""
    return [[form[name] for name in row if name in form.fields] for row in rows]


class PlanForm(forms.Form):
    """Whom to ask what, by which way, how many and when."""

    survey = forms.ModelChoiceField(
        label=_("Survey"), queryset=Survey.objects.none(), empty_label=_("Choose a survey")
    )
    name = forms.CharField(
        label=_("Name for yourselves"),
        max_length=120,
        help_text=_("“Spring 2026”, or what this wave is about."),
    )
    channel = forms.ChoiceField(label=_("How do you ask?"), choices=list)
    sample_size = forms.IntegerField(
        label=_("At most so many people"),
        required=False,
        min_value=1,
        max_value=10_000_000,
        help_text=_("Drawn at random. Leave it empty to ask everybody who may be asked."),
    )
    sample_share = forms.IntegerField(
        label=_("Or a share of them, in percent"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("Drawn at random, for everybody alike. Both limits hold where you give both."),
    )
    quota_attribute = forms.ChoiceField(
        label=_("With a limit for each"), required=False, choices=list
    )
    quota_size = forms.IntegerField(label=_("of so many people"), required=False, min_value=1)
    pace = forms.ChoiceField(label=_("Pace"), choices=Wave.Pace.choices, widget=forms.RadioSelect)
    starts_on = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty to begin when you press the button."),
    )
    days = forms.IntegerField(label=_("Working days"), min_value=1, max_value=90, initial=5)
    opens = forms.ChoiceField(
        label=_("From"),
        choices=HOURS,
        initial="09:00",
        help_text=_("What is spread over days, and every reminder, keeps to these hours."),
    )
    closes = forms.ChoiceField(label=_("Until"), choices=HOURS, initial="17:00")
    reminders = forms.TypedChoiceField(
        label=_("Reminders"),
        coerce=int,
        choices=[(0, _("none")), (1, _("one")), (2, _("two"))],
        help_text=_("Only to those who did not answer."),
    )
    reminder_days = forms.IntegerField(
        label=_("Days between an invitation and its reminder"),
        min_value=2,
        max_value=60,
        initial=5,
        required=False,
    )
    repeats = forms.ChoiceField(
        label=_("How often?"),
        choices=[(ONCE, _("once")), *WaveSeries.Every.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    number = forms.TypedChoiceField(
        label=_("On which"), coerce=int, choices=NUMBERS, initial=1, required=False
    )
    counted_in = forms.ChoiceField(
        label=_("Counted as"),
        choices=WaveSeries.CountedIn.choices,
        required=False,
        help_text=_("A day on which nobody works moves to the next working day."),
    )
    month = forms.TypedChoiceField(
        label=_("Month of the quarter"),
        coerce=int,
        choices=[(1, _("first")), (2, _("second")), (3, _("third"))],
        required=False,
    )

    def __init__(self, *args: Any, organisation: Organisation, values: Values, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.organisation, self.values = organisation, values
        self._names = {f"segment_{crc32(name.encode()):x}": name for name in values}
        self.fields["survey"].queryset = Survey.objects.filter(  # type: ignore[attr-defined]  # it is a ModelChoiceField
            organisation=organisation, state=Survey.State.OPEN, deleted_at=None
        )
        ways = [(one.name, one.label) for one in channels.to_persons()]
        self.fields["channel"].choices = ways  # type: ignore[attr-defined]  # it is a ChoiceField
        quotas = [("", _("no limit")), *((name, name) for name in values)]
        self.fields["quota_attribute"].choices = quotas  # type: ignore[attr-defined]  # likewise
        for field, name in self._names.items():
            self.fields[field] = forms.MultipleChoiceField(
                label=name,
                required=False,
                choices=[(text, f"{text} ({n})") for text, n in values[name]],
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def segment_fields(self) -> Iterator[BoundField]:
        """The attributes a segment is cut by."""
        return (self[field] for field in self._names)

    @property
    def what(self) -> Rows:
        """What is asked, and how."""
        return rows_of(self, ["survey"], ["name"], ["channel"])

    @property
    def limits(self) -> Rows:
        """How many of them."""
        return rows_of(self, ["sample_size", "sample_share"], ["quota_attribute", "quota_size"])

    @property
    def are_limited(self) -> bool:
        """Whether one of the limits is filled in."""
        return any(field.value() or field.errors for row in self.limits for field in row)

    @property
    def moments(self) -> Rows:
        """When they are asked."""
        return rows_of(self, ["pace"], ["starts_on", "days"], ["opens", "closes"], ["repeats"])

    @property
    def again(self) -> Rows:
        """When a wave comes again."""
        return rows_of(self, [*AGAIN])

    @property
    def reminding(self) -> Rows:
        """Who is silent."""
        return rows_of(self, ["reminders", "reminder_days"])

    @property
    def comes_again(self) -> bool:
        """Whether the plan is one for each month or quarter."""
        return self.cleaned_data["repeats"] not in ("", ONCE)

    def segment(self) -> dict[str, list[str]]:
        """The attributes with the values that were ticked, whether or not the rest is right."""
        ticked = {
            name: [
                text
                for text, _n in self.values[name]
                if text in self.data.getlist(field)  # type: ignore[attr-defined]  # a QueryDict
            ]
            for field, name in self._names.items()
        }
        return {name: values for name, values in ticked.items() if values}

    def clean(self) -> dict[str, Any]:
        """The hours must open, and a quota needs both halves."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("opens", "") >= data.get("closes", "99"):
            self.add_error("closes", _("Choose an hour after the first one."))
        if data.get("quota_attribute") and not data.get("quota_size"):
            self.add_error("quota_size", _("How many people of each?"))
        return data

    def wave_values(self) -> dict[str, Any]:
        """What a single wave keeps of this form."""
        data, values = self.cleaned_data, self._plan_values()
        zone = ZoneInfo(self.organisation.time_zone)
        begins = data["starts_on"] and datetime.combine(data["starts_on"], values["opens"], zone)
        return {**values, "starts_at": begins or None}

    def series_values(self) -> dict[str, Any]:
        """What a wave that comes again keeps of it."""
        data = self.cleaned_data
        return {
            **self._plan_values(),
            "every": data["repeats"],
            "counted_in": data["counted_in"] or WaveSeries.CountedIn.DAYS,
            "number": data["number"] or 1,
            "month": data["month"] or 1,
        }

    def _plan_values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "survey": data["survey"],
            "name": data["name"],
            "channel": data["channel"],
            "segment": self.segment(),
            "sample_size": data["sample_size"],
            "sample_share": data["sample_share"],
            "quota_attribute": data["quota_attribute"],
            "quota_size": data["quota_size"] if data["quota_attribute"] else None,
            "pace": data["pace"],
            "days": data["days"],
            "opens": time.fromisoformat(data["opens"]),
            "closes": time.fromisoformat(data["closes"]),
            "reminders": data["reminders"],
            "reminder_days": data["reminder_days"] or 5,
        }
