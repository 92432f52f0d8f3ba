"""From counts to what a page may say: scores, changes and segments, honest by default.

A score below the smallest group is withheld wherever a filter or a split made it; a difference is
called one only after the correction for everything that stands on the screen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gloed.analysis.measures import Measure, p_value_of
from gloed.analysis.queries import Group, Result
from gloed.stats import Estimate, Histogram, Visibility, benjamini_hochberg, suppress
from gloed.surveys.rules import Metric

ALPHA = 0.05
ENOUGH_FOR_A_TREND = 10


@dataclass(frozen=True, slots=True)
class Segment:
    """One group of a split; `visibility` says whether anything may be told of it.

    A glance (see `split_of`) has no estimates, only p-values. `difference` is the group minus the
    rest (everybody else); `p_value` belongs to it and is corrected for all looks on the screen.
    """

    value: str | None
    n: int
    visibility: Visibility
    estimate: Estimate | None = None
    difference: Estimate | None = None
    p_value: float | None = None
    histogram: Histogram | None = None
    is_up: bool | None = None  # above the rest

    @property
    def is_different(self) -> bool:
        """Whether this group can be told from the rest."""
        return self.p_value is not None and self.p_value < ALPHA

    @property
    def is_hidden(self) -> bool:
        """Whether nothing may be said of it."""
        return self.visibility is not Visibility.SHOWN


@dataclass(frozen=True, slots=True)
class Split:
    """All groups by one column; the shown ones first, by what can be known (lower bound)."""

    column: str
    segments: tuple[Segment, ...]

    @property
    def different(self) -> tuple[Segment, ...]:
        """The groups that can be told from the rest."""
        return tuple(segment for segment in self.segments if segment.is_different)

    @property
    def hidden(self) -> int:
        """How many groups are hidden."""
        return sum(segment.is_hidden for segment in self.segments)

    @property
    def is_telling(self) -> bool:
        """Whether there is anything to compare."""
        return sum(not segment.is_hidden for segment in self.segments) >= 2

    @property
    def p_value(self) -> float:
        """The strongest difference in it; 1 where there is none."""
        return min((s.p_value for s in self.segments if s.p_value is not None), default=1.0)


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a trend; without `estimate` nobody answered, or too few to show."""

    start: date
    n: int
    estimate: Estimate | None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Trend:
    """Scores over time and the change from the last but one period shown to the last."""

    points: tuple[Point, ...]
    undated: int = 0
    change: Estimate | None = None
    p_value: float | None = None

    @property
    def shown(self) -> tuple[Point, ...]:
        """The periods with a score."""
        return tuple(point for point in self.points if point.estimate is not None)

    @property
    def is_clear(self) -> bool:
        """Whether the last change can be told from chance."""
        return self.p_value is not None and self.p_value < ALPHA


def split_of(
    measure: Measure,
    result: Result,
    people: Mapping[Group, int],
    *,
    minimum: int,
    is_glance: bool = False,
) -> Split:
    """The groups of a result that is split by one column; p-values are not corrected yet.

    `people` are distinct people per group; in a group it does not name every answer counts as one
    person. A glance leaves out what a page of its own would show: estimates and differences.
    """
    histograms = {group: h for group, h in result.by_group().items() if h.n}
    sizes = [int(min(people.get(group, h.n), h.n)) for group, h in histograms.items()]
    cells = suppress(sizes, threshold=max(1, minimum)).cells if sizes else ()
    seen = dict(zip(histograms, cells, strict=True))
    shown = {g: h for g, h in histograms.items() if seen[g] is Visibility.SHOWN}
    tested = _tested(measure, shown, result.merged())
    estimates = {} if is_glance else _estimates(measure, shown)
    segments = []
    for group, own in histograms.items():
        rest, p_value = tested.get(group, (None, None))
        against = measure.difference(rest, own) if rest is not None and not is_glance else None
        known = estimates.get(group)
        is_up = None if rest is None else measure.mean(own) > measure.mean(rest)
        segments.append(
            Segment(
                group[0],
                int(own.n),
                seen[group],
                known,
                against,
                p_value,
                shown.get(group),
                is_up,
            )
        )
    return Split(result.query.by[0], tuple(sorted(segments, key=_by_lower_bound)))


