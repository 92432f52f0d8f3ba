"""Giving a file, and saying which of its columns holds what."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from gloed.channels.event_file.models import EventFile
from gloed.channels.event_file.rules import Role
from gloed.fieldwork import channels
from gloed.fieldwork.sentences import KINDS, kind_words
from gloed.surveys.models import Survey

LABELS = {
    Role.KIND: _("What happened"),
    Role.AT: _("When"),
    Role.KEY: _("Its own number"),
    Role.EMAIL: _("E-mail address"),
    Role.EXTERNAL_ID: _("Customer number"),
    Role.PHONE: _("Telephone number"),
    Role.NAME: _("Name"),
    Role.LANGUAGE: _("Language"),
    Role.DELAY: _("Seconds to wait"),
}
NONE = ""


class FileForm(forms.Form):
    """The file itself."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel, one event or person on each row, at most 20,000 at once."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.json"}),
    )


class ColumnsForm(forms.Form):
    """Which column holds what; what is in none of them goes along as a property."""

    survey = forms.ModelChoiceField(
        label=_("What the rows are"),
        queryset=Survey.objects.none(),
        required=False,
        empty_label=_("events, which triggers listen to"),
        help_text=_("With a survey each row is somebody who is asked it."),
    )
    channel = forms.ChoiceField(label=_("How do you ask?"), choices=list, required=False)
    kind = forms.CharField(
        label=_("The same happened on every row"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "known_kinds", "autocomplete": "off"}),
        help_text=_("Where no column says what happened: “delivery”."),
    )
    order = forms.ChoiceField(
        label=_("Dates such as 3-4-2026"),
        choices=[("day", _("the day comes first")), ("month", _("the month comes first"))],
    )

    def __init__(self, *args: Any, file: EventFile, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "kind": kind_words(file.kind) if file.kind else "",
            "order": "day" if file.is_day_first else "month",
            "survey": file.survey_id,
            "channel": file.channel,
            **{f"column_{role}": str(place) for role, place in file.columns.items()},
        }
        super().__init__(*args, **kwargs)
        surveys = Survey.objects.filter(
            organisation=file.organisation_id, state=Survey.State.OPEN, deleted_at=None
        )
        self.fields["survey"].queryset = surveys  # type: ignore[attr-defined]  # a ModelChoiceField
        ways = [(channel.name, channel.label) for channel in channels.to_persons()]
        self.fields["channel"].choices = ways  # type: ignore[attr-defined]  # a ChoiceField
        choices = [(NONE, _("no column"))]
        choices += [(str(place), header) for place, header in enumerate(file.headers)]
        for role, label in LABELS.items():
            self.fields[f"column_{role.value}"] = forms.ChoiceField(
                label=label, choices=choices, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Who is asked, is asked in some way."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("survey") and not cleaned.get("channel") and "channel" not in self.errors:
            self.add_error("channel", _("Choose how you ask."))
        return cleaned

    @property
    def rows(self) -> list[list[BoundField]]:
        """The fields in rows: what and when, then who."""
        wanted: Sequence[Sequence[str]] = (
            ("survey", "channel"),
            ("column_kind", "kind"),
            ("column_at", "column_delay"),
            ("order",),
            ("column_key",),
            ("column_email", "column_external_id"),
            ("column_phone",),
            ("column_name", "column_language"),
        )
        return [[self[name] for name in row] for row in wanted]

    @property
    def columns(self) -> dict[Role, int]:
        """What was chosen; one column for two of them stays with the first."""
        found: dict[Role, int] = {}
        for role in Role:
            place = self.cleaned_data[f"column_{role.value}"]
            if place != NONE and int(place) not in found.values():
                found[role] = int(place)
        return found

    @property
    def one_kind(self) -> str:
        """The kind of every row as it is stored: one of ours by its own name."""
        words = str(self.cleaned_data["kind"]).strip()
        known = {kind_words(kind).casefold(): kind for kind in KINDS}
        return known.get(words.casefold(), words)
