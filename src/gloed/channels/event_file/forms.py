"""Giving a file, and saying which of its columns holds what."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from gloed.channels.event_file.models import EventFile
from gloed.channels.event_file.rules import Role
from gloed.fieldwork.sentences import KINDS, kind_words

LABELS = {
    Role.KIND: _("What happened"),
    Role.AT: _("When"),
    Role.KEY: _("Its own number"),
    Role.EMAIL: _("E-mail address"),
    Role.EXTERNAL_ID: _("Customer number"),
    Role.PHONE: _("Telephone number"),
    Role.NAME: _("Name"),
    Role.LANGUAGE: _("Language"),
}
NONE = ""


class FileForm(forms.Form):
    """The file itself."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel, one event on each row, at most 20,000 at once."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.json"}),
    )


class ColumnsForm(forms.Form):
    """Which column holds what; what is in none of them goes along as a property."""

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
            **{f"column_{role}": str(place) for role, place in file.columns.items()},
        }
        super().__init__(*args, **kwargs)
        choices = [(NONE, _("no column"))]
        choices += [(str(place), header) for place, header in enumerate(file.headers)]
        for role, label in LABELS.items():
            self.fields[f"column_{role.value}"] = forms.ChoiceField(
                label=label, choices=choices, required=False
            )

    @property
    def rows(self) -> list[list[BoundField]]:
        """The fields in rows: what and when, then who."""
        wanted: Sequence[Sequence[str]] = (
            ("column_kind", "kind"),
            ("column_at",),
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
