"""Making a kiosk: which place, which languages, how long to wait."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation, Team
from gloed.base.queries import list_teams
from gloed.channels.kiosk.models import Kiosk
from gloed.channels.kiosk.operations import pin_of
from gloed.channels.kiosk.rules import PIN
from gloed.surveys.labels import LANGUAGE_NAMES
from gloed.surveys.models import Survey, Touchpoint


class KioskForm(forms.Form):
    """The fields of a kiosk."""

    name = forms.CharField(
        label=_("Where it stands"),
        max_length=120,
        help_text=_("Such as “Desk Assen”; its answers can be told apart by it."),
    )
    touchpoint = forms.ModelChoiceField(
        label=_("Touchpoint"), queryset=Touchpoint.objects.none(), required=False
    )
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), required=False)
    languages = forms.MultipleChoiceField(label=_("Languages"), widget=forms.CheckboxSelectMultiple)
    idle_seconds = forms.IntegerField(
        label=_("Seconds until it begins anew"),
        min_value=10,
        max_value=300,
        help_text=_("When nobody touches it. It asks first whether you are still there."),
    )
    pin = forms.CharField(
        label=_("Code to leave the kiosk"),
        required=False,
        max_length=8,
        help_text=_("Four to eight digits. Empty: nobody is asked for one."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, organisation: Organisation, survey: Survey, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        touchpoint = cast("forms.ModelChoiceField[Touchpoint]", self.fields["touchpoint"])
        touchpoint.queryset = Touchpoint.objects.filter(organisation=organisation)
        touchpoint.empty_label = gettext("That of the survey")
        team = cast("forms.ModelChoiceField[Team]", self.fields["team"])
        team.queryset = list_teams(organisation)
        team.empty_label = gettext("None")
        languages = cast("forms.MultipleChoiceField", self.fields["languages"])
        languages.choices = [(code, LANGUAGE_NAMES.get(code, code)) for code in survey.languages]

    @classmethod
    def of(cls, kiosk: Kiosk, data: Any = None) -> "KioskForm":
        """The form as it stands for this kiosk, or with what was posted."""
        initial = {
            "name": kiosk.name,
            "touchpoint": kiosk.touchpoint_id,
            "team": kiosk.team_id,
            "languages": kiosk.languages or kiosk.survey.languages,
            "idle_seconds": kiosk.idle_seconds,
            "pin": pin_of(kiosk),
        }
        return cls(data, organisation=kiosk.organisation, survey=kiosk.survey, initial=initial)

    def clean_pin(self) -> str:
        """Digits, or nothing."""
        pin: str = self.cleaned_data["pin"]
        if pin and not PIN.fullmatch(pin):
            raise forms.ValidationError(gettext("Write four to eight digits."))
        return pin
