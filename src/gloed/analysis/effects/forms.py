"""How an improvement will be judged: what was typed, read and checked."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.analysis.effects.rules import MOST_WEEKS, Design

LEAST_BEFORE, MOST_BEFORE = 6, 52
FIRST, OTHERS, OUT = "first", "others", "out"
SIDES = [(FIRST, _("gets it")), (OTHERS, _("compared with")), (OUT, _("left out"))]
DESIGNS = [
    (Design.GROUPS.value, _("Some groups get it, others do not (yet)")),
    (Design.ROLLOUT.value, _("All get it, in two turns; Gloed draws who begins")),
    (Design.NONE.value, _("Everybody gets it at once: a change, no proof")),
]


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AboutForm(forms.Form):
    """Which score, and by what the two sides are told apart. Stands in the address."""

    about = forms.ChoiceField(label=_("Which score should move?"))
    by = forms.ChoiceField(
        label=_("Told apart by"),
        required=False,
        help_text=_("Teams, regions, products: whatever says who gets it and who does not."),
    )

    def __init__(
        self, data: Any, *, subjects: Sequence[Any], columns: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(data, initial={"about": "", "by": ""})
        self.fields["about"].choices = subjects  # type: ignore[attr-defined]  # of a choice field
        self.fields["by"].choices = [("", _("Nothing: everybody gets it")), *columns]  # type: ignore[attr-defined]  # the same


class PredictionForm(forms.Form):
    """What is fixed, once the groups are known."""

    design = forms.ChoiceField(label=_("Compared how?"), choices=DESIGNS, widget=forms.RadioSelect)
    minimum = forms.FloatField(
        label=_("Least change that is worth having"),
        min_value=0.1,
        max_value=100,
        help_text=_("In points of the score; of a share in percentage points, of a mean in steps."),
    )
    starts_on = forms.DateField(label=_("Customers notice it from"), widget=DayInput())
    weeks_before = forms.IntegerField(
        label=_("Weeks before that count"), min_value=LEAST_BEFORE, max_value=MOST_BEFORE
    )
    weeks_after = forms.IntegerField(
        label=_("Weeks after that count"), min_value=1, max_value=MOST_WEEKS
    )
    settle_weeks = forms.IntegerField(
        label=_("Weeks in between that do not count"),
        min_value=0,
        max_value=12,
        help_text=_("For when it takes a while before people notice."),
    )
    segment = forms.BooleanField(
        label=_("Only people of the segment this improvement is about"), required=False
    )

    def __init__(
        self,
        data: Any,
        *,
        groups: Sequence[tuple[str, str, str]],
        has_segment: bool,
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, initial=initial)
        self.groups = list(groups)
        for place, (value, label, answers) in enumerate(self.groups):
            self.fields[f"side_{place}"] = forms.ChoiceField(
                label=f"{label} ({answers})",
                choices=SIDES,
                required=False,
                initial=initial.get("sides", {}).get(value, OUT),
            )
        if not self.groups:
            del self.fields["design"]
        if not has_segment:
            del self.fields["segment"]

    @property
    def plain(self) -> list[forms.BoundField]:
        """The fields that are not groups."""
        return [self[name] for name in self.fields if not name.startswith("side_")]

    @property
    def sides(self) -> list[forms.BoundField]:
        """One field for each group."""
        return [self[name] for name in self.fields if name.startswith("side_")]

    @property
    def way(self) -> Design:
        """How it is compared."""
        return Design(self.cleaned_data.get("design") or Design.NONE)

    def chosen(self, side: str) -> list[str]:
        """The groups of a side."""
        return [
            value
            for place, (value, _label, _answers) in enumerate(self.groups)
            if (self.cleaned_data.get(f"side_{place}") or OUT) == side
        ]

    def clean(self) -> dict[str, Any]:
        """A comparison has somebody on both sides."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.groups or self.errors:
            return cleaned
        first, others = self.chosen(FIRST), self.chosen(OTHERS)
        if self.way is Design.GROUPS and not (first and others):
            self.add_error(None, _("Choose at least one group on each side."))
        if self.way is Design.ROLLOUT and len(first) + len(others) < 2:
            self.add_error(None, _("A lot needs at least two groups that take part."))
        return cleaned


def usual_start(due_on: date | None, starts_on: date | None, *, today: date) -> date:
    """From when on customers notice it, as far as the plan tells."""
    tomorrow = today + timedelta(days=1)
    return max(due_on or starts_on or today + timedelta(days=14), tomorrow)
