"""How many answers in words name a theme. Whole responses, which cannot be added up over files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from gloed.analysis.queries.asked import Selection
from gloed.analysis.queries.rows import ask, column_of, group_of, rows_of
from gloed.analysis.schema import THEME
from gloed.analysis.store import Source


@dataclass(frozen=True, slots=True)
class Named:
    """Answers in words, and how many of them name each theme by its key."""

    answers: int
    themes: dict[str, int] = field(default_factory=dict)


@lru_cache(maxsize=128)
def count_named(source: Source, selection: Selection) -> Named:
    """The themes of the answers in words of a selection."""
    rows = ask(source, _by_theme, selection)
    (whole,) = ask(source, _whole, selection)
    found = {row["theme"]: int(row["n"]) for row in rows if row["theme"] is not None}
    return Named(int(whole["n"]), found)


@lru_cache(maxsize=128)
def count_naming(
    source: Source, selection: Selection, theme: str, columns: Sequence[str]
) -> dict[str, dict[str | None, tuple[int, int]]]:
    """By column and value: answers in words that name a theme, and all of them."""
    found: dict[str, dict[str | None, tuple[int, int]]] = {}
    for column in columns:
        rows = ask(source, _by_column, selection, column, theme)
        found[column] = {row["value"]: (int(row["named"]), int(row["n"])) for row in rows}
    return found


def _whole(source: Source, selection: Selection) -> Any:
    rows = _in_words(source, selection)
    return rows.agg(n=rows.response_id.nunique())


def _by_theme(source: Source, selection: Selection) -> Any:
    rows = _in_words(source, selection)
    chosen = rows.select("response_id", theme=group_of(rows, source, THEME))
    return chosen.group_by("theme").agg(n=chosen.response_id.nunique())


def _by_column(source: Source, selection: Selection, column: str, theme: str) -> Any:
    rows = _in_words(source, selection)
    is_named = rows[THEME].notnull() & rows[THEME].contains(theme)
    chosen = rows.select("response_id", value=column_of(rows, source, column), named=is_named)
    number = chosen.response_id.nunique
    return chosen.group_by("value").agg(n=number(), named=number(where=chosen.named))


def _in_words(source: Source, selection: Selection) -> Any:
    rows = rows_of(source, selection)
    return rows.filter(rows.has_verbatim)
