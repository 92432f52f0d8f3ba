"""Answers themselves, by their key in the record, and the days between which they lie."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

from gloed.analysis.queries.asked import Selection
from gloed.analysis.queries.pieces import holds_none
from gloed.analysis.queries.rollups import has_rollup, rolled_days
from gloed.analysis.queries.rows import ask, rows_of
from gloed.analysis.store import EVERYTHING, Source, engine, rows_in

MANY = 200_000
"""From so many answers on a piece is first asked for its last weeks alone."""
LATELY = timedelta(days=31)

_Strong: TypeAlias = tuple[int | None, datetime | None, int]
"""Rating, moment and record key of an answer."""


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
    if holds_none(piece, selection):
        return None, None
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


@dataclass(frozen=True, slots=True)
class End:
    """One end of the scale: its ratings, all of them without, and which comes first."""

    is_high_first: bool
    ratings: tuple[int, ...] | None = None


def list_strongest(source: Source, selection: Selection, *ends: End, limit: int) -> list[list[int]]:
    """Record keys of answers with words, for each end: outermost ratings first, then the newest.

    The answers are read once for all ends.
    """
    found: list[list[_Strong]] = [[] for _ in ends]
    for piece in source.pieces:
        for place, row in _strongest(piece, selection, ends, limit):
            found[place].append(row)
    return [_first_keys(rows, end, limit) for rows, end in zip(found, ends, strict=True)]


def _first_keys(rows: list[_Strong], end: End, limit: int) -> list[int]:
    rows.sort(key=lambda row: _strength(*row, is_high_first=end.is_high_first))
    return list(dict.fromkeys(key for _rating, _at, key in rows[:limit]))


def _strength(
    rating: int | None, at: datetime | None, key: int, *, is_high_first: bool
) -> tuple[Any, ...]:
    """Sorts as the engine does: what is not known comes last."""
    height = 0 if rating is None else rating
    moment = 0.0 if at is None else at.timestamp()
    return (rating is None, -height if is_high_first else height, at is None, -moment, -key)


@lru_cache(maxsize=256)
def _strongest(
    piece: Source, selection: Selection, ends: tuple[End, ...], limit: int
) -> list[tuple[int, _Strong]]:
    if not ends or holds_none(piece, selection):
        return []
    lately = _lately(piece, selection)
    if lately is not None:
        found = _list_outermost(piece, lately, ends, limit)
        if _is_settled(found, ends, limit):
            return found
    return _list_outermost(piece, selection, ends, limit)


def _lately(piece: Source, selection: Selection) -> Selection | None:
    """The last weeks of a selection, where to read those alone is far less work."""
    if piece.rows < MANY:
        return None
    _first, last = _days(piece, selection)
    window = selection.window
    if last is None or (window.start is not None and window.start > last - LATELY):
        return None
    return replace(selection, window=replace(window, start=last - LATELY))


def _is_settled(found: list[tuple[int, _Strong]], ends: tuple[End, ...], limit: int) -> bool:
    """Whether no older answer could come before these: each end is full of its outermost rating."""
    for place, end in enumerate(ends):
        ratings = [rating for at, (rating, *_rest) in found if at == place]
        if not end.ratings or len(ratings) < limit:
            return False
        outermost = max(end.ratings) if end.is_high_first else min(end.ratings)
        if any(rating != outermost for rating in ratings):
            return False
    return True


def _list_outermost(
    piece: Source, selection: Selection, ends: tuple[End, ...], limit: int
) -> list[tuple[int, _Strong]]:
    found = ask(piece, _outermost, selection, ends, limit)
    return [
        (row["place"], (row["rating"], row["responded_at"], row["response_id"])) for row in found
    ]


def _outermost(source: Source, selection: Selection, ends: tuple[End, ...], limit: int) -> Any:
    import ibis  # noqa: PLC0415  # heavy, see store

    rows = rows_of(source, selection)
    rows = rows.filter(rows.has_verbatim)
    # chosen once for all ends, as a split by every column is
    said = rows.select("rating", "responded_at", "response_id").limit(EVERYTHING)
    branches = []
    for place, end in enumerate(ends):
        chosen = said if end.ratings is None else said.filter(said.rating.isin(end.ratings))
        rating = (ibis.desc if end.is_high_first else ibis.asc)("rating", nulls_first=False)
        newest = ibis.desc("responded_at", nulls_first=False), ibis.desc("response_id")
        ordered = chosen.order_by([rating, *newest]).limit(limit)
        branches.append(ordered.mutate(place=ibis.literal(place, "int64")))
    return ibis.union(*branches) if len(branches) > 1 else branches[0]


def keep_keys(source: Source, selection: Selection, keys: tuple[int, ...]) -> list[int]:
    """Those of these record keys that a selection holds, in the order given."""
    rows = rows_of(source, selection)
    chosen = rows.filter(rows.response_id.isin(list(keys))).select("response_id")
    kept = engine().run(source, chosen)
    held = set(kept["response_id"].to_pylist())
    return [key for key in keys if key in held]
