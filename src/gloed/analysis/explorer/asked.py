"""What an address asks of the explorer: everything it shows stands in it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from gloed.analysis.filters import Asked, FilterForm, read
from gloed.analysis.words import PERIODS, column_label
from gloed.surveys.rules import Metric


class Versus(StrEnum):
    """What every group is compared with."""

    NONE = ""
    REST = "rest"
    BEFORE = "before"


class Which(StrEnum):
    """Which answers of one person count."""

    ALL = ""
    LATEST = "latest"


VERSUS = {
    Versus.REST: gettext_lazy("Everybody else"),
    Versus.BEFORE: gettext_lazy("The same time before"),
}
WHICH = {
    Which.ALL: gettext_lazy("Every answer"),
    Which.LATEST: gettext_lazy("The latest of each person"),
}


@dataclass(frozen=True, slots=True)
class ExploreAsked(Asked):
    """The same as for a score, with a second column, a comparison and which answers count."""

    about: str = ""
    then: str = ""
    versus: Versus = Versus.REST
    which: Which = Which.ALL

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is split by, at most two."""
        return tuple(dict.fromkeys(name for name in (self.by, self.then) if name))

    def params(self) -> dict[str, str]:
        """The address again: what was asked, in one form."""
        found = {"about": self.about} if self.about else {}
        found |= Asked.params(self)
        found |= {"then": self.then} if self.then and self.by else {}
        found |= {"versus": self.versus.value} if self.versus is Versus.BEFORE else {}
        found |= {"which": self.which.value} if self.which is Which.LATEST else {}
        return found


def read_explored(query: QueryDict, *, today: date) -> ExploreAsked:
    """What an address asks; whatever cannot be understood is as if it were not there."""
    base = read(query, today=today)
    second = QueryDict(mutable=True)
    second["by"] = query.get("then", "")
    then = read(second, today=today).by
    versus = Versus.BEFORE if query.get("versus") == Versus.BEFORE else Versus.REST
    which = Which.LATEST if query.get("which") == Which.LATEST else Which.ALL
    return ExploreAsked(
        preset=base.preset,
        window=base.window,
        filters=base.filters,
        band=base.band,
        period=base.period,
        by=base.by,
        about=query.get("about", "").replace("\x00", "")[:80],
        then=then if base.by and then != base.by else "",
        versus=versus,
        which=which,
    )


class ExploreForm(FilterForm):
    """The filter bar of the explorer."""

    MAIN = ("about", "by", "then", "when", "versus", "which")

    def __init__(
        self,
        asked: ExploreAsked,
        *,
        subjects: list[tuple[str, Any]],
        choices: dict[str, list[tuple[str | None, str]]],
        metric: Metric,
    ) -> None:
        super().__init__(asked, choices=choices, metric=metric)
        columns = sorted(((name, column_label(name)) for name in choices), key=lambda c: c[1])
        offered: tuple[tuple[str, Any, list[tuple[str, Any]]], ...] = (
            ("about", gettext_lazy("About"), subjects),
            ("by", gettext_lazy("By"), [("", gettext_lazy("nothing")), *columns]),
            ("then", gettext_lazy("And by"), [("", gettext_lazy("nothing")), *columns]),
            ("versus", gettext_lazy("Compared with"), list(VERSUS.items())),
            ("which", gettext_lazy("Which answers"), list(WHICH.items())),
            ("cut", gettext_lazy("Time"), [("", gettext_lazy("as fits")), *PERIODS.items()]),
        )
        for name, label, values in offered:
            self.fields[name] = forms.ChoiceField(label=label, choices=values, required=False)

    @property
    def main(self) -> list[forms.BoundField]:
        """What stands in the bar."""
        return [self[name] for name in self.MAIN]

    @property
    def more(self) -> list[forms.BoundField]:
        """What unfolds: time and dates first."""
        first = ["cut", "from", "to", "band"]
        others = [name for name in self.fields if name not in {*self.MAIN, *first}]
        return [self[name] for name in [*first, *others]]

    @property
    def is_unfolded(self) -> bool:
        """Whether one of the further fields is in use."""
        return any(self.data.get(field.name) for field in self.more)
