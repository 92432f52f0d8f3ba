"""Ratings that one and the same person gave: how often each pattern of them occurs."""

from functools import lru_cache
from typing import Any

from gloed.analysis.queries.asked import Selection
from gloed.analysis.queries.rows import ask, column_of, rows_of
from gloed.analysis.store import Source

Pattern = tuple[int, ...]
"""The main rating, then one of each column asked for."""


@lru_cache(maxsize=64)
def count_patterns(
    source: Source, selection: Selection, columns: tuple[str, ...], versions: tuple[int, ...]
) -> tuple[tuple[Pattern, int], ...]:
    """How many responses gave each pattern of ratings; only those who rated all of them.

    `columns` are those of further rating questions, `versions` the numbers of the survey's versions
    that count. The engine counts: no more comes back than there are patterns.
    """
    if any(name not in source.columns for name in columns):
        return ()
    rows = ask(source, _patterns, selection, columns, versions)
    width = range(len(columns) + 1)
    found = [(tuple(int(row[f"rating_{i}"]) for i in width), int(row["n"])) for row in rows]
    return tuple(sorted(found))


def _patterns(
    source: Source, selection: Selection, columns: tuple[str, ...], versions: tuple[int, ...]
) -> Any:
    import ibis  # noqa: PLC0415  # heavy, see store

    rows = rows_of(source, selection)
    rows = rows.filter(rows.version.isin(list(versions)))
    ratings = {"rating_0": rows.rating.cast("int64")} | {
        f"rating_{place}": column_of(rows, source, name).cast("int64")
        for place, name in enumerate(columns, start=1)
    }
    chosen = rows.select(**ratings)
    for name in ratings:
        chosen = chosen.filter(chosen[name].notnull())
    return chosen.group_by(list(ratings)).agg(n=ibis._.count())
