"""Forms of improvements: they read and check what was typed, and change nothing."""

from typing import Any, cast

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Membership, Organisation, Team
from gloed.base.queries import list_memberships, list_teams
from gloed.coding.models import Theme
from gloed.loop.improvements.labels import SIGNS
from gloed.loop.improvements.models import BOARDS, KINDS, STATUSES
from gloed.loop.improvements.rules import Board, Kind
from gloed.surveys.models import Touchpoint


class DayInput(forms.DateInput):
    """The browser's own calendar, which writes days as 2026-03-02 in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ImprovementForm(forms.Form):
    """All that is planned of an improvement."""

    title = forms.CharField(
        label=_("What do you improve?"),
        max_length=160,
        help_text=_("As a deed: “Answer every question about a bill within a day”."),
    )
    cause = forms.CharField(
        label=_("Which cause does it take away?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    board = forms.ChoiceField(
        label=_("Board"), choices=BOARDS, initial=Board.FIX.value, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial=Kind.OTHER.value)
    owner = forms.ModelChoiceField(
        label=_("Who has it in hand?"),
        queryset=Membership.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=_("Nobody yet"),
    )
    starts_on = forms.DateField(label=_("Starts on"), required=False, widget=DayInput())
    due_on = forms.DateField(label=_("Finished by"), required=False, widget=DayInput())
    goal = forms.CharField(
        label=_("Which strategic goal does it serve?"),
        required=False,
        max_length=300,
        help_text=_("Without a goal it takes energy that the plan needs elsewhere."),
    )
    touchpoint = forms.ModelChoiceField(
        label=_("Touchpoint"),
        queryset=Touchpoint.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=_("None in particular"),
    )
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=_("The whole organisation"),
    )
    themes = forms.ModelMultipleChoiceField(
        label=_("Themes"),
        queryset=Theme.objects.none(),
        required=False,
        to_field_name="key",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who named them is told when it is finished."),
    )
    expected_points = forms.FloatField(
        label=_("Expected change, in points"), required=False, min_value=-200, max_value=200
    )
    cost = forms.IntegerField(
        label=_("Cost, in euros"), required=False, min_value=0, max_value=2_000_000_000
    )
    is_quick_win = forms.BooleanField(label=_("A quick win: done within a week"), required=False)

    MAIN = ("title", "cause", "board", "kind", "owner", "starts_on", "due_on", "goal")

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "owner": list_memberships(organisation).filter(deactivated_at=None),
            "touchpoint": Touchpoint.objects.filter(organisation=organisation, removed_at=None),
            "team": list_teams(organisation),
            "themes": Theme.objects.filter(organisation=organisation, is_live=True),
        }
        for name, rows in choices.items():
            cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = rows
        language = (get_language() or "en")[:2]
        cast("Any", self.fields["themes"]).label_from_instance = lambda one: one.name_in(language)
        if not choices["themes"].exists():
            del self.fields["themes"]

    @property
    def main(self) -> list[forms.BoundField]:
        """What everybody fills in."""
        return [self[name] for name in self.MAIN]

    @property
    def more(self) -> list[forms.BoundField]:
        """What unfolds."""
        return [self[name] for name in self.fields if name not in self.MAIN]

    @property
    def is_unfolded(self) -> bool:
        """Whether something beneath the fold is filled in, or needs another look."""
        return any(field.errors or field.value() for field in self.more)

    def clean(self) -> dict[str, Any]:
        """An improvement does not end before it starts."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("due_on")
        if starts and ends and ends < starts:
            self.add_error("due_on", _("It cannot be finished before it starts."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What was filled in, in the names of the model; themes stand apart."""
        return {name: v for name, v in self.cleaned_data.items() if name != "themes"}


class QuickWinForm(forms.Form):
    """A quick win from a customer's own words: one line is enough."""

    title = forms.CharField(
        label=_("What can we do about it this week?"),
        max_length=160,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    board = forms.ChoiceField(
        label=_("Board"), choices=BOARDS, initial=Board.FIX.value, widget=forms.RadioSelect
    )
    is_mine = forms.BooleanField(label=_("I take it in hand"), required=False, initial=True)


class StepForm(forms.Form):
    """One thing to do on the way."""

    title = forms.CharField(label=_("Next step"), max_length=160)
    due_on = forms.DateField(label=_("Finished by"), required=False, widget=DayInput())


class OutcomeForm(forms.Form):
    """What was done, when it is finished: from these words people are told."""

    outcome = forms.CharField(
        label=_("What did you change, in words a customer understands?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("These words are the beginning of what is told back."),
    )


class NarrowForm(forms.Form):
    """What of all improvements to show; everything stands in the address."""

    status = forms.ChoiceField(
        label=_("How far"),
        required=False,
        choices=[("", _("All")), ("open", _("Open")), *STATUSES],
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *KINDS])
    sign = forms.ChoiceField(
        label=_("What stands out"),
        required=False,
        choices=[("", _("All")), *((sign.value, words) for sign, words in SIGNS.items())],
    )
    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    @property
    def main(self) -> list[forms.BoundField]:
        """What stands in the bar."""
        return list(self)

    more: tuple[forms.BoundField, ...] = ()
    is_unfolded = False
