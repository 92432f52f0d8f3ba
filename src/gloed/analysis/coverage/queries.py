"""Population tables, and the weights that make answers stand for everybody in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from gloed.analysis import queries
from gloed.analysis.coverage.models import PopulationTable
from gloed.analysis.coverage.rules import CAP, Misfit, Unfit, misfit_of
from gloed.analysis.measures import Measure, measure_of
from gloed.analysis.queries import Group, Query, Result, Selection
from gloed.analysis.store import Source
from gloed.base.models import Organisation
from gloed.stats import (
    Estimate,
    GroupWeights,
    Histogram,
    NetCounts,
    Refusal,
    WeightedHistogram,
    nps,
    rake_groups,
)
from gloed.surveys.rules import Metric

Stratum = tuple[str, ...]
"""One value per column that is weighted by."""


@dataclass(frozen=True, slots=True)
class SurveyWeights:
    """One weight per answer for each stratum of `columns`, mean 1 over the answers known.

    `unknown` answers lack a value in one of the columns and stay out. `shift` is how far, in the
    unit of the score, capping the largest weights moved it; None where none was capped.
    """

    columns: tuple[str, ...]
    tables: tuple[PopulationTable, ...]
    fitted: GroupWeights
    known: int
    unknown: int
    shift: float | None = None

    @property
    def weights(self) -> Mapping[Stratum, float]:
        """The weight of an answer of each stratum."""
        return self.fitted.weights

    @property
    def effective_n(self) -> float:
        """What the weighted answers are worth (Kish)."""
        sizes = self.fitted.sizes
        total = sum(self.weights[one] * sizes[one] for one in sizes)
        return total**2 / sum(self.weights[one] ** 2 * sizes[one] for one in sizes)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The weights of a selection, or why there are none."""

    weights: SurveyWeights | None = None
    misfit: Misfit | None = None


def list_tables(organisation: Organisation) -> QuerySet[PopulationTable]:
    """Every version of every table, the newest of a column first."""
    return PopulationTable.objects.filter(organisation=organisation).select_related("made_by")


def find_table(organisation: Organisation, table_id: UUID) -> PopulationTable | None:
    """A version of a table by its public id."""
    return list_tables(organisation).filter(public_id=table_id).first()


def tables_in_use(organisation: Organisation) -> list[PopulationTable]:
    """The table in use of each column."""
    return [table for table in list_tables(organisation) if table.retired_at is None]


def weights_for(
    organisation: Organisation, source: Source, selection: Selection
) -> SurveyWeights | None:
    """The weights of a selection of one metric; None where it cannot be weighted."""
    scale = queries.run(source, Query(selection)).scale
    if scale is None or not selection.metric:
        return None
    measure = measure_of(Metric(selection.metric), scale)
    return weigh(source, measure, selection, tables_in_use(organisation)).weights


def weigh(
    source: Source,
    measure: Measure,
    selection: Selection,
    tables: Sequence[PopulationTable],
    *,
    run: Callable[[Source, Query], Result] = queries.run,
) -> Weighed:
    """Fit a selection to its population tables (post-stratification; raking over several).

    `run` says which of its answers count.
    """
    if not tables:
        return Weighed(misfit=Misfit(Unfit.NO_TABLE))
    columns = tuple(table.column for table in tables)
    groups, unknown = strata_of(run(source, Query(selection, by=columns)), measure)
    targets = [_shares(table) for table in tables]
    misfit = misfit_of(list(groups), columns, targets)
    if misfit is not None:
        return Weighed(misfit=misfit)
    counts = {stratum: measure.net_counts(own) for stratum, own in groups.items()}
    try:
        fitted = rake_groups(counts, targets, cap=CAP)
    except Refusal:
        return Weighed(misfit=Misfit(Unfit.TOGETHER))
    shift = None if fitted.trimming_shift is None else fitted.trimming_shift * measure.net_unit
    known = int(sum(own.n for own in groups.values()))
    return Weighed(SurveyWeights(columns, tuple(tables), fitted, known, unknown, shift))


def fit(
    counts: Mapping[Stratum, NetCounts], targets: Sequence[Mapping[str, float]]
) -> GroupWeights:
    """Weights to shares of a population, the largest capped."""
    return rake_groups(counts, targets, cap=CAP)


def strata_of(result: Result, measure: Measure) -> tuple[dict[Stratum, Histogram], int]:
    """Ratings per stratum, and how many lack a value in one of the columns."""
    groups: dict[Stratum, Histogram] = {}
    unknown = 0.0
    for cell in result.cells:
        if cell.scale != measure.scale or not cell.histogram.n:
            continue
        stratum = tuple(value for value in cell.group if value is not None)
        if len(stratum) < len(cell.group):
            unknown += cell.histogram.n
            continue
        own = Histogram(cell.histogram.values, cell.histogram.counts)
        groups[stratum] = groups[stratum] + own if stratum in groups else own
    return groups, int(unknown)


def weighted_score(
    measure: Measure, histograms: Mapping[Group, Histogram], weights: SurveyWeights
) -> Estimate | None:
    """The weighted score of any group or cell from its histograms by `weights.columns`.

    Carries n, the effective n and `Caveat.WEIGHTED`; None where no answer is of a known stratum.
    """
    counted = weighted_counts(measure, histograms, weights)
    return None if counted is None else measure.from_points(nps(counted))


def weighted_counts(
    measure: Measure, histograms: Mapping[Group, Histogram], weights: SurveyWeights
) -> WeightedHistogram | None:
    """The same answers in three classes (see `Measure.net_counts`), ready to be added up."""
    rows = [
        (measure.net_counts(own), weights.weights[stratum])
        for key, own in histograms.items()
        if (stratum := tuple(value for value in key if value is not None)) in weights.weights
        and own.n
    ]
    if not rows:
        return None
    classes = [((c.detractors, c.passives, c.promoters), weight) for c, weight in rows]
    n, sums, squares = (
        tuple(sum(weight**power * counts[i] for counts, weight in classes) for i in range(3))
        for power in range(3)
    )
    return WeightedHistogram((-1, 0, 1), n, sums, squares)


def _shares(table: PopulationTable) -> dict[str, float]:
    total = sum(table.sizes.values())
    return {value: size / total for value, size in table.sizes.items()}
