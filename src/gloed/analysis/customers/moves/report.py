"""What the same people did: flows between the groups, the change with its interval, their share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gloed.analysis import queries
from gloed.analysis.changes.subjects import Subject
from gloed.analysis.customers.moves.asked import MovesAsked
from gloed.analysis.customers.moves.pairs import Pairing, count_pairs
from gloed.analysis.measures import Measure, band_counts, bands_of, measure_of
from gloed.analysis.queries import ALL_TIME, Filter, Query
from gloed.analysis.reports import choices_of
from gloed.analysis.store import Source
from gloed.stats import Estimate, Histogram, NetCounts, Transitions, nps, paired_change
from gloed.surveys.rules import Band

ORDER = (Band.DETRACTOR, Band.PASSIVE, Band.PROMOTER)
"""The order of rows and columns, as `stats.Transitions` has them."""
ALPHA = 0.05


class Verdict(StrEnum):
    """What can be said, in one word."""

    UP = "up"
    DOWN = "down"
    UNCLEAR = "unclear"
    NO_PAIRS = "no_pairs"  # nobody answered twice
    FEW = "few"  # so few that somebody could be recognised
    NO_ANSWERS = "no_answers"


@dataclass(frozen=True)
class MovesReport:
    """Everything the page says; without `transitions` there is nothing to say."""

    subject: Subject
    asked: MovesAsked
    verdict: Verdict
    names: Mapping[str, str]
    choices: Mapping[str, list[tuple[str | None, str]]]
    cut_off: datetime | None
    measure: Measure | None = None
    transitions: Transitions | None = None
    change: Estimate | None = None
    before: Estimate | None = None  # of the same people
    after: Estimate | None = None
    everybody: Estimate | None = None  # of all who answered in the period, in the same points
    people: int = 0  # who answered in the period
    earlier_people: int = 0  # who answered in the earlier period, where there is one
    pairing: Pairing | None = None

    @property
    def n(self) -> int:
        """People who answered twice."""
        return int(self.transitions.n) if self.transitions else 0

    @property
    def up(self) -> int:
        """Who moved to a higher group."""
        return self._sum(lambda before, after: after > before)

    @property
    def down(self) -> int:
        """Who moved to a lower group."""
        return self._sum(lambda before, after: after < before)

    @property
    def same(self) -> int:
        """Who stayed in the group."""
        return self.n - self.up - self.down

    @property
    def share(self) -> float:
        """Their share of everybody who answered in the period."""
        return self.n / self.people if self.people else 0.0

    def _sum(self, wanted: object) -> int:
        if self.transitions is None or not callable(wanted):
            return 0
        rows = self.transitions.rows
        return int(sum(rows[i][j] for i in range(3) for j in range(3) if wanted(i, j)))


def moves_report(
    source: Source,
    subject: Subject,
    asked: MovesAsked,
    *,
    names: Mapping[str, str],
    minimum: int,
    teams: Sequence[Filter] = (),
    cut_off: datetime | None = None,
) -> MovesReport:
    """Where the people who answered twice went. `teams` narrows to what a colleague may see.

    Only answers on the scale most were given on are laid beside each other. Fewer than `minimum`
    people are not shown.
    """
    everything = subject.selection(ALL_TIME, teams)
    columns = queries.splitting_columns(source)
    each = queries.run_each(source, everything, columns) if columns else {}
    empty = MovesReport(
        subject=subject,
        asked=asked,
        verdict=Verdict.NO_ANSWERS,
        names=names,
        choices=choices_of(each, names),
        cut_off=cut_off,
    )
    filters = [*teams, *(Filter(column, (value,)) for column, value in asked.filters)]
    selection = subject.selection(asked.window, filters)
    result = queries.run(source, Query(selection))
    whole = result.merged()
    if result.scale is None or whole is None or not whole.n:
        return empty
    measure = measure_of(subject.metric, result.scale)
    pairing = Pairing(replace(selection, window=ALL_TIME), result.scale, asked.window, asked.past)
    found = transitions_of(measure, count_pairs(source, pairing))
    told = replace(empty, measure=measure, pairing=pairing, verdict=Verdict.NO_PAIRS)
    people = queries.count_people(source, selection, ()).get((), 0)
    if not found.n:
        return replace(told, people=people)
    if found.n < minimum:
        return replace(told, verdict=Verdict.FEW)
    earlier = 0
    if asked.past is not None:
        past = replace(selection, window=asked.past)
        earlier = queries.count_people(source, past, ()).get((), 0)
    change = paired_change(found)
    return replace(
        told,
        verdict=_verdict(change),
        transitions=found,
        change=change,
        before=nps(found.before),
        after=nps(found.after),
        everybody=_net(measure, whole),
        people=people,
        earlier_people=earlier,
    )


def transitions_of(measure: Measure, counted: Mapping[tuple[int, int], int]) -> Transitions:
    """Pairs of ratings as flows between the three groups."""
    bands = bands_of(measure.metric, measure.scale)
    table = [[0.0] * 3 for _band in ORDER]
    for (before, after), n in counted.items():
        if before in bands and after in bands:
            table[ORDER.index(bands[before])][ORDER.index(bands[after])] += n
    return Transitions(tuple((row[0], row[1], row[2]) for row in table))


def _net(measure: Measure, histogram: Histogram) -> Estimate:
    """Highest group minus lowest in points, as for the same people: for NPS the NPS."""
    counts = band_counts(measure.metric, measure.scale, histogram)
    return nps(NetCounts(counts[Band.PROMOTER], counts[Band.PASSIVE], counts[Band.DETRACTOR]))


def _verdict(change: Estimate) -> Verdict:
    if change.p_value is None or change.p_value >= ALPHA or not change.value:
        return Verdict.UNCLEAR
    return Verdict.UP if change.value > 0 else Verdict.DOWN
