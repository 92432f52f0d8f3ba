"""Planning a wave, filtering the ledger, and the contact policy."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.fieldwork import channels
from gloed.fieldwork.models import Invitation, Wave
from gloed.surveys.models import Survey

HOURS = [(f"{hour:02d}:00", f"{hour:02d}:00") for hour in range(7, 22)]
LONGEST, MOST = 3650, 10_000_000  # days; people
Values = Mapping[str, list[tuple[str, int]]]


class PlanForm(forms.Form):
    """Whom to ask what, by which way, how many and when."""

    survey = forms.ModelChoiceField(label=_("Survey"), queryset=Survey.objects.none())
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
    opens = forms.ChoiceField(label=_("From"), choices=HOURS, initial="09:00")
    closes = forms.ChoiceField(label=_("Until"), choices=HOURS, initial="17:00")
    reminders = forms.TypedChoiceField(
        label=_("Reminders"),
        coerce=int,
        choices=[(0, _("none")), (1, _("one")), (2, _("two"))],
        help_text=_("Only to those who did not answer, after five days."),
    )

    def __init__(self, *args: Any, organisation: Organisation, values: Values, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.organisation, self.values = organisation, values
        self._names = {f"segment_{crc32(name.encode()):x}": name for name in values}
        self.fields["survey"].queryset = Survey.objects.filter(  # type: ignore[attr-defined]  # it is a ModelChoiceField
            organisation=organisation, state=Survey.State.OPEN, deleted_at=None
        )
        ways = [(one.name, one.label) for one in channels.every() if one.is_in_waves]
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
    def own_fields(self) -> Iterator[BoundField]:
        """All other fields, in order."""
        return (self[field] for field in self.fields if field not in self._names)

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
        """What a wave keeps of this form."""
        data = self.cleaned_data
        opens = time.fromisoformat(data["opens"])
        zone = ZoneInfo(self.organisation.time_zone)
        begins = data["starts_on"] and datetime.combine(data["starts_on"], opens, zone)
        return {
            "survey": data["survey"],
            "name": data["name"],
            "channel": data["channel"],
            "segment": self.segment(),
            "sample_size": data["sample_size"],
            "quota_attribute": data["quota_attribute"],
            "quota_size": data["quota_size"] if data["quota_attribute"] else None,
            "pace": data["pace"],
            "starts_at": begins or None,
            "days": data["days"],
            "opens": opens,
            "closes": time.fromisoformat(data["closes"]),
            "reminders": data["reminders"],
        }


class LedgerForm(forms.Form):
    """The filters of the ledger; they stand in the address."""

    survey = forms.ModelChoiceField(
        label=_("Survey"),
        queryset=Survey.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=_("All surveys"),
    )
    wave = forms.ModelChoiceField(
        label=_("Wave"),
        queryset=Wave.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=_("All waves and events"),
    )
    became = forms.ChoiceField(
        label=_("What became of it"),
        required=False,
        choices=[("", _("Everything")), *Invitation.Disposition.choices],
    )
    reason = forms.ChoiceField(
        label=_("Why not asked"),
        required=False,
        choices=[("", _("Any reason")), *Invitation.Skip.choices],
    )
    person = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field, model in (("survey", Survey), ("wave", Wave)):
            self.fields[field].queryset = model._default_manager.filter(  # type: ignore[attr-defined]  # they are ModelChoiceFields
                organisation=organisation
            )


class PolicyForm(forms.Form):
    """The promises to everybody who is asked; each field is one of `rules.Policy`."""

    relationship_rest_days = forms.IntegerField(
        label=_("Rest between two relationship surveys, in days"),
        help_text=_("How people see you as a whole changes slowly."),
        min_value=0,
        max_value=LONGEST,
    )
    transactional_rest_days = forms.IntegerField(
        label=_("Rest around every other survey, in days"),
        help_text=_("Between a relationship survey and another one the shorter rest holds."),
        min_value=0,
        max_value=LONGEST,
    )
    survey_cap = forms.IntegerField(
        label=_("The same survey to one person, times a year"),
        help_text=_("0 is no limit."),
        min_value=0,
        max_value=365,
    )
    quarantine_days = forms.IntegerField(
        label=_("Quiet while a case is handled, in days"),
        help_text=_("Somebody whose trouble you are solving is not asked meanwhile."),
        min_value=0,
        max_value=LONGEST,
    )
    open_days = forms.IntegerField(
        label=_("An invitation can be answered, in days"),
        help_text=_("After that the link thanks kindly and takes nothing."),
        min_value=1,
        max_value=365,
    )
    sampling_share = forms.IntegerField(
        label=_("Events that lead to an invitation, in percent"),
        help_text=_("Drawn at random; 100 asks after every event."),
        min_value=0,
        max_value=100,
    )
    wave_quota = forms.IntegerField(
        label=_("Most invitations in one wave"),
        help_text=_("0 is no limit."),
        min_value=0,
        max_value=MOST,
    )
    domain_daily_cap = forms.IntegerField(
        label=_("Most invitations a day to one mail domain"),
        help_text=_("What is over it waits for the next working day. 0 is no limit."),
        min_value=0,
        max_value=MOST,
    )
