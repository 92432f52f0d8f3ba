"""Many scores beside each other: all surveys in a list, all splits of one survey."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gloed.analysis import queries, words
from gloed.analysis.figures import months_back, sparkline
from gloed.analysis.filters import band_names, periods_between
from gloed.analysis.measures import Kind, band_counts, measure_of
from gloed.analysis.queries import Period, Query, Result, Selection
from gloed.analysis.reports import ScoreReport
from gloed.analysis.scores import trend_of
from gloed.analysis.store import Source
from gloed.base.models import Organisation
from gloed.stats import Estimate
from gloed.surveys.models import Survey
from gloed.surveys.rules import Metric

MONTHS = 12


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One survey in the list; without `estimate` nobody answered, or too few to show."""

    survey: Survey
    label: str
    n: int
    estimate: Estimate | None = None
    kind: str = Kind.POINTS.value
    low: float = -100
    high: float = 100
    spark: str = ""
    is_hidden: bool = False

    @property
    def spark_end(self) -> tuple[str, ...]:
        """Where the small trend ends."""
        return tuple(self.spark.split()[-1].split(",")) if self.spark else ()


@dataclass(frozen=True, slots=True)
class BandLine:
    """One band of a score: how many answers, and where they can be read."""

    band: str
    name: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class SplitLine:
    """One way to split a survey's answers, and what it shows at a glance."""

    label: str
    url: str
    is_chosen: bool
    above: tuple[str, ...]
    below: tuple[str, ...]
    hidden: int

    @property
    def is_clear(self) -> bool:
        """Whether some group can be told from the rest."""
        return bool(self.above or self.below)


def score_lines(
    source: Source, organisation: Organisation, surveys: Sequence[Survey], *, today: date
) -> list[ScoreLine]:
    """Score, base and the course of a year of each survey, in one question to the store."""
    if not surveys:
        return []
    selection = Selection(surveys=tuple(str(survey.public_id) for survey in surveys))
    query = Query(selection, by=("survey", "metric"), period=Period.MONTH)
    results = _by_survey(queries.run(source, query))
    return [
        _score_line(survey, results.get(str(survey.public_id)), organisation, today)
        for survey in surveys
    ]


def split_lines(report: ScoreReport) -> list[SplitLine]:
    """Every split of a report, the most telling first."""
    names = dict(report.names)
    chosen = report.chosen.column if report.chosen else ""
    ordered = sorted(report.splits, key=lambda split: (split.p_value, split.column))
    return [
        SplitLine(
            label=words.column_label(split.column),
            url=report.asked.address(by=split.column),
            is_chosen=split.column == chosen,
            above=tuple(
                words.value_label(split.column, s.value, names) for s in split.different if s.is_up
            ),
            below=tuple(
                words.value_label(split.column, s.value, names)
                for s in split.different
                if not s.is_up
            ),
            hidden=split.hidden,
        )
        for split in ordered
    ]


def band_lines(report: ScoreReport, *, url: str) -> list[BandLine]:
    """How many answers each band holds, with the address of the list of them below `url`."""
    if report.measure is None or report.histogram is None:
        return []
    measure = report.measure
    counts = band_counts(measure.metric, measure.scale, report.histogram)
    names = band_names(measure.metric)
    return [
        BandLine(
            band.value,
            names[band.value],
            int(count),
            url + report.asked.address(band=band.value, by="", cut="") if url else "",
        )
        for band, count in reversed(counts.items())
    ]


def _by_survey(result: Result) -> Mapping[str, Result]:
    """One result per survey, only its own metric's answers."""
    cells: dict[str, list[queries.Cell]] = {}
    for cell in result.cells:
        if cell.group[0] is not None:
            cells.setdefault(cell.group[0], []).append(cell)
    return {survey: replace(result, cells=tuple(own)) for survey, own in cells.items()}


def _score_line(
    survey: Survey, result: Result | None, organisation: Organisation, today: date
) -> ScoreLine:
    metric = Metric(survey.metric)
    if result is not None:
        own = tuple(cell for cell in result.cells if cell.metric == metric.value)
        result = replace(result, cells=own)
    whole = result.merged() if result is not None else None
    if result is None or whole is None or result.scale is None or not whole.n:
        return ScoreLine(survey, metric.value.upper(), 0)
    measure = measure_of(metric, result.scale)
    minimum = organisation.minimum_group
    if metric is Metric.ENPS and whole.n < minimum:
        return ScoreLine(survey, measure.label, 0, is_hidden=True)
    first = months_back(today, MONTHS)
    periods = periods_between(first, today, Period.MONTH, starts=1)
    trend = trend_of(measure, result, minimum=minimum, periods=periods)
    return ScoreLine(
        survey,
        measure.label,
        int(whole.n),
        measure.estimate(whole),
        measure.kind.value,
        measure.low,
        measure.high,
        sparkline(trend.points),
    )
