"""Histograms of the latest answer of each person, as many older tools count.

Whole people cannot be added up over pieces of a source, so that all of it is asked at once.
"""

from functools import lru_cache
from typing import Any

from gloed.analysis.queries.asked import Period, Query, Result, Selection
from gloed.analysis.queries.histograms import packed_result_of
from gloed.analysis.queries.rows import ask, group_of, packed, rows_of, start_of
from gloed.analysis.schema import THEME
from gloed.analysis.store import Source


@lru_cache(maxsize=256)
def run_latest(source: Source, query: Query) -> Result:
    """The same as `run`, of each person only the latest rating.

    The latest within the selection, and within each period where time is cut. Who is not known
    counts as somebody else each time; answers without a rating are not counted.
    """
    selection = query.selection
    rows = ask(source, _by_group, selection, query.by, query.period, query.week_starts)
    return packed_result_of(source, query, rows)


def _by_group(
    source: Source,
    selection: Selection,
    by: tuple[str, ...],
    period: Period | None,
    week_starts: int,
) -> Any:
    import ibis  # noqa: PLC0415  # heavy, see store

    rows = rows_of(source, selection)
    rows = rows.filter(rows.rating.notnull())
    groups = {f"group_{place}": group_of(rows, source, name) for place, name in enumerate(by)}
    if period is not None:
        groups["period"] = start_of(rows.local_date, period, week_starts)
    metric = () if selection.metric else ("metric",)
    chosen = rows.select(
        "person", "responded_at", "response_id", "rating", *metric, kind=packed(rows), **groups
    )
    within = [chosen.person, *([chosen.period] if period is not None else [])]
    newest = [
        ibis.desc("responded_at", nulls_first=False),
        ibis.desc("response_id"),
        ibis.desc("rating"),
    ]
    # an answer that names several themes has several rows, which stand beside each other
    place = ibis.rank() if THEME in by else ibis.row_number()
    ranked = chosen.mutate(place=place.over(group_by=within, order_by=newest))
    kept = ranked.filter((ranked.place == 0) | ranked.person.isnull())
    counted = kept.select("kind", *metric, *groups)
    return counted.group_by(counted.columns).agg(n=ibis._.count())
