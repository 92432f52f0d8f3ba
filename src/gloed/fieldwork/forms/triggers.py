"""Making a trigger, and trying it."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.fieldwork import channels
from gloed.fieldwork.forms.planning import HOURS, Rows, rows_of
from gloed.fieldwork.models import Trigger
from gloed.fieldwork.rules import kind_of
from gloed.fieldwork.sentences import KINDS as KNOWN
from gloed.fieldwork.sentences import kind_words
from gloed.surveys.models import Survey

MINUTES = {"minutes": 1, "hours": 60, "days": 24 * 60}
UNITS = [("minutes", _("minutes")), ("hours", _("hours")), ("days", _("days"))]
LONGEST = 366 * 24 * 60


def in_unit(minutes: int) -> tuple[int, str]:
    """Minutes in their largest whole unit.

    >>> in_unit(2880), in_unit(90), in_unit(0)
    ((2, 'days'), (90, 'minutes'), (0, 'hours'))
    """
    if not minutes:
        return 0, "hours"
    unit = next(unit for unit in ("days", "hours", "minutes") if minutes % MINUTES[unit] == 0)
    return minutes // MINUTES[unit], unit


class TriggerForm(forms.Form):
    """After which event who is asked what, how long after, and what takes it back."""

    name = forms.CharField(label=_("Name for yourselves"), max_length=120)
    kind = forms.CharField(
        label=_("What happens"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "known_kinds", "autocomplete": "off"}),
        help_text=_("Choose one, or write the name under which your own system tells it."),
    )
    survey = forms.ModelChoiceField(
        label=_("Survey"), queryset=Survey.objects.none(), empty_label=_("Choose a survey")
    )
    channel = forms.ChoiceField(label=_("How do you ask?"), choices=list)
    delay = forms.IntegerField(label=_("Ask so long after it"), min_value=0, initial=2)
    delay_unit = forms.ChoiceField(label=_("counted in"), choices=UNITS, initial="hours")
    in_working_hours = forms.BooleanField(
        label=_("Only on working days, in the hours below, on the clock of the person"),
        required=False,
    )
    opens = forms.ChoiceField(label=_("From"), choices=HOURS, initial="09:00")
    closes = forms.ChoiceField(label=_("Until"), choices=HOURS, initial="17:00")
    within = forms.IntegerField(
        label=_("Too late after"),
        required=False,
        min_value=1,
        help_text=_("Who can only be asked later than that is not asked. Empty: never too late."),
    )
    within_unit = forms.ChoiceField(label=_("counted in"), choices=UNITS, initial="days")
    cancelled_by = forms.CharField(
        label=_("Taken back by"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"list": "known_kinds", "autocomplete": "off"}),
        help_text=_(
            "Events after which the ask is withdrawn, with a semicolon between them: a ticket "
            "that is opened again."
        ),
    )
    match_on = forms.CharField(
        label=_("when both have the same"),
        required=False,
        max_length=120,
        help_text=_("The property that tells one ticket or order from another."),
    )
    sampling_share = forms.IntegerField(
        label=_("Share of these events that is asked about, in percent"),
        min_value=1,
        max_value=100,
        initial=100,
    )
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
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        surveys = Survey.objects.filter(organisation=organisation, deleted_at=None)
        self.fields["survey"].queryset = surveys  # type: ignore[attr-defined]  # a ModelChoiceField
        ways = [(channel.name, channel.label) for channel in channels.to_persons()]
        self.fields["channel"].choices = ways  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def what(self) -> Rows:
        """After which event, and what is asked."""
        return rows_of(self, ["kind", "name"], ["survey", "channel"])

    @property
    def moments(self) -> Rows:
        """How long after it."""
        return rows_of(
            self,
            ["delay", "delay_unit"],
            ["in_working_hours"],
            ["opens", "closes"],
            ["within", "within_unit"],
        )

    @property
    def taking_back(self) -> Rows:
        """What ends it before it was answered."""
        return rows_of(self, ["cancelled_by", "match_on"])

    @property
    def how_many(self) -> Rows:
        """Of how many of these events, and who is silent."""
        return rows_of(self, ["sampling_share"], ["reminders", "reminder_days"])

    def clean_kind(self) -> str:
        """The kind as it is stored."""
        kind = kind_of(_stored(self.cleaned_data["kind"]))
        if not kind:
            raise forms.ValidationError(_("Give it a name of letters."))
        return kind

    def clean_cancelled_by(self) -> list[str]:
        """Each kind as it is stored, once."""
        kinds = (kind_of(_stored(part)) for part in self.cleaned_data["cancelled_by"].split(";"))
        return [kind for kind in dict.fromkeys(kinds) if kind]

    def clean(self) -> dict[str, Any]:
        """The hours must open, and what takes an ask back cannot be what leads to it."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("opens", "") >= data.get("closes", "99"):
            self.add_error("closes", _("Choose an hour after the first one."))
        if data.get("kind") in data.get("cancelled_by", []):
            self.add_error("cancelled_by", _("The same event cannot take back what it asks."))
        for name in ("delay", "within"):
            minutes = (data.get(name) or 0) * MINUTES[data.get(f"{name}_unit") or "hours"]
            if minutes > LONGEST:
                self.add_error(name, _("Choose at most a year."))
        return data

    def trigger_values(self) -> dict[str, Any]:
        """What a trigger keeps of this form."""
        data = self.cleaned_data
        names = ("name", "kind", "survey", "channel", "in_working_hours", "cancelled_by",
                 "match_on", "sampling_share", "reminders", "reminder_days")  # fmt: skip
        within = data["within"]
        return {name: data[name] for name in names} | {
            "delay_minutes": data["delay"] * MINUTES[data["delay_unit"]],
            "within_minutes": within and within * MINUTES[data["within_unit"]],
            "opens": time.fromisoformat(data["opens"]),
            "closes": time.fromisoformat(data["closes"]),
        }

    @staticmethod
    def initial_of(trigger: Trigger) -> dict[str, Any]:
        """How the form begins for a trigger that exists."""
        delay, delay_unit = in_unit(trigger.delay_minutes)
        within, within_unit = in_unit(trigger.within_minutes or 0)
        names = ("name", "survey", "channel", "in_working_hours", "match_on", "sampling_share",
                 "reminders", "reminder_days")  # fmt: skip
        return {name: getattr(trigger, name) for name in names} | {
            "kind": kind_words(trigger.kind),
            "cancelled_by": "; ".join(map(kind_words, trigger.cancelled_by)),
            "delay": delay,
            "delay_unit": delay_unit,
            "within": within or None,
            "within_unit": within_unit if within else "days",
            "opens": f"{trigger.opens:%H:%M}",
            "closes": f"{trigger.closes:%H:%M}",
        }


def _stored(words: str) -> str:
    """The kind that is called so in the reader's language, else the words themselves."""
    from_words = {kind_words(kind).casefold(): kind for kind in KNOWN}
    return from_words.get(words.strip().casefold(), words)


class TryTriggerForm(forms.Form):
    """An event that might come this moment: whose, and with which properties."""

    who = forms.CharField(label=_("E-mail address or customer number"), max_length=254)

    def __init__(self, *args: Any, names: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.names = names
        for number, name in enumerate(names):
            self.fields[f"property_{number}"] = forms.CharField(
                label=name, required=False, max_length=200
            )

    def properties(self) -> Mapping[str, str]:
        """The properties that were filled in."""
        given = {
            name: self.cleaned_data[f"property_{number}"] for number, name in enumerate(self.names)
        }
        return {name: value for name, value in given.items() if value}
