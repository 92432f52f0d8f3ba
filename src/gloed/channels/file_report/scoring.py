"""The scores of a file: the questions and the arithmetic of the pages, on a table in memory.

No Django is set up; `settings` must hold ANALYSIS_URL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gloed.analysis import queries, scores
from gloed.analysis.measures import Measure, measure_of, measures_of
from gloed.analysis.queries import Query, Result, Selection
from gloed.analysis.scores import Split
from gloed.analysis.store import Source, from_arrow
from gloed.channels.file_import.reading import WarningCode
from gloed.channels.file_report.gathering import Column, Gathered
from gloed.channels.file_report.wishes import NoScore
from gloed.stats import Estimate, Histogram
from gloed.surveys.rules import Metric

SMALLEST = 5
"""A group of fewer answers is shown but never called different, and so is its counterpart."""

UNREAD = frozenset(
    {
        WarningCode.SCORE_UNREADABLE,
        WarningCode.SCORE_NOT_INTEGER,
        WarningCode.SCORE_OUT_OF_RANGE,
    }
)
"""Warnings of a score that is written and cannot be counted."""


@dataclass(frozen=True, slots=True)
class MetricScore:
    """One metric over some answers: its score, and the other statistics it is told with."""

    metric: Metric
    measure: Measure
    histogram: Histogram
    estimate: Estimate
    also: tuple[tuple[Measure, Estimate], ...]


@dataclass(frozen=True, slots=True)
class SegmentScore:
    """One group by one column. `p_value` is of the main metric against all others, corrected."""

    value: str | None
    metrics: Mapping[Metric, MetricScore]
    is_different: bool
    is_small: bool
    p_value: float | None
    is_up: bool | None = None  # above the others


@dataclass(frozen=True, slots=True)
class FileScore:
    """What a file says: the main metric first, and the groups of each column that was asked for."""

    gathered: Gathered
    source: Source
    metrics: tuple[MetricScore, ...]
    segments: Mapping[Column, tuple[SegmentScore, ...]]
    other_scales: int = 0

    @property
    def main(self) -> MetricScore:
        """The metric that was asked for, else the one with most answers."""
        return self.metrics[0]


def score_file(gathered: Gathered, *, wanted: str = "", with_segments: bool = True) -> FileScore:
    """Score what was gathered; `wanted` is the one metric asked for, empty for every one.

    Raises NoScore when nothing in the file can be scored.
    """
    names = [wanted] if wanted else list(gathered.metrics)
    if not set(names) & set(gathered.metrics):
        raise NoScore(why_no_score(gathered, wanted))
    source = from_arrow(gathered.table)
    results = {Metric(n): queries.run(source, Query(Selection(metric=n))) for n in names}
    metrics = tuple(
        _scored(measure_of(metric, scale), whole_of(result))
        for metric, result in results.items()
        if (scale := result.scale) is not None
    )
    main = metrics[0].measure
    columns = gathered.columns if with_segments else ()
    return FileScore(
        gathered,
        source,
        metrics,
        segments_of(source, [score.measure for score in metrics], main, columns),
        int(sum(result.other_scales for result in results.values())),
    )


def segments_of(
    source: Source, measures: Sequence[Measure], main: Measure, columns: Sequence[Column]
) -> dict[Column, tuple[SegmentScore, ...]]:
    """Every group of these columns; differences are corrected for all groups together."""
    splits, _others = splits_of(source, main, [column.logical for column in columns])
    each = {m: _by_column(source, m, columns) for m in measures}
    found = {}
    for column, split in zip(columns, splits, strict=True):
        values: dict[str | None, dict[Metric, MetricScore]] = {}
        order = [segment.value for segment in split.segments]
        for measure, results in each.items():
            for (value,), own in results[column.logical].by_group().items():
                if own.n and results[column.logical].scale == measure.scale:
                    values.setdefault(value, {})[measure.metric] = _scored(measure, own)
        tested = {segment.value: segment for segment in split.segments}
        order += [value for value in values if value not in tested]  # without the main metric
        found[column] = tuple(
            SegmentScore(
                value,
                values[value],
                value in tested and tested[value].is_different,
                max(score.estimate.n for score in values[value].values()) < SMALLEST,
                tested[value].p_value if value in tested else None,
                tested[value].is_up if value in tested else None,
            )
            for value in order
        )
    return found


def splits_of(
    source: Source, measure: Measure, columns: Sequence[str], *others: float | None
) -> tuple[tuple[Split, ...], tuple[float | None, ...]]:
    """The groups by each of these columns, each against the rest, corrected for all of them.

    `others` are further p-values that are told beside them and corrected with them. A group below
    `SMALLEST`, or against fewer than that, is never tested: only luck could call it different.
    """
    selection = Selection(metric=measure.metric.value)
    results = queries.run_each(source, selection, tuple(columns))
    splits = [
        _without_small(scores.split_of(measure, results[column], {}, minimum=1))
        for column in columns
    ]
    return scores.corrected(splits, *others)


def whole_of(result: Result) -> Histogram:
    """All answers of a result on its main scale."""
    merged = result.merged()
    if merged is None:
        raise NoScore("No row of the file holds a score.")
    return merged


def why_no_score(gathered: Gathered, wanted: str) -> str:
    """Why a file has no score, and what to do."""
    if gathered.metrics:
        return (
            f"The file holds no {wanted.upper()}; it holds"
            f" {' and '.join(name.upper() for name in gathered.metrics)}. Say which column is"
            f" meant: --metric {wanted} --score-column C."
        )
    if gathered.unscored:
        (metric, low, high), _count = gathered.unscored.most_common(1)[0]
        if metric == "pmf":
            return (
                "The file holds only product-market-fit answers, which have no score here."
                " Name another column with --score-column."
            )
        return (
            f"There is no {metric.upper()} on a scale from {low} to {high}. Name another column"
            f' with --score-column, or say the scale: --options \'{{"scales": {{"{metric}":'
            " [1, 5]}}'."
        )
    if gathered.plan.metrics:
        column, (low, high) = gathered.plan.metrics[0].column, gathered.plan.metrics[0].scale
        return (
            f"The column {column} holds nothing that can be read as a number from {low} to {high}."
            " Name another column with --score-column, or say what its words mean with --options"
            " (labels)."
        )
    columns = ", ".join(column.name for column in gathered.plan.columns[:40])
    return (
        "No column was recognised as a score. Name the column that holds it with --score-column."
        f" The columns are: {columns}."
    )


def _scored(measure: Measure, histogram: Histogram) -> MetricScore:
    others = (m for m in measures_of(measure.metric, measure.scale) if m != measure)
    also = tuple((other, other.estimate(histogram)) for other in others)
    return MetricScore(measure.metric, measure, histogram, measure.estimate(histogram), also)


def _by_column(source: Source, measure: Measure, columns: Sequence[Column]) -> dict[str, Result]:
    names = tuple(column.logical for column in columns)
    return queries.run_each(source, Selection(metric=measure.metric.value), names)


def _without_small(split: Split) -> Split:
    whole = sum(segment.n for segment in split.segments)
    return replace(
        split,
        segments=tuple(
            s if SMALLEST <= s.n <= whole - SMALLEST else replace(s, p_value=None)
            for s in split.segments
        ),
    )
