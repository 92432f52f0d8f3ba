"""The contact policy, its exceptions, and trying it on somebody."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.fieldwork import channels
from gloed.fieldwork.rules import Condition, Exemption, Policy
from gloed.fieldwork.rules.policy import EXEMPTED
from gloed.surveys.models import Survey

NONE = "none"
LONGEST, MOST = 3650, 10_000_000  # days; people
COUNTRIES = [
    ("NL", _("the Netherlands")),
    ("BE", _("Belgium")),
    ("LU", _("Luxembourg")),
    ("DE", _("Germany")),
    ("AT", _("Austria")),
    ("CH", _("Switzerland")),
    ("FR", _("France")),
    ("GB", _("the United Kingdom")),
    ("IE", _("Ireland")),
    ("DK", _("Denmark")),
    ("SE", _("Sweden")),
    ("NO", _("Norway")),
    ("FI", _("Finland")),
    ("PL", _("Poland")),
    ("CZ", _("Czechia")),
    ("ES", _("Spain")),
    ("PT", _("Portugal")),
    ("IT", _("Italy")),
    ("US", _("the United States")),
    ("CA", _("Canada")),
    ("AW", _("Aruba")),
    ("CW", _("Curaçao")),
    (NONE, _("none: only weekends are off")),
]


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
    offer_days = forms.IntegerField(
        label=_("Quiet after an offer or a perk, in days"),
        help_text=_("Who just got a present answers about the present."),
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
    country = forms.ChoiceField(
        label=_("Whose public holidays you keep"),
        help_text=_("Nobody is asked over working days when those are off."),
        choices=COUNTRIES,
    )

    def clean_country(self) -> str:
        """The country as the policy keeps it: empty for none."""
        country: str = self.cleaned_data["country"]
        return "" if country == NONE else country

    @classmethod
    def initial_of(cls, policy: Policy) -> dict[str, Any]:
        """How the form begins for a policy that holds."""
        values = {name: getattr(policy, name) for name in cls.base_fields}
        return values | {"country": policy.country or NONE}


class ExemptionForm(forms.Form):
    """What holds instead for some people; what is left empty holds as for everybody."""

    survey = forms.ModelChoiceField(
        label=_("Only for this survey"),
        queryset=Survey.objects.none(),
        required=False,
        empty_label=_("every survey"),
    )
    never = forms.BooleanField(label=_("Never ask them"), required=False)
    never_by = forms.MultipleChoiceField(
        label=_("Never ask them by"),
        required=False,
        choices=list,
        widget=forms.CheckboxSelectMultiple,
    )
    relationship_rest_days = forms.IntegerField(
        label=_("Rest between two relationship surveys, in days"),
        required=False,
        min_value=0,
        max_value=LONGEST,
    )
    transactional_rest_days = forms.IntegerField(
        label=_("Rest around every other survey, in days"),
        required=False,
        min_value=0,
        max_value=LONGEST,
    )
    survey_cap = forms.IntegerField(
        label=_("The same survey to one person, times a year"),
        help_text=_("0 is no limit."),
        required=False,
        min_value=0,
        max_value=365,
    )
    sampling_share = forms.IntegerField(
        label=_("Events that lead to an invitation, in percent"),
        required=False,
        min_value=0,
        max_value=100,
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        surveys = Survey.objects.filter(organisation=organisation, deleted_at=None)
        self.fields["survey"].queryset = surveys  # type: ignore[attr-defined]  # a ModelChoiceField
        ways = [(channel.name, channel.label) for channel in channels.to_persons()]
        self.fields["never_by"].choices = ways  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """An exception must change something."""
        data: dict[str, Any] = super().clean() or {}
        numbers = [data.get(name) for name in EXEMPTED]
        if not (data.get("never") or data.get("never_by")) and numbers == [None] * len(numbers):
            self.add_error(None, _("Say what is different for these people."))
        return data

    def exemption(self, conditions: tuple[Condition, ...], *, id: str) -> Exemption:  # noqa: A002 - the field's name
        """The exception that was filled in."""
        data = self.cleaned_data
        return Exemption(
            id=id,
            conditions=conditions,
            survey=data["survey"].pk if data["survey"] else None,
            never=data["never"],
            never_by=tuple(data["never_by"]),
            **{name: data[name] for name in EXEMPTED},
        )


class TryPersonForm(forms.Form):
    """Whom we would like to ask what, to see whether we may."""

    who = forms.CharField(
        label=_("E-mail address or customer number"),
        max_length=254,
    )
    survey = forms.ModelChoiceField(
        label=_("Survey"),
        queryset=Survey.objects.none(),
        to_field_name="public_id",
        empty_label=_("Choose a survey"),
    )
    channel = forms.ChoiceField(label=_("How do you ask?"), choices=list)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        surveys = Survey.objects.filter(organisation=organisation, deleted_at=None)
        self.fields["survey"].queryset = surveys  # type: ignore[attr-defined]  # a ModelChoiceField
        ways = [(channel.name, channel.label) for channel in channels.to_persons()]
        self.fields["channel"].choices = ways  # type: ignore[attr-defined]  # a ChoiceField
