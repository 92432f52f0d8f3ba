"""Two answers of each person beside each other, counted by the engine; rows only for one list."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gloed.analysis.queries import Selection, Window
from gloed.analysis.queries.rows import limited, rows_of
from gloed.analysis.store import Source, engine, rows_in
from gloed.surveys.rules import Scale


@dataclass(frozen=True, slots=True)
class Pairing:
    """Whose answers, and which two: the latest in `window`, and an earlier one.

    The earlier one is the latest in `past`, or where that is None the one just before it. The
    window of `selection` is open: both answers are looked for in it.
    """

    selection: Selection
    scale: Scale
    window: Window
    past: Window | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers of one person, by their keys in the record."""

    before_key: int
    after_key: int
    before: int
    after: int


@lru_cache(maxsize=128)
def count_pairs(source: Source, pairing: Pairing) -> dict[tuple[int, int], int]:
    """How many people gave which rating before and which after."""
    pairs = _pairs(source, pairing)
    counted = pairs.group_by(["before", "after"]).agg(n=pairs.count())
    return {
        (row["before"], row["after"]): int(row["n"])
        for row in rows_in(engine().run(source, counted))
    }


def list_pairs(
    source: Source,
    pairing: Pairing,
    before: tuple[int, ...],
    after: tuple[int, ...],
    *,
    limit: int,
    offset: int = 0,
) -> list[Pair]:
    """The people who gave one of these ratings before and one of those after, newest first."""
    import ibis  # noqa: PLC0415  # heavy, see store

    pairs = _pairs(source, pairing)
    chosen = pairs.filter(pairs.before.isin(list(before)), pairs.after.isin(list(after)))
    ordered = chosen.order_by([ibis.desc("at", nulls_first=False), ibis.desc("after_key")])
    found = rows_in(engine().run(source, ordered.limit(limit, offset=offset)))
    return [Pair(row["before_key"], row["after_key"], row["before"], row["after"]) for row in found]


def _pairs(source: Source, pairing: Pairing) -> Any:
    """One row for each person with both answers."""
    import ibis  # noqa: PLC0415  # heavy, see store

    rows = rows_of(source, pairing.selection)
    scale = pairing.scale
    rows = rows.filter(
        rows.rating.notnull(),
        rows.person.notnull(),
        rows.scale_minimum == scale.minimum,
        rows.scale_maximum == scale.maximum,
        rows.high_is_good == scale.high_is_good,
    )
    newest = [ibis.desc("responded_at", nulls_first=False), ibis.desc("response_id")]
    columns = ["person", "responded_at", "response_id", "rating", "local_date"]
    if pairing.past is None:
        until = limited(rows.local_date, Window(None, pairing.window.end))
        sided = (rows.filter(*until) if until else rows).select(*columns)
        place = ibis.row_number().over(group_by=[sided.person], order_by=newest)
        kept = sided.mutate(side=place)
        kept = kept.filter(kept.side <= 1)
    else:
        inside = [_inside(rows, window) for window in (pairing.window, pairing.past)]
        side = ibis.cases((inside[0], 0), (inside[1], 1))
        sided = rows.select(*columns, side=side)
        sided = sided.filter(sided.side.notnull())
        place = ibis.row_number().over(group_by=[sided.person, sided.side], order_by=newest)
        kept = sided.mutate(place=place)
        kept = kept.filter(kept.place == 0)
    late, early = kept.side == 0, kept.side == 1
    paired = kept.group_by("person").agg(
        before=kept.rating.max(where=early),
        after=kept.rating.max(where=late),
        before_key=kept.response_id.max(where=early),
        after_key=kept.response_id.max(where=late),
        at=kept.responded_at.max(where=late),
        on=kept.local_date.max(where=late),
    )
    paired = paired.filter(
        paired.before.notnull(), paired.after.notnull(), paired.before_key != paired.after_key
    )
    if pairing.past is None and pairing.window.start is not None:
        paired = paired.filter(*limited(paired.on, Window(pairing.window.start, None)))
    return paired


def _inside(rows: Any, window: Window) -> Any:
    import ibis  # noqa: PLC0415  # heavy, see store

    conditions = limited(rows.local_date, window)
    inside = ibis.literal(True)
    for condition in conditions:
        inside = inside & condition
    return inside
