"""Which columns of a file are worth a place in a report: those that say something of groups."""

from collections.abc import Sequence

from gloed.analysis import queries
from gloed.analysis.measures import Measure, bands_of
from gloed.analysis.queries import Result, Selection
from gloed.analysis.store import Source
from gloed.channels.file_report.gathering import Column
from gloed.channels.file_report.scoring import SMALLEST
from gloed.stats import Histogram

Counted = dict[str | None, Histogram]


def sensible_columns(
    source: Source, measure: Measure, columns: Sequence[Column]
) -> tuple[Column, ...]:
    """Columns with at least two groups to compare, each kind of grouping once.

    Left out: columns in which nearly everybody is a group of one, those that only repeat the
    rating in words ("Promoter"), and a second column that cuts the answers as the first does.
    """
    names = tuple(column.logical for column in columns)
    results = queries.run_each(source, Selection(metric=measure.metric.value), names)
    found: list[Column] = []
    seen: set[frozenset[tuple[float, ...]]] = set()
    for column in columns:
        groups = _groups(results[column.logical], measure)
        cut = frozenset(histogram.counts for histogram in groups.values())
        if cut in seen or not is_worth_showing(groups, measure):
            continue
        seen.add(cut)
        found.append(column)
    return tuple(found)


def is_worth_showing(groups: Counted, measure: Measure) -> bool:
    """Whether these groups can be compared, and are not the rating under another name."""
    large = [histogram for histogram in groups.values() if histogram.n >= SMALLEST]
    everybody = sum(histogram.n for histogram in groups.values())
    if len(large) < 2 or everybody < SMALLEST * len(groups):
        return False
    known = [histogram for value, histogram in groups.items() if value is not None]
    return not _repeats_the_rating(known, measure)


def _groups(result: Result, measure: Measure) -> Counted:
    if result.scale != measure.scale:
        return {}
    return {group[0]: histogram for group, histogram in result.by_group().items() if histogram.n}


def _repeats_the_rating(groups: Sequence[Histogram], measure: Measure) -> bool:
    """Whether every group lies within one band, and they are not all in the same."""
    bands = bands_of(measure.metric, measure.scale)
    ratings = measure.scale.values
    found = [
        {bands[r] for r, count in zip(ratings, histogram.counts, strict=True) if count}
        for histogram in groups
    ]
    return all(len(own) == 1 for own in found) and len(set().union(*found)) > 1
