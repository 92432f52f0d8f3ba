"""The own score year by year, and beside it what others published about the own sector."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from gloed.analysis import queries
from gloed.analysis.benchmarks.models import Benchmark, OwnPlace
from gloed.analysis.benchmarks.rules import (
    Kind,
    Mode,
    Place,
    Refused,
    Statistic,
    Warned,
    reason_to_refuse,
    warnings_of,
)
from gloed.analysis.changes.subjects import Subject
from gloed.analysis.measures import Kind as ReadAs
from gloed.analysis.measures import Measure, measure_of, p_value_of
from gloed.analysis.queries import ALL_TIME, Filter, Period, Query
from gloed.analysis.store import Source
from gloed.stats import Banding, Estimate, Histogram, band_of
from gloed.surveys.rules import Metric

ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Year:
    """The own score of a calendar year; `is_whole` once it is over."""

    year: int
    estimate: Estimate
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A published number, and the own one minus it where that may be said."""

    benchmark: Benchmark
    refused: Refused | None
    gap: Estimate | None = None
    own: Estimate | None = None
    warnings: tuple[Warned, ...] = ()

    @property
    def is_clear(self) -> bool:
        """Whether the own interval leaves the published number out."""
        return self.gap is not None and self.gap.excludes(0)


@dataclass(frozen=True)
class BenchmarkReport:
    """What the page says; without `measure` nobody answered."""

    subject: Subject
    measure: Measure | None
    years: tuple[Year, ...]
    change: Estimate | None  # of the last two years
    band: Banding | None
    same_sector: tuple[Compared, ...]
    elsewhere: tuple[Compared, ...]

    @property
    def is_clear(self) -> bool:
        """Whether the last year differs from the one before by more than chance."""
        return self.change is not None and p_value_of(self.change) < ALPHA


def benchmark_report(
    source: Source,
    subject: Subject,
    place: OwnPlace | None,
    benchmarks: Sequence[Benchmark],
    *,
    today: date,
    minimum: int,
    teams: Sequence[Filter] = (),
) -> BenchmarkReport:
    """The own history of a subject, and the numbers of others beside the year they are of."""
    selection = subject.selection(ALL_TIME, teams)
    result = queries.run(source, Query(selection, period=Period.MONTH))
    measure = measure_of(subject.metric, result.scale) if result.scale else None
    held: dict[int, Histogram] = {}
    for start, histogram in result.by_period().items():
        if start is not None and histogram.n:
            held[start.year] = held[start.year] + histogram if start.year in held else histogram
    shown = {year: one for year, one in sorted(held.items()) if one.n >= minimum}
    years: tuple[Year, ...] = ()
    change = None
    if measure is not None:
        years = tuple(
            Year(year, measure.estimate(one), is_whole=year < today.year)
            for year, one in shown.items()
        )
        if len(shown) > 1:
            *_earlier, before, after = shown.values()
            change = measure.difference(before, after)
    own = own_place(place, subject, measure)
    by_year = {one.year: one.estimate for one in years}
    compared = [_compared(one, own, by_year, measure) for one in benchmarks]
    is_points = measure is not None and measure.kind is ReadAs.POINTS
    return BenchmarkReport(
        subject=subject,
        measure=measure,
        years=years,
        change=change,
        band=band_of(years[-1].estimate) if years and is_points else None,
        same_sector=tuple(
            one for one in compared if own.sector and one.benchmark.sector == own.sector
        ),
        elsewhere=tuple(
            one for one in compared if not own.sector or one.benchmark.sector != own.sector
        ),
    )


def own_place(place: OwnPlace | None, subject: Subject, measure: Measure | None) -> Place:
    """Where the own score stands."""
    kind = str(subject.surveys[0].kind) if subject.surveys else Kind.UNKNOWN.value
    statistic = ""
    if measure is not None and subject.metric is not Metric.ENPS:
        statistic = {
            ReadAs.POINTS: Statistic.NPS.value,
            ReadAs.SHARE: Statistic.CSAT.value,
        }.get(measure.kind, "")
    return Place(
        sector=place.sector if place else "",
        country=place.country if place else "",
        mode=place.mode if place else Mode.UNKNOWN.value,
        kind=kind if kind in set(Kind) else Kind.UNKNOWN.value,
        statistic=statistic,
    )


def _compared(
    one: Benchmark, own: Place, by_year: dict[int, Estimate], measure: Measure | None
) -> Compared:
    other = Place(one.sector, one.country, one.mode, one.kind, one.statistic)
    refused = reason_to_refuse(own, other)
    score = by_year.get(one.year)
    if refused is None and score is None:
        refused = Refused.NO_OWN
    if refused is not None or score is None or measure is None:
        return Compared(one, refused)
    unit = 0.01 if one.statistic == Statistic.CSAT.value else 1.0
    return Compared(
        one,
        None,
        gap=shifted(score, unit * one.value),
        own=score,
        warnings=warnings_of(own, other, n=one.n),
    )


def shifted(score: Estimate, by: float) -> Estimate:
    """The own score minus a published number: the same interval, moved; that one's is not known."""
    return replace(
        score,
        value=score.value - by,
        low=None if score.low is None else score.low - by,
        high=None if score.high is None else score.high - by,
        p_value=None,
    )
