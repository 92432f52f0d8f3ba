"""Filters that stand in the address: reading them, offering them, and taking one away."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gloed.analysis.measures import ratings_of
from gloed.analysis.queries import ALL_TIME, Filter, Period, Query, Selection, Window, next_period
from gloed.analysis.schema import CORE, THEME, is_attribute
from gloed.analysis.words import PERIODS, column_label, value_label, window_words
from gloed.surveys.rules import Band, Metric, Scale

NOTHING = "\u2205"
"""In the address: the answers of which nothing is known in that column."""
OWN = "own"
MAIN = ("touchpoint", "team", "channel", "language", THEME)
"""Filters that stand in the bar; the others unfold."""

PRESETS = {
    "": gettext_lazy("All time"),
    "7d": gettext_lazy("Last 7 days"),
    "30d": gettext_lazy("Last 30 days"),
    "90d": gettext_lazy("Last 90 days"),
    "365d": gettext_lazy("Last 365 days"),
    "month": gettext_lazy("This month"),
    "last_month": gettext_lazy("Last month"),
    "quarter": gettext_lazy("This quarter"),
    "last_quarter": gettext_lazy("Last quarter"),
    "year": gettext_lazy("This year"),
    OWN: gettext_lazy("From … to …"),
}
BANDS = {
    Band.PROMOTER: gettext_lazy("Promoters"),
    Band.PASSIVE: gettext_lazy("Passives"),
    Band.DETRACTOR: gettext_lazy("Detractors"),
}
SATISFACTION = {
    Band.PROMOTER: gettext_lazy("Satisfied"),
    Band.PASSIVE: gettext_lazy("In between"),
    Band.DETRACTOR: gettext_lazy("Dissatisfied"),
}


Named = TypeVar("Named", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks to see."""

    preset: str = ""
    window: Window = ALL_TIME
    filters: tuple[tuple[str, str | None], ...] = ()
    band: Band | None = None
    period: Period | None = None
    by: str = ""
    search: str = ""
    with_text: bool = False

    def selection(self, survey: str, metric: Metric, scale: Scale | None) -> Selection:
        """The answers it means."""
        ratings: tuple[int, ...] = ()
        if self.band is not None and scale is not None:
            ratings = ratings_of(metric, scale, self.band)
        return Selection(
            surveys=(survey,),
            metric=metric.value,
            window=self.window,
            filters=tuple(Filter(column, (value,)) for column, value in self.filters),
            ratings=ratings,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves answers out for another reason than their date."""
        return bool(self.filters or self.band)

    @property
    def before(self) -> Window | None:
        """The window of the same length just before; None without a beginning."""
        start, end = self.window.start, self.window.end
        if start is None or end is None:
            return None
        try:
            return Window(start - (end - start), start)
        except OverflowError:
            return None

    def params(self) -> dict[str, str]:
        """The address again: what was asked, in one form."""
        found = {"when": self.preset} if self.preset else {}
        if self.preset == OWN:
            found |= {"from": _iso(self.window.start), "to": _iso(_last(self.window))}
        found |= {column: NOTHING if value is None else value for column, value in self.filters}
        found |= {"band": self.band.value} if self.band else {}
        found |= {"cut": self.period.value} if self.period else {}
        found |= {"by": self.by} if self.by else {}
        found |= {"q": self.search} if self.search else {}
        found |= {"text": "1"} if self.with_text else {}
        return {name: value for name, value in found.items() if value}

    def address(self, **changed: str) -> str:
        """The query part of the address, with some of it changed; empty values go."""
        params = self.params() | changed
        return "?" + urlencode({name: value for name, value in params.items() if value})

    def without(self, column: str) -> str:
        """The address without one filter."""
        return self.address(**{column: ""})


def read(query: QueryDict, *, today: date) -> Asked:
    """What an address asks; whatever cannot be understood is as if it were not there."""
    preset = query.get("when", "")
    preset = preset if preset in PRESETS else ""
    start, end = _date(query.get("from", "")), _date(query.get("to", ""))
    if start or end:
        preset = OWN
    window = window_of(preset, today=today)
    if preset == OWN:
        window = Window(start, end + timedelta(days=1) if end and end < date.max else None)
        if start and end and start > end:
            preset, window = "", Window()
    return Asked(
        preset=preset,
        window=window,
        filters=_filters(query),
        band=_one_of(Band, query.get("band", "")),
        period=_one_of(Period, query.get("cut", "")),
        by=query.get("by", "") if _is_column(query.get("by", "")) else "",
        search=query.get("q", "").replace("\x00", "").strip()[:200],
        with_text=bool(query.get("text")),
    )


def window_of(preset: str, *, today: date) -> Window:
    """The days of a preset, today included."""
    end = today + timedelta(days=1)
    if preset.endswith("d"):
        return Window(end - timedelta(days=int(preset[:-1])), end)
    month = today.replace(day=1)
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    windows = {
        "month": Window(month, end),
        "last_month": Window((month - timedelta(days=1)).replace(day=1), month),
        "quarter": Window(quarter, end),
        "last_quarter": Window(_quarter_before(quarter), quarter),
        "year": Window(date(today.year, 1, 1), end),
    }
    return windows.get(preset, Window())


def usual_period(first: date | None, last: date | None) -> Period:
    """How finely to cut a span of time so that a figure can be read."""
    days = (last - first).days if first and last else 0
    if days <= 21:
        return Period.DAY
    if days <= 120:
        return Period.WEEK
    return Period.MONTH if days <= 365 * 4 else Period.QUARTER


def periods_between(first: date, last: date, period: Period, *, starts: int) -> list[date]:
    """The first days of all periods from the one with `first` to the one with `last`."""
    start = period_start(first, period, starts=starts)
    found = [start]
    while (start := next_period(start, period)) <= last:
        found.append(start)
    return found


def period_start(day: date, period: Period, *, starts: int) -> date:
    """The first day of the period a day falls in."""
    if period is Period.WEEK:
        return day - timedelta(days=(day.isoweekday() - starts) % 7)
    if period is Period.MONTH:
        return day.replace(day=1)
    if period is Period.QUARTER:
        return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return day


def coarsened(period: Period, first: date, last: date, *, most: int = 400) -> Period:
    """The period asked for, or the next one that gives no more than `most` points."""
    days = (last - first).days
    for candidate, length in zip(Period, (1, 7, 28, 90), strict=True):
        if list(Period).index(candidate) >= list(Period).index(period) and days / length <= most:
            return candidate
    return Period.QUARTER


class FilterForm(forms.Form):
    """The filter bar. Its choices are what the survey's own answers hold."""

    when = forms.ChoiceField(
        label=gettext_lazy("Period"), choices=list(PRESETS.items()), required=False
    )

    def __init__(
        self,
        asked: Asked,
        *,
        choices: Mapping[str, list[tuple[str | None, str]]],
        metric: Metric,
        has_bands: bool = True,
        has_text_search: bool = False,
    ) -> None:
        super().__init__(asked.params(), auto_id="filter_%s")
        for name, label in (("from", gettext_lazy("From")), ("to", pgettext_lazy("day", "To"))):
            widget = forms.DateInput(attrs={"type": "date"})
            self.fields[name] = forms.DateField(label=label, required=False, widget=widget)
        if has_bands:
            self.fields["band"] = forms.ChoiceField(
                label=gettext_lazy("Rating"),
                required=False,
                choices=[("", gettext_lazy("All ratings")), *band_names(metric).items()],
            )
        for column, values in choices.items():
            offered = [(NOTHING if value is None else value, label) for value, label in values]
            self.fields[column] = forms.ChoiceField(
                label=column_label(column),
                required=False,
                choices=[("", gettext_lazy("All")), *offered],
            )
        if has_text_search:
            search = forms.TextInput(attrs={"type": "search"})
            self.fields["q"] = forms.CharField(
                label=gettext_lazy("Words"), required=False, widget=search
            )
            self.fields["text"] = forms.BooleanField(
                label=gettext_lazy("Only with words"), required=False
            )
        self.asked = asked

    @property
    def main(self) -> list[forms.BoundField]:
        """What stands in the bar."""
        names = ["q", "when", *MAIN, "band"]
        return [self[name] for name in names if name in self.fields]

    @property
    def more(self) -> list[forms.BoundField]:
        """What unfolds."""
        shown = {"q", "when", "band", *MAIN, "text"}
        return [self[name] for name in self.fields if name not in shown]

    @property
    def is_unfolded(self) -> bool:
        """Whether one of the further filters is in use."""
        return any(self.data.get(field.name) for field in self.more)


def band_names(metric: Metric) -> dict[str, str]:
    """The words for the bands of a metric."""
    words = BANDS if metric in (Metric.NPS, Metric.ENPS) else SATISFACTION
    return {band.value: str(name) for band, name in words.items()}


def active_filters(asked: Asked, *, metric: Metric, names: dict[str, str]) -> list[tuple[str, str]]:
    """The filters in use in words, each with the address without it."""
    found = []
    if asked.preset == OWN:
        words = window_words(asked.window.start, asked.window.end)
        found.append((words, asked.address(when="", **{"from": "", "to": ""})))
    elif asked.preset:
        found.append((str(PRESETS[asked.preset]), asked.without("when")))
    for column, value in asked.filters:
        words = f"{column_label(column)}: {value_label(column, value, names)}"
        found.append((words, asked.without(column)))
    if asked.band:
        found.append((band_names(metric)[asked.band.value], asked.without("band")))
    if asked.search:
        found.append((_("“%(words)s”") % {"words": asked.search}, asked.without("q")))
    if asked.with_text:
        found.append((_("with words"), asked.without("text")))
    return found


def period_choices(asked: Asked, present: Period) -> list[tuple[str, str, bool]]:
    """Name, address and whether it is the present one, for every way to cut time."""
    return [
        (str(words), asked.address(cut=period.value), period is present)
        for period, words in PERIODS.items()
    ]


def previous_query(query: Query, window: Window) -> Query:
    """The same question about another window."""
    return replace(query, selection=replace(query.selection, window=window))


def _filters(query: QueryDict) -> tuple[tuple[str, str | None], ...]:
    found = {}
    for name in query:
        value = query.get(name, "").replace("\x00", "")
        if _is_column(name) and value:
            found[name] = None if value == NOTHING else value
    return tuple(sorted(found.items()))[:20]


def _is_column(name: str) -> bool:
    return is_attribute(name) or name in {*MAIN, "device", "source", THEME} & set(CORE)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _one_of(kind: type[Named], text: str) -> Named | None:
    try:
        return kind(text)
    except ValueError:
        return None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _last(window: Window) -> date | None:
    return window.end - timedelta(days=1) if window.end else None


def _quarter_before(quarter: date) -> date:
    before = quarter - timedelta(days=1)
    return date(before.year, 3 * ((before.month - 1) // 3) + 1, 1)
