"""What a subscription asks for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gloed.analysis.briefs.models import Subscription
from gloed.analysis.briefs.rules import Audience
from gloed.analysis.briefs.writing import AUDIENCES
from gloed.base import wording
from gloed.base.forms import time_zones
from gloed.base.models import Membership, Organisation, Team
from gloed.base.queries import list_teams


class SubscriptionForm(forms.Form):
    """For whom, about what, and when."""

    audience = forms.ChoiceField(
        label=gettext_lazy("Written for"),
        choices=[(a.value, AUDIENCES[a]) for a in Audience],
        help_text=gettext_lazy(
            "A director reads one score, a CX manager every survey’s, a team lead the own team’s."
        ),
    )
    about = forms.ChoiceField(label=gettext_lazy("Score"), required=False)
    team = forms.ModelChoiceField(
        Team.objects.none(), label=gettext_lazy("Team"), required=False, to_field_name="public_id",
        empty_label=gettext_lazy("(choose)"),
        help_text=gettext_lazy("For a team lead."),
    )  # fmt: skip
    day = forms.TypedChoiceField(
        label=gettext_lazy("Day of the month"),
        coerce=int,
        choices=[(n, str(n)) for n in range(1, 29)],
        initial=2,
    )
    hour = forms.TypedChoiceField(
        label=gettext_lazy("Hour"),
        coerce=int,
        choices=[(n, f"{n:02d}:00") for n in range(24)],
        initial=8,
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=time_zones,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=wording.LANGUAGES,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        organisation: Organisation,
        membership: Membership,
        subjects: list[tuple[str, Any]],
        subscription: Subscription | None = None,
        people: list[Membership] | None = None,
    ) -> None:
        initial: dict[str, Any] = {
            "language": membership.staff.language or organisation.language,
            "time_zone": organisation.time_zone,
        }
        if subscription is not None:
            initial |= {
                name: getattr(subscription, name)
                for name in ("audience", "about", "day", "hour", "time_zone", "language")
            }
            if subscription.team is not None:
                initial["team"] = subscription.team.public_id
        super().__init__(data, initial=initial, auto_id="brief_%s")
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)  # noqa: S101 - for the checker
        about.choices = [("", gettext_lazy("the usual one")), *subjects]
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)  # noqa: S101 - for the checker
        team.queryset = list_teams(organisation)
        if people and subscription is None:
            self.fields["who"] = forms.ChoiceField(
                label=gettext_lazy("Sent to"),
                choices=[(str(one.public_id), str(one)) for one in people],
                initial=str(membership.public_id),
            )
            self.order_fields(["who", *[name for name in self.fields if name != "who"]])
        self.membership = membership
        self.people = people or []

    def clean(self) -> dict[str, Any]:
        """A team lead's brief is about a team."""
        cleaned = super().clean() or {}
        if cleaned.get("audience") == Audience.TEAM_LEAD and cleaned.get("team") is None:
            raise ValidationError({"team": _("Choose the team this brief is about.")})
        if cleaned.get("audience") != Audience.TEAM_LEAD:
            cleaned["team"] = None
        return cleaned

    @property
    def receiver(self) -> Membership:
        """Whose brief it is."""
        chosen = self.cleaned_data.get("who")
        return next((one for one in self.people if str(one.public_id) == chosen), self.membership)
