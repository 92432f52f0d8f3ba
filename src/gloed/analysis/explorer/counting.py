"""How answers are counted: every one, the latest of each person, with the silent, or weighted.

Whatever the way, a group is a `Tally`, and tallies are added, taken off and scored alike.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from gloed.analysis import queries, words
from gloed.analysis.changes.rules import Key
from gloed.analysis.coverage.models import PopulationTable
from gloed.analysis.coverage.queries import SurveyWeights, weigh, weighted_counts
from gloed.analysis.coverage.rules import Misfit
from gloed.analysis.explorer.asked import ExploreAsked, Which
from gloed.analysis.explorer.silent import Silent, unknown_column
from gloed.analysis.measures import Kind, Measure
from gloed.analysis.queries import Period, Query, Result, Selection
from gloed.analysis.store import Source
from gloed.stats import Histogram, WeightedHistogram

Place = tuple[Key, date | None]
"""A group, and the first day of its period where time is cut."""


class Unmet(StrEnum):
    """Why answers are not counted in the way that was asked for."""

    NO_SHARE = "no_share"  # a mean has no base that the silent could stand in
    BAND = "band"  # the silent gave no rating to filter by
    TEAMS = "teams"  # who was asked is not known by team
    COLUMN = "column"  # nor by this column
    NOT_ASKED = "not_asked"  # nobody was asked: answers came in without invitations
    BOTH = "both"  # weights and the silent would repair the same thing twice
    MISFIT = "misfit"  # the population tables do not fit these answers
    NO_STRATUM = "no_stratum"  # of no answer under these filters is known where it belongs


@dataclass(frozen=True, slots=True)
class Refused:
    """One way of counting that was asked for and does not hold here."""

    why: Unmet
    column: str = ""
    misfit: Misfit | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """The ratings of a group; `silent` were asked and gave none, `loads` are the same weighted."""

    given: Histogram
    silent: float = 0
    loads: WeightedHistogram | None = None

    @property
    def n(self) -> float:
        """Ratings given, whatever they count for."""
        return self.given.n

    def without(self, part: "Tally") -> "Tally":
        """Everybody else."""
        rest = Histogram(self.given.values, _less(self.given.counts, part.given.counts))
        loads = self.loads
        if loads is not None and part.loads is not None:
            one, two = loads, part.loads
            loads = WeightedHistogram(
                one.values,
                _less(one.counts, two.counts),
                _less(one.weights, two.weights),
                _less(one.squares, two.squares),
            )
        return Tally(rest, max(0.0, self.silent - part.silent), loads)


@dataclass(frozen=True, slots=True)
class Counting:
    """The answers of a source in one way of counting, on the scale of a measure."""

    source: Source
    measure: Measure
    which: Which = Which.ALL
    silent: Silent | None = None
    weights: SurveyWeights | None = None

    def whole(self, selection: Selection) -> Tally | None:
        """Everybody together; None without answers."""
        return self._tallies(selection).get(((), None))

    def groups(self, selection: Selection, by: tuple[str, ...]) -> dict[Key, Tally]:
        """Each group with answers."""
        return {key: own for (key, _start), own in self._tallies(selection, by).items()}

    def periods(self, selection: Selection, period: Period) -> dict[date, Tally]:
        """Everybody, in each period with answers."""
        found = self._tallies(selection, (), period)
        return {start: own for (_key, start), own in found.items() if start is not None}

    def cells(
        self, selection: Selection, by: tuple[str, ...], period: Period
    ) -> dict[tuple[Key, date], Tally]:
        """Each group in each period."""
        found = self._tallies(selection, by, period)
        return {(key, start): own for (key, start), own in found.items() if start is not None}

    def run(self, query: Query) -> Result:
        """The answers as they count, before they are weighted."""
        latest = self.which is Which.LATEST
        return (queries.run_latest if latest else queries.run)(self.source, query)

    def _tallies(
        self, selection: Selection, by: tuple[str, ...] = (), period: Period | None = None
    ) -> dict[Place, Tally]:
        strata = self.weights.columns if self.weights is not None else ()
        query = Query(selection, (*by, *strata), period, words.week_starts())
        found: defaultdict[Place, dict[Key, Histogram]] = defaultdict(dict)
        for cell in self.run(query).cells:
            if cell.scale == self.measure.scale and cell.histogram.n:
                own = Histogram(cell.histogram.values, cell.histogram.counts)
                found[cell.group[: len(by)], cell.period][cell.group[len(by) :]] = own
        if self.weights is not None:
            return _weighted(self.measure, found, self.weights)
        quiet = self.silent.count(selection, by, period) if self.silent is not None else {}
        return {
            place: Tally(_sum(list(own.values())), quiet.get(place, 0))
            for place, own in found.items()
        }


def counting_for(
    source: Source,
    measure: Measure,
    asked: ExploreAsked,
    everything: Selection,
    selection: Selection,
    *,
    silent: Silent,
    tables: Sequence[PopulationTable],
    has_own_teams: bool,
) -> tuple[Counting, tuple[Refused, ...]]:
    """The way of counting an address asks for, and what of it does not hold here.

    Weights are made of `everything` in the period, whoever looks and whatever is filtered: they
    say how many people an answer stands for.
    """
    counting = Counting(source, measure, asked.which)
    refused = []
    if asked.which is Which.ASKED:
        unmet = _unmet(measure, asked, silent, has_own_teams=has_own_teams)
        counting = replace(counting, which=Which.ALL, silent=None if unmet else silent)
        refused += [unmet] if unmet else []
    if asked.weighted:
        counting, unmet = _with_weights(counting, everything, selection, tables)
        refused += [unmet] if unmet else []
    return counting, tuple(refused)


def _unmet(
    measure: Measure, asked: ExploreAsked, silent: Silent, *, has_own_teams: bool
) -> Refused | None:
    column = unknown_column([*(name for name, _value in asked.filters), *asked.columns])
    if measure.kind is Kind.MEAN:
        return Refused(Unmet.NO_SHARE)
    if asked.band is not None:
        return Refused(Unmet.BAND)
    if has_own_teams:
        return Refused(Unmet.TEAMS)
    if column:
        return Refused(Unmet.COLUMN, column)
    return None if silent.is_any(asked.window) else Refused(Unmet.NOT_ASKED)


def _with_weights(
    counting: Counting,
    everything: Selection,
    selection: Selection,
    tables: Sequence[PopulationTable],
) -> tuple[Counting, Refused | None]:
    if counting.silent is not None:
        return counting, Refused(Unmet.BOTH)
    run = queries.run_latest if counting.which is Which.LATEST else queries.run
    weighed = weigh(counting.source, counting.measure, everything, tables, run=run)
    if weighed.weights is None:
        return counting, Refused(Unmet.MISFIT, misfit=weighed.misfit)
    weighted = replace(counting, weights=weighed.weights)
    if weighted.whole(selection) is None and counting.whole(selection) is not None:
        return counting, Refused(Unmet.NO_STRATUM)
    return weighted, None


def _weighted(
    measure: Measure, found: Mapping[Place, Mapping[Key, Histogram]], weights: SurveyWeights
) -> dict[Place, Tally]:
    """Only the answers of which the stratum is known; the others stay out."""
    tallies = {}
    for place, strata in found.items():
        known = {key: own for key, own in strata.items() if key in weights.weights}
        loads = weighted_counts(measure, known, weights)
        if loads is not None:
            tallies[place] = Tally(_sum(list(known.values())), loads=loads)
    return tallies


def _sum(histograms: Sequence[Histogram]) -> Histogram:
    return sum(histograms[1:], start=histograms[0])


def _less(whole: Sequence[float], part: Sequence[float]) -> tuple[float, ...]:
    return tuple(max(0.0, a - b) for a, b in zip(whole, part, strict=True))
