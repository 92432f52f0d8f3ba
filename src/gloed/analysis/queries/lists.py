"""Answers themselves, by their key in the record, and the days between which they lie."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from gloed.analysis.queries.asked import Selection
from gloed.analysis.queries.rollups import has_rollup, rolled_days
from gloed.analysis.queries.rows import ask, rows_of
from gloed.analysis.store import Source, engine, rows_in


def find_days(source: Source, selection: Selection) -> tuple[date | None, date | None]:
    """The first and the last local day on which somebody answered."""
    found = [_days(piece, selection) for piece in source.pieces]
    first = min((day for day, _last in found if day is not None), default=None)
    last = max((day for _first, day in found if day is not None), default=None)
    return first, last


@lru_cache(maxsize=256)
def _days(piece: Source, selection: Selection) -> tuple[date | None, date | None]:
    if has_rollup(piece, selection):
        return rolled_days(piece, selection)
    (row,) = ask(piece, _first_and_last, selection)
    return row["first"], row["last"]


def _first_and_last(source: Source, selection: Selection) -> Any:
    rows = rows_of(source, selection)
    return rows.agg(first=rows.local_date.min(), last=rows.local_date.max())


def list_keys(
    source: Source,
    selection: Selection,
    *,
    after: tuple[datetime | None, int] | None,
    limit: int,
    with_text: bool = False,
) -> list[tuple[datetime | None, int]]:
    """Moment and record key of answers, newest first and the undated last.

    `after` is the last pair of the piece before. A response with several ratings comes once, so
    that a piece may be a little shorter than `limit`.
    """
    import ibis  # noqa: PLC0415  # heavy, see store

    rows = rows_of(source, selection)
    if with_text:
        rows = rows.filter(rows.has_verbatim)
    if after is not None:
        at, key = after
        is_later = rows.responded_at.isnull() & (rows.response_id < key)
        if at is not None:
            moment = ibis.literal(at.astimezone(UTC), "timestamp('UTC', 6)")
            same = (rows.responded_at == moment) & (rows.response_id < key)
            is_later = rows.responded_at.isnull() | (rows.responded_at < moment) | same
        rows = rows.filter(is_later)
    listed = (
        rows.select("responded_at", "response_id")
        .order_by([ibis.desc("responded_at", nulls_first=False), ibis.desc("response_id")])
        .limit(limit)
    )
    found = rows_in(engine().run(source, listed))
    return list(dict.fromkeys((row["responded_at"], row["response_id"]) for row in found))


def list_strongest(
    source: Source, selection: Selection, *, is_high_first: bool, limit: int
) -> list[int]:
    """Record keys of answers with words: the outermost ratings first, then the newest."""
    found = [
        row
        for piece in source.pieces
        for row in _strongest(piece, selection, is_high_first=is_high_first, limit=limit)
    ]
    found.sort(key=lambda row: _strength(*row, is_high_first=is_high_first))
    return list(dict.fromkeys(key for _rating, _at, key in found[:limit]))


def _strength(
    rating: int | None, at: datetime | None, key: int, *, is_high_first: bool
) -> tuple[Any, ...]:
    """Sorts as the engine does: what is not known comes last."""
    height = 0 if rating is None else rating
    moment = 0.0 if at is None else at.timestamp()
    return (rating is None, -height if is_high_first else height, at is None, -moment, -key)


@lru_cache(maxsize=256)
def _strongest(
    piece: Source, selection: Selection, *, is_high_first: bool, limit: int
) -> list[tuple[int | None, datetime | None, int]]:
    found = ask(piece, _outermost, selection, is_high_first, limit)
    return [(row["rating"], row["responded_at"], row["response_id"]) for row in found]


def _outermost(source: Source, selection: Selection, is_high_first: bool, limit: int) -> Any:
    import ibis  # noqa: PLC0415  # heavy, see store

    rows = rows_of(source, selection)
    rows = rows.filter(rows.has_verbatim)
    rating = (ibis.desc if is_high_first else ibis.asc)("rating", nulls_first=False)
    ordered = rows.select("rating", "responded_at", "response_id").order_by(
        [rating, ibis.desc("responded_at", nulls_first=False), ibis.desc("response_id")]
    )
    return ordered.limit(limit)


def keep_keys(source: Source, selection: Selection, keys: tuple[int, ...]) -> list[int]:
    """Those of these record keys that a selection holds, in the order given."""
    rows = rows_of(source, selection)
    chosen = rows.filter(rows.response_id.isin(list(keys))).select("response_id")
    kept = engine().run(source, chosen)
    held = set(kept["response_id"].to_pylist())
    return [key for key in keys if key in held]
