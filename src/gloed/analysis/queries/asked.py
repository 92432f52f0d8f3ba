"""Questions to the projection and their answers, as frozen values."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from gloed.stats import Histogram
from gloed.surveys.rules import Scale

Group = tuple[str | None, ...]


class Period(StrEnum):
    """How finely time is cut."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class Doubt(StrEnum):
    """What a reader must know about a result besides its numbers."""

    OTHER_SCALES = "other_scales"  # some answers were given on another scale and stand apart
    NOT_PROJECTED = "not_projected"  # nothing is projected yet


@dataclass(frozen=True, slots=True)
class Window:
    """Local days from `start` up to, not including, `end`; open where None.

    Answers without a date are inside only when both ends are open.
    """

    start: date | None = None
    end: date | None = None


ALL_TIME = Window()


@dataclass(frozen=True, slots=True)
class Filter:
    """Only answers whose `column` has one of these values; None stands for "nothing known"."""

    column: str
    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which answers: of these surveys (all when empty), of this metric, in this window, filtered.

    `ratings` keeps only answers with one of these ratings, for a band.
    """

    surveys: tuple[str, ...] = ()
    metric: str = ""
    window: Window = ALL_TIME
    filters: tuple[Filter, ...] = ()
    ratings: tuple[int, ...] = ()

    def narrowed(self, *filters: Filter) -> "Selection":
        """The same with further filters."""
        return replace(self, filters=(*self.filters, *filters))


@dataclass(frozen=True, slots=True)
class Query:
    """A histogram for each group and period. `week_starts` is 0 for Sunday, 1 for Monday."""

    selection: Selection = Selection()
    by: tuple[str, ...] = ()
    period: Period | None = None
    week_starts: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """The answers of one group in one period on one scale. `period` is its first day.

    `histogram` holds beside the counts how many gave no rating (`missing`) or one that could not
    be read (`out_of_range`).
    """

    metric: str
    scale: Scale
    group: Group
    period: date | None
    histogram: Histogram


@dataclass(frozen=True, slots=True)
class Result:
    """What came out, with the query it answers, the cut-off of the data and what to doubt."""

    query: Query
    cells: tuple[Cell, ...]
    cut_off: datetime | None
    doubts: tuple[Doubt, ...] = ()
    other_scales: float = 0  # answers on other scales than the main one

    @property
    def scale(self) -> Scale | None:
        """The scale on which most answers were given; None without any."""
        return main_scale(self.cells)

    def merged(self) -> Histogram | None:
        """All cells on the main scale together; None without any."""
        scale = self.scale
        if scale is None:
            return None
        whole = Histogram.empty((scale.minimum, scale.maximum))
        for cell in self.cells:
            if cell.scale == scale:
                whole += cell.histogram
        return whole

    def by_group(self) -> dict[Group, Histogram]:
        """The main scale per group, periods together."""
        return self._summed(lambda cell: cell.group)

    def by_period(self) -> dict[date | None, Histogram]:
        """The main scale per period, groups together; None holds the undated."""
        return self._summed(lambda cell: cell.period)

    def _summed(self, key: Any) -> dict[Any, Histogram]:
        scale = self.scale
        sums: dict[Any, Histogram] = {}
        for cell in self.cells:
            if cell.scale == scale:
                name = key(cell)
                sums[name] = sums[name] + cell.histogram if name in sums else cell.histogram
        return sums


def main_scale(cells: tuple[Cell, ...]) -> Scale | None:
    """The scale on which most answers of some cells were given; None without any."""
    answers: defaultdict[Scale, float] = defaultdict(float)
    for cell in cells:
        answers[cell.scale] += cell.histogram.n
    return max(
        answers,
        key=lambda scale: (answers[scale], scale.maximum, scale.minimum, scale.high_is_good),
        default=None,
    )


def next_period(start: date, period: Period) -> date:
    """The first day of the period after the one that begins on `start`."""
    if period is Period.DAY:
        return start + timedelta(days=1)
    if period is Period.WEEK:
        return start + timedelta(days=7)
    months = 1 if period is Period.MONTH else 3
    number = start.month - 1 + months
    return date(start.year + number // 12, number % 12 + 1, 1)
