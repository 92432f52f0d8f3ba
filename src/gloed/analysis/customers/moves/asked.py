"""What an address asks of the page: which answers, in which period, against which earlier ones."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from gloed.analysis.changes.asked import Against as Period
from gloed.analysis.changes.asked import past_of
from gloed.analysis.filters import PRESETS, Asked, FilterForm, read
from gloed.analysis.queries import Window
from gloed.surveys.rules import Metric

USUAL = "365d"


class Against(StrEnum):
    """Which earlier answer of the same person the present one is laid beside."""

    ANSWER = "answer"  # the one just before it, whenever that was
    BEFORE = "before"  # the latest one of the period before
    YEAR = "year"  # the latest one of the same period a year ago


AGAINST = {
    Against.ANSWER: gettext_lazy("Their answer before"),
    Against.BEFORE: gettext_lazy("The period before"),
    Against.YEAR: gettext_lazy("A year ago"),
}


@dataclass(frozen=True, slots=True)
class MovesAsked(Asked):
    """The same as for a score, with the answers it is about and the earlier ones beside them."""

    about: str = ""
    against: Against = Against.ANSWER
    past: Window | None = None

    def params(self) -> dict[str, str]:
        """The address again: what was asked, in one form."""
        found = {"about": self.about} if self.about else {}
        found |= Asked.params(self)
        if self.against is not Against.ANSWER:
            found["against"] = self.against.value
        return found


def read_moves(query: QueryDict, *, today: date) -> MovesAsked:
    """What an address asks; whatever cannot be understood is as if it were not there."""
    base = read(query, today=today)
    if not base.preset and "when" not in query:
        usual = query.copy()
        usual["when"] = USUAL
        base = read(usual, today=today)
    wanted = query.get("against", "")
    against = Against(wanted) if wanted in set(Against) else Against.ANSWER
    has_ends = base.window.start is not None and base.window.end is not None
    if not has_ends:
        against = Against.ANSWER  # without two ends there is no period before
    past = None
    if against is not Against.ANSWER:
        past = past_of(base, Period.YEAR if against is Against.YEAR else Period.BEFORE)
    return MovesAsked(
        preset=base.preset,
        window=base.window,
        filters=base.filters,
        about=query.get("about", "").replace("\x00", "")[:80],
        against=against,
        past=past,
    )


class MovesForm(FilterForm):
    """The filter bar of this page: also which answers, and which earlier ones beside them."""

    MAIN = ("about", "when", "against")

    def __init__(
        self,
        asked: MovesAsked,
        *,
        subjects: list[tuple[str, Any]],
        choices: dict[str, list[tuple[str | None, str]]],
        metric: Metric,
    ) -> None:
        super().__init__(asked, choices=choices, metric=metric, has_bands=False)
        self.fields["about"] = forms.ChoiceField(
            label=gettext_lazy("About"), choices=subjects, required=False
        )
        presets = [(name, words) for name, words in PRESETS.items() if name]
        self.fields["when"] = forms.ChoiceField(
            label=gettext_lazy("Period"), choices=presets, required=False
        )
        self.fields["against"] = forms.ChoiceField(
            label=gettext_lazy("Compared with"), choices=list(AGAINST.items()), required=False
        )

    @property
    def main(self) -> list[forms.BoundField]:
        """What stands in the bar."""
        return [self[name] for name in self.MAIN]

    @property
    def more(self) -> list[forms.BoundField]:
        """What unfolds: dates first."""
        dates = ["from", "to"]
        others = [name for name in self.fields if name not in {*self.MAIN, *dates}]
        return [self[name] for name in [*dates, *others]]

    @property
    def is_unfolded(self) -> bool:
        """Whether own dates or one of the further filters is in use."""
        return any(self.data.get(field.name) for field in self.more)
