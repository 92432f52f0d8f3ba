"""Counting whole people and whole responses, which cannot be added up over groups or files."""

from functools import lru_cache
from typing import Any

from gloed.analysis.queries.asked import Filter, Group, Result, Selection
from gloed.analysis.queries.rows import ask, group_of, rows_of
from gloed.analysis.store import Source

FEW = 10
"""Groups of more than this many times the smallest group are not asked for distinct people."""


@lru_cache(maxsize=256)
def count_people(source: Source, selection: Selection, by: tuple[str, ...]) -> dict[Group, int]:
    """Distinct people with a rating per group. Who is not known counts as somebody else each time.

    Kept apart from the histograms because people cannot be added up over ratings.
    """
    return {
        tuple(row[f"group_{place}"] for place in range(len(by))): int(row["n"])
        for row in ask(source, _people, selection, by)
    }


def _people(source: Source, selection: Selection, by: tuple[str, ...]) -> Any:
    rows = rows_of(source, selection)
    rows = rows.filter(rows.rating.notnull())
    groups = {f"group_{place}": group_of(rows, source, name) for place, name in enumerate(by)}
    chosen = rows.select("person", **groups)
    people = chosen.person.nunique() + chosen.person.isnull().sum().fill_null(0)
    return chosen.group_by(list(groups)).agg(n=people) if groups else chosen.agg(n=people)


def count_few_people(
    source: Source, results: dict[str, Result], *, minimum: int
) -> dict[str, dict[Group, int]]:
    """Distinct people of the small groups of several splits, where answers and people may differ.

    Only groups of up to ten times the smallest group that is shown are looked at.
    """
    found: dict[str, dict[Group, int]] = {}
    for column, result in results.items():
        histograms = result.by_group()
        few = tuple(g[0] for g, h in histograms.items() if minimum <= h.n < FEW * minimum)
        if few:
            narrowed = result.query.selection.narrowed(Filter(column, few))
            found[column] = count_people(source, narrowed, (column,))
    return found


@lru_cache(maxsize=128)
def count_responses(source: Source, selection: Selection, *, with_text: bool = False) -> int:
    """How many responses a selection holds, with or without a rating."""
    (row,) = ask(source, _responses, selection, with_text)
    return int(row["n"])


def _responses(source: Source, selection: Selection, with_text: bool) -> Any:
    rows = rows_of(source, selection)
    if with_text:
        rows = rows.filter(rows.has_verbatim)
    return rows.agg(n=rows.response_id.nunique())
