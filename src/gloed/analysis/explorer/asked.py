"""What an address asks of the explorer: everything it shows stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gloed.analysis.filters import Asked, FilterForm, read
from gloed.analysis.words import PERIODS, column_label
from gloed.surveys.rules import Metric


class Versus(StrEnum):
    """What every group is compared with. In an address a goal stands as `goal:` and its key."""

    REST = "rest"
    BEFORE = "before"
    GOAL = "goal"


class Which(StrEnum):
    """Which answers of one person count, and what they are divided by."""

    ALL = ""
    LATEST = "latest"
    ASKED = "asked"


VERSUS = {
    Versus.REST: gettext_lazy("Everybody else"),
    Versus.BEFORE: gettext_lazy("The same time before"),
}
WHICH = {
    Which.ALL: gettext_lazy("Every answer"),
    Which.LATEST: gettext_lazy("The latest of each person"),
    Which.ASKED: gettext_lazy("Everybody who was asked"),
}
WEIGHTS = {
    "": gettext_lazy("Every answer the same"),
    "1": gettext_lazy("Weighted to your people"),
}


@dataclass(frozen=True, slots=True)
class ExploreAsked(Asked):
    """The same as for a score, with a second column, a comparison and which answers count."""

    about: str = ""
    then: str = ""
    versus: Versus = Versus.REST
    goal: str = ""
    which: Which = Which.ALL
    weighted: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is split by, at most two."""
        return tuple(dict.fromkeys(name for name in (self.by, self.then) if name))

    def params(self) -> dict[str, str]:
        """The address again: what was asked, in one form."""
        versus = {Versus.BEFORE: "before", Versus.GOAL: f"goal:{self.goal}"}
        found = {"about": self.about} if self.about else {}
        found |= Asked.params(self)
        found |= {"then": self.then} if self.then and self.by else {}
        found |= {"versus": versus[self.versus]} if self.versus in versus else {}
        found |= {"which": self.which.value} if self.which else {}
        found |= {"weighted": "1"} if self.weighted else {}
        return found


def read_explored(query: QueryDict, *, today: date) -> ExploreAsked:
    """What an address asks; whatever cannot be understood is as if it were not there."""
    base = read(query, today=today)
    second = QueryDict(mutable=True)
    second["by"] = query.get("then", "")
    then = read(second, today=today).by
    versus, goal = _versus(query.get("versus", ""))
    which = query.get("which", "")
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
        goal=goal,
        which=Which(which) if which in list(Which) else Which.ALL,
        weighted=query.get("weighted") == "1",
    )


def _versus(text: str) -> tuple[Versus, str]:
    kind, _colon, key = text.partition(":")
    if kind == Versus.GOAL and key:
        return Versus.GOAL, key.replace("\x00", "")[:40]
    return (Versus.BEFORE if text == Versus.BEFORE else Versus.REST), ""


class ExploreForm(FilterForm):
    """The filter bar of the explorer; weights are offered where there are any."""

    MAIN = ("about", "by", "then", "when", "versus")

    def __init__(
        self,
        asked: ExploreAsked,
        *,
        subjects: list[tuple[str, Any]],
        choices: dict[str, list[tuple[str | None, str]]],
        metric: Metric,
        goals: Sequence[tuple[str, str]] = (),
        has_weights: bool = False,
    ) -> None:
        super().__init__(asked, choices=choices, metric=metric)
        columns = sorted(((name, column_label(name)) for name in choices), key=lambda c: c[1])
        versus: list[tuple[str, Any]] = [(one.value, words) for one, words in VERSUS.items()]
        if goals:
            versus.append((_("A goal"), [(f"goal:{key}", name) for key, name in goals]))
        offered: tuple[tuple[str, Any, list[tuple[str, Any]]], ...] = (
            ("about", gettext_lazy("About"), subjects),
            (
                "by",
                pgettext_lazy("split by a column", "By"),
                [("", gettext_lazy("nothing")), *columns],
            ),
            ("then", gettext_lazy("And by"), [("", gettext_lazy("nothing")), *columns]),
            ("versus", gettext_lazy("Compared with"), versus),
            ("which", gettext_lazy("Counted"), list(WHICH.items())),
            ("cut", gettext_lazy("Time"), [("", gettext_lazy("as fits")), *PERIODS.items()]),
        )
        if has_weights:
            offered = (*offered, ("weighted", gettext_lazy("Weights"), list(WEIGHTS.items())))
        for name, label, values in offered:
            self.fields[name] = forms.ChoiceField(label=label, choices=values, required=False)

    @property
    def main(self) -> list[forms.BoundField]:
        """What stands in the bar."""
        return [self[name] for name in self.MAIN if name in self.fields]

    @property
    def more(self) -> list[forms.BoundField]:
        """What unfolds: how it is counted, time and dates first."""
        first = ["which", "weighted", "cut", "from", "to", "band"]
        others = [name for name in self.fields if name not in {*self.MAIN, *first}]
        return [self[name] for name in [*first, *others] if name in self.fields]

    @property
    def is_unfolded(self) -> bool:
        """Whether one of the further fields is in use; how it is counted stands by the score."""
        counted = {"which", "weighted"}
        return any(self.data.get(one.name) for one in self.more if one.name not in counted)
