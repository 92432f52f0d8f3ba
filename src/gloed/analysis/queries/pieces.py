"""Sparing the engine what a piece of a source has nothing to say to."""

from functools import lru_cache
from typing import Any

from gloed.analysis.queries.asked import Selection
from gloed.analysis.queries.rows import ask, rows_of
from gloed.analysis.store import Source

FEW = 20_000
"""Up to so many answers are counted in a moment; with more the count itself would cost."""


@lru_cache(maxsize=256)
def holds_none(piece: Source, selection: Selection) -> bool:
    """Whether a small piece is known to hold none of a selection.

    What came in lately is small, and under a filter mostly empty; half a dozen questions follow.
    """
    if piece.rows > FEW:
        return False
    (row,) = ask(piece, _counted, selection)
    return not row["n"]


def _counted(source: Source, selection: Selection) -> Any:
    rows = rows_of(source, selection)
    return rows.agg(n=rows.count())