def trend_of(measure: Measure, result: Result, *, minimum: int, periods: Sequence[date]) -> Trend:
    """The score of each of these periods; small ones are hidden.

    Where people answer anonymously, among employees, what would give a small period away is hidden
    too, as in a split.
    """
    histograms = result.by_period()
    undated = histograms.pop(None, None)
    if sum(h.n for h in histograms.values()) < ENOUGH_FOR_A_TREND:
        return Trend((), undated=int(undated.n) if undated else 0)
    sizes = [int(histograms[start].n) if start in histograms else 0 for start in periods]
    open_to_see = shown_periods(measure.metric, sizes, minimum=minimum)
    seen = [s for s, is_open in zip(periods, open_to_see, strict=True) if is_open]
    estimates = dict(
        zip(seen, measure.estimates([histograms[start] for start in seen]), strict=True)
    )
    points = tuple(
        Point(start, n, estimates.get(start), is_hidden=bool(n) and start not in estimates)
        for start, n in zip(periods, sizes, strict=True)
    )
    trend = Trend(points, undated=int(undated.n) if undated else 0)
    if len(trend.shown) < 2:
        return trend
    before, after = (histograms[point.start] for point in trend.shown[-2:])
    change = measure.difference(before, after)
    return replace(trend, change=change, p_value=p_value_of(change))


def shown_periods(metric: Metric, sizes: Sequence[int], *, minimum: int) -> list[bool]:
    """Which periods of a trend may be shown, by their answers."""
    cells = suppress(sizes, threshold=max(1, minimum)).cells if sizes else ()
    open_to_see = {Visibility.SHOWN}
    if metric is not Metric.ENPS:
        open_to_see.add(Visibility.COMPLEMENTARY)
    return [cell in open_to_see for cell in cells]


def corrected(
    splits: Sequence[Split], *others: float | None
) -> tuple[tuple[Split, ...], tuple[float | None, ...]]:
    """The same with all p-values on the screen corrected together (Benjamini-Hochberg)."""
    raw = [s.p_value for split in splits for s in split.segments if s.p_value is not None]
    raw += [p for p in others if p is not None]
    adjusted = iter(benjamini_hochberg(raw) if raw else ())
    fresh = tuple(
        replace(
            split,
            segments=tuple(
                s if s.p_value is None else replace(s, p_value=next(adjusted))
                for s in split.segments
            ),
        )
        for split in splits
    )
    return fresh, tuple(None if p is None else next(adjusted) for p in others)


def count_comparisons(splits: Sequence[Split], *others: float | None) -> int:
    """How many p-values `corrected` looks at together."""
    raw = [*others, *(s.p_value for split in splits for s in split.segments)]
    return sum(p is not None for p in raw)


def _tested(
    measure: Measure, shown: Mapping[Group, Histogram], whole: Histogram | None
) -> dict[Group, tuple[Histogram, float]]:
    """Per group the rest (everybody else) and the p-value of the difference; none without rest."""
    if whole is None:
        return {}
    rests = {group: _minus(whole, own) for group, own in shown.items()}
    rests = {group: rest for group, rest in rests.items() if rest.n}
    p_values = measure.p_values([(rest, shown[group]) for group, rest in rests.items()])
    return {group: (rest, p) for (group, rest), p in zip(rests.items(), p_values, strict=True)}


def _estimates(measure: Measure, shown: Mapping[Group, Histogram]) -> dict[Group, Estimate]:
    return dict(zip(shown, measure.estimates(list(shown.values())), strict=True))


def _minus(whole: Histogram, part: Histogram) -> Histogram:
    left = tuple(a - b for a, b in zip(whole.counts, part.counts, strict=True))
    return Histogram(whole.values, left)


def _by_lower_bound(segment: Segment) -> tuple[bool, bool, float, str]:
    low = segment.estimate.low if segment.estimate else None
    return (segment.is_hidden, segment.value is None, -(low or 0.0), segment.value or "")
