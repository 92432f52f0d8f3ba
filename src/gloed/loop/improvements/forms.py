"""Forms of improvements: they read and check what was typed, and change nothing."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Membership, Organisation, Team
from gloed.base.queries import list_memberships, list_teams
from gloed.coding.models import Theme
from gloed.loop.improvements import aims
from gloed.loop.improvements.labels import SIGNS
from gloed.loop.improvements.models import BOARDS, KINDS, STATUSES, Improvement
from gloed.loop.improvements.rules import Board, Kind
from gloed.surveys.models import Touchpoint


class DayInput(forms.DateInput):
    """The browser's own calendar, which writes days as 2026-03-02 in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def board_field() -> forms.ChoiceField:
    """The board it hangs on; to fix, until somebody says otherwise."""
    return forms.ChoiceField(
        label=_("Board"), choices=BOARDS, initial=Board.FIX.value, widget=forms.RadioSelect
    )


def touchpoint_field() -> "forms.ModelChoiceField[Touchpoint]":
    """The touchpoint it is about; the form offers those of its organisation."""
    return forms.ModelChoiceField(
        label=_("Touchpoint"),
        queryset=Touchpoint.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=_("None in particular"),
    )


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
    board = board_field()
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
    aim = forms.ChoiceField(
        label=_("Which strategic goal does it serve?"),
        required=False,
        help_text=_("Without a goal it takes energy that the plan needs elsewhere."),
    )
    goal = forms.CharField(label=_("Or a goal in your own words"), required=False, max_length=300)
    touchpoint = touchpoint_field()
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

    MAIN = ("title", "cause", "board", "kind", "owner", "starts_on", "due_on", "aim", "goal")

    def __init__(
        self, membership: Membership, *args: Any, present: Improvement | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        organisation = membership.organisation
        self._offer_goals(membership, present)
        choices = {
            "owner": list_memberships(organisation).filter(deactivated_at=None),
            "touchpoint": _touchpoints(organisation),
            "team": list_teams(organisation),
            "themes": Theme.objects.filter(organisation=organisation, is_live=True),
        }
        _offer(self, choices)
        language = (get_language() or "en")[:2]
        cast("Any", self.fields["themes"]).label_from_instance = lambda one: one.name_in(language)
        if not choices["themes"].exists():
            del self.fields["themes"]

    def _offer_goals(self, membership: Membership, present: Improvement | None) -> None:
        """The goals that are set; that of the improvement stays, also when it was taken away."""
        self._names: dict[str, str] = {}
        self._aims = {str(key): name for key, name in aims.visible(membership).items()}
        if present is not None and present.goal_key is not None:
            key, goal = present.goal_key, present.goal
            standing = aims.standing(membership.organisation)
            gone = _("%(goal)s (taken away)") % {"goal": goal}
            self._aims.setdefault(str(key), standing.get(key, gone))
            self._names = {str(key): standing.get(key, goal)}
        if self._aims:
            choices = [("", _("None of these")), *self._aims.items()]
            cast("forms.ChoiceField", self.fields["aim"]).choices = choices
        else:
            about, own = self.fields.pop("aim"), self.fields["goal"]
            own.label, own.help_text = about.label, about.help_text

    @property
    def main(self) -> list[forms.BoundField]:
        """What everybody fills in."""
        return [self[name] for name in self.MAIN if name in self.fields]

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
        """What was filled in, in the names of the model; themes stand apart.

        A goal that is set goes before one in own words, and leaves its name.
        """
        apart = ("themes", "aim")
        values = {name: v for name, v in self.cleaned_data.items() if name not in apart}
        aim = self.cleaned_data.get("aim", "")
        values["goal_key"] = UUID(aim) if aim else None
        if aim:
            values["goal"] = self._names.get(aim, self._aims[aim])[:300]
        return values


class QuickWinForm(forms.Form):
    """A quick win from a customer's own words: one line is enough."""

    title = forms.CharField(
        label=_("What can we do about it this week?"),
        max_length=160,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    board = board_field()
    is_mine = forms.BooleanField(label=_("I take it in hand"), required=False, initial=True)


class WorkshopForm(forms.Form):
    """What was noted in a workshop, an idea on each line."""

    MOST = 50

    name = forms.CharField(
        label=_("Which workshop was it?"),
        max_length=300,
        help_text=_("For instance: customer journey day, 12 March. It stands with every idea."),
    )
    notes = forms.CharField(
        label=_("What was noted"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("One idea on each line, as a deed."),
    )
    board = board_field()
    touchpoint = touchpoint_field()

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, {"touchpoint": _touchpoints(organisation)})

    def clean_notes(self) -> list[str]:
        """The lines, each once, without the dashes and dots people put before them."""
        lines = [
            line.strip().lstrip("-*•–·").strip() for line in self.cleaned_data["notes"].splitlines()
        ]
        titles = list(dict.fromkeys(line for line in lines if line))
        if not titles:
            raise forms.ValidationError(_("There is no idea in it yet."))
        if len(titles) > self.MOST:
            raise forms.ValidationError(
                _("These are %(n)s lines; at most %(most)s go at once.")
                % {"n": len(titles), "most": self.MOST}
            )
        if long := [title for title in titles if len(title) > 160]:
            raise forms.ValidationError(
                _("“%(start)s…” is longer than the 160 letters a title may have.")
                % {"start": long[0][:40]}
            )
        return titles


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


def _touchpoints(organisation: Organisation) -> QuerySet[Touchpoint]:
    return Touchpoint.objects.filter(organisation=organisation, removed_at=None)


def _offer(form: forms.Form, choices: dict[str, Any]) -> None:
    for name, rows in choices.items():
        cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = rows
