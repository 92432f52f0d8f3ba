"""Forms of the people side: they read and check what was typed, and change nothing."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gloed.base import wording
from gloed.base.account_forms import PASSWORD_HINT
from gloed.base.models import Membership, Organisation, Staff, StaffInvitation, Team
from gloed.base.queries import list_teams
from gloed.base.rules import Role

SMALLEST, LARGEST = 2, 100


def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The time zones by part of the world, Europe first."""
    parts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for zone in sorted(available_timezones()):
        part, _slash, place = zone.partition("/")
        if place and part not in {"Etc", "SystemV", "US", "posix", "right"}:
            parts[part].append((zone, place.replace("_", " ")))
    first = [("Europe", parts.pop("Europe", []))]
    return first + sorted(parts.items()) + [("UTC", [("UTC", "UTC")])]


def _roles() -> list[tuple[str, str]]:
    return [
        (role.value, f"{wording.ROLES[role]}: {wording.ROLES_EXPLAINED[role]}") for role in Role
    ]


class OrganisationForm(forms.Form):
    """The settings of an organisation."""

    name = forms.CharField(label=_("Name"), max_length=120)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        help_text=_("Days and months of answers begin and end by this clock."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=wording.LANGUAGES,
        help_text=_("For mails and new surveys, unless somebody chose another."),
    )
    minimum_group = forms.IntegerField(
        label=_("Smallest group that is shown"),
        min_value=SMALLEST,
        max_value=LARGEST,
        help_text=_(
            "Scores of fewer answers are hidden. Below 5, people may be recognised by their answer."
        ),
    )
    require_second_factor = forms.BooleanField(
        label=_("Everybody logs in with a second step: a code from an app"), required=False
    )


class TeamForm(forms.Form):
    """The name of a team."""

    name = forms.CharField(label=_("Name of the team"), max_length=120)


class _RoleAndTeams(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=_roles, widget=forms.RadioSelect)
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"),
        queryset=Team.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Somebody with the role Frontline sees the answers of these teams."),
    )

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelMultipleChoiceField[Team]", self.fields["teams"])
        field.queryset = list_teams(organisation)
        if not field.queryset.exists():
            del self.fields["teams"]


class MembershipForm(_RoleAndTeams):
    """The role and the teams of a colleague."""

    @classmethod
    def of(cls, membership: Membership, data: Any = None) -> "MembershipForm":
        """The form as it stands for this colleague, or with what was posted."""
        teams = [team.pk for team in membership.teams.all()]
        initial = {"role": membership.role, "teams": teams}
        return cls(membership.organisation, data, initial=initial)


class InvitationForm(_RoleAndTeams):
    """Whom to invite, as what, in which language."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    language = forms.ChoiceField(
        label=_("Language of the invitation"),
        choices=wording.LANGUAGES,
        widget=forms.RadioSelect,
    )
    field_order = ["email", "role", "teams", "language"]


class AccountForm(forms.Form):
    """The own name and look."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=wording.LANGUAGES, widget=forms.RadioSelect
    )
    theme = forms.ChoiceField(
        label=_("Light or dark"),
        choices=wording.THEMES,
        widget=forms.RadioSelect,
    )

    def clean_theme(self) -> str:
        """The theme as it is kept: empty where the device decides."""
        theme: str = self.cleaned_data["theme"]
        return "" if theme == wording.AS_DEVICE else theme


class EmailForm(forms.Form):
    """Another address to log in with."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class JoinForm(forms.Form):
    """The name and the password of somebody who was invited."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        help_text=PASSWORD_HINT,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, invitation: StaffInvitation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._invitation = invitation

    def clean(self) -> dict[str, Any]:
        """A password is not like the name or the address it belongs to."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        somebody = Staff(email=self._invitation.email, name=cleaned.get("name", ""))
        try:
            validate_password(cleaned.get("password", ""), somebody)
        except ValidationError as problem:
            if "password" in cleaned:
                self.add_error("password", problem)
        return cleaned


class _DayInput(forms.DateInput):
    """The browser's own calendar, which writes days as 2026-03-02 in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AuditFilterForm(forms.Form):
    """What of the audit trail to show; everything stands in the address."""

    who = forms.ModelChoiceField(
        label=_("Who"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=_("Everybody"),
        to_field_name="public_id",
    )
    what = forms.ChoiceField(label=_("What"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=_DayInput())
    until = forms.DateField(label=_("Up to"), required=False, widget=_DayInput())

    def __init__(
        self, colleagues: QuerySet[Membership], actions: Iterable[tuple[str, str]], data: Any
    ) -> None:
        super().__init__(data)
        cast("forms.ModelChoiceField[Membership]", self.fields["who"]).queryset = colleagues
        what = cast("forms.ChoiceField", self.fields["what"])
        what.choices = [("", _("Everything")), *actions]

    def readable(self) -> dict[str, Any]:
        """The filters that could be read; one that could not says so beside its field."""
        self.is_valid()
        return self.cleaned_data
