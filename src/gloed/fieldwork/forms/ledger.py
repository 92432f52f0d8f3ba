"""Filtering the ledger and the log of events."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.fieldwork.models import Invitation, Reaction, Trigger, Wave
from gloed.fieldwork.sentences import kind_words
from gloed.surveys.models import Survey


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
    trigger = forms.ModelChoiceField(
        label=_("Trigger"),
        queryset=Trigger.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=_("All triggers"),
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
    since = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("Up to and including"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    person = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field, model in (("survey", Survey), ("wave", Wave), ("trigger", Trigger)):
            self.fields[field].queryset = model._default_manager.filter(  # type: ignore[attr-defined]  # they are ModelChoiceFields
                organisation=organisation
            )


class EventsForm(forms.Form):
    """The filters of the log of events."""

    kind = forms.ChoiceField(label=_("What happened"), required=False, choices=list)
    became = forms.ChoiceField(
        label=_("What became of it"),
        required=False,
        choices=[("", _("Everything")), *Reaction.Became.choices],
    )

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [("", _("Everything")), *((kind, kind_words(kind)) for kind in kinds)]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
