"""What an address asks of the page: which answers, which period, and against which other one."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from gloed.analysis.filters import PRESETS, Asked, FilterForm, read
from gloed.analysis.queries import ALL_TIME, Window
from gloed.surveys.rules import Metric

USUAL = "90d"


class Against(StrEnum):
    """With which period the one asked for is compared."""

    BEFORE = "before"
    YEAR = "year"
    OWN = "own"


AGAINST = {
    Against.BEFORE: gettext_lazy("The period before"),
    Against.YEAR: gettext_lazy("A year ago"),
    Against.OWN: gettext_lazy("Own dates"),
}


@dataclass(frozen=True, slots=True)
class ChangeAsked(Asked):
    """The same as for a score, with the answers it is about and the period to compare with.

    `about` is a survey by its public id, or a metric and a kind ("nps-relationship") for all
    surveys of both; empty for the usual one.
    """

    about: str = ""
    against: Against = Against.BEFORE
    past: Window = ALL_TIME

    @property
    def before(self) -> Window | None:
        """The period it is compared with."""
        return self.past

    @property
    def has_periods(self) -> bool:
        """Whether both periods have a beginning and an end, and do not overlap."""
        ends = (self.window.start, self.window.end, self.past.start, self.past.end)
        if None in ends:
            return False
        start, end, past_start, past_end = (day for day in ends if day is not None)
        return past_start < past_end and start < end and (past_end <= start or end <= past_start)

    def params(self) -> dict[str, str]:
        """The address again: what was asked, in one form."""
        found = {"about": self.about} if self.about else {}
        found |= Asked.params(self)
        if self.against is not Against.BEFORE:
            found["against"] = self.against.value
        if self.against is Against.OWN:
            start, end = self.past.start, self.past.end
            found |= {"pfrom": start.isoformat()} if start else {}
            found |= {"pto": (end - timedelta(days=1)).isoformat()} if end else {}
        return found


def read_change(query: QueryDict, *, today: date) -> ChangeAsked:
    """What an address asks; whatever cannot be understood is as if it were not there."""
    base = read(query, today=today)
    start, end = _date(query.get("pfrom", "")), _date(query.get("pto", ""))
    wanted = query.get("against", "")
    against = Against(wanted) if wanted in set(Against) else Against.BEFORE
    if start and end and start <= end < date.max:
        against, past = Against.OWN, Window(start, end + timedelta(days=1))
    elif against is Against.OWN:
        against, past = Against.BEFORE, Window()
    else:
        past = Window()
    if not base.preset or base.window.start is None or base.window.end is None:
        usual = QueryDict(mutable=True)
        usual.update({name: query.get(name, "") for name in query if name not in {"from", "to"}})
        usual["when"] = USUAL
        base = read(usual, today=today)
    if against is not Against.OWN:
        past = past_of(base, against)
    return ChangeAsked(
        preset=base.preset,
        window=base.window,
        filters=base.filters,
        by=base.by,
        about=query.get("about", "").replace("\x00", "")[:80],
        against=against,
        past=past,
    )


def past_of(asked: Asked, against: Against) -> Window:
    """The period to compare with: whole months and quarters with whole ones, days with as many."""
    start, end = asked.window.start, asked.window.end
    if start is None or end is None:
        return Window()
    if against is Against.YEAR:
        return Window(_year_before(start), _year_before(end))
    months = {"month": 1, "last_month": 1, "quarter": 3, "last_quarter": 3}.get(asked.preset)
    if months:
        number = start.year * 12 + start.month - 1 - months
        return Window(date(number // 12, number % 12 + 1, 1), start)
    if asked.preset == "year":
        return Window(_year_before(start), _year_before(end))
    try:
        return Window(start - (end - start), start)
    except OverflowError:
        return Window()


class ChangeForm(FilterForm):
    """The filter bar of this page: also which answers, and against what."""

    MAIN = ("about", "when", "against")

    def __init__(
        self,
        asked: ChangeAsked,
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
        labels = (
            ("pfrom", gettext_lazy("Compared with: from")),
            ("pto", gettext_lazy("Compared with: up to")),
        )
        for name, label in labels:
            widget = forms.DateInput(attrs={"type": "date"})
            self.fields[name] = forms.DateField(label=label, required=False, widget=widget)

    @property
    def main(self) -> list[forms.BoundField]:
        """What stands in the bar."""
        return [self[name] for name in self.MAIN]

    @property
    def more(self) -> list[forms.BoundField]:
        """What unfolds: dates first."""
        dates = ["from", "to", "pfrom", "pto"]
        others = [name for name in self.fields if name not in {*self.MAIN, *dates}]
        return [self[name] for name in [*dates, *others]]

    @property
    def is_unfolded(self) -> bool:
        """Whether own dates or one of the further filters is in use."""
        return any(self.data.get(field.name) for field in self.more)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _year_before(day: date) -> date:
    if day.year == 1:
        return day
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - 1, day=28)
