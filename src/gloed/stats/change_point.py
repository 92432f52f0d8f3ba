"""Since when is it different? The likeliest week of a lasting change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np

from gloed.stats.counts import FloatArray, NetCounts, how_many
from gloed.stats.difference import difference
from gloed.stats.estimate import Caveat, Estimate, Reason, Refusal

FEWEST_WEEKS = 4
_SUPPORT = 6.0


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """Around which week the answers changed.

    `week` is the first of the new level (0 is the first week), `support` all weeks nearly as
    likely (likelihood within 1/20), `change` after minus before: chosen because it was largest,
    so its interval is too narrow, and its caveats say so.
    """

    week: int
    support: tuple[int, ...]
    likelihood_ratio: float
    limit: float
    change: Estimate


def change_point(weeks: Sequence[NetCounts], *, fewest: int = FEWEST_WEEKS) -> ChangePoint | None:
    """The split with the largest multinomial likelihood ratio; None below 3 ln T + 1.5.

    Uses the number of answers and all three classes; at least 4 weeks on either side; weeks
    without answers weigh nothing. Refuses fewer weeks than two sides need.

    >>> weeks = [NetCounts(20, 10, 10)] * 8 + [NetCounts(10, 10, 20)] * 8
    >>> found = change_point(weeks)
    >>> found.week, found.support
    (8, (8,))
    """
    fewest = how_many(fewest)
    if len(weeks) < 2 * fewest:
        raise Refusal(Reason.TOO_FEW, "Four weeks on either side of a change are needed.")
    table = np.array([[w.detractors, w.passives, w.promoters] for w in weeks], dtype=np.float64)
    if table.sum() == 0:
        raise Refusal(Reason.NO_ANSWERS, "Nobody has answered in these weeks.")
    before = np.cumsum(table, axis=0)[fewest - 1 : len(weeks) - fewest]
    after = table.sum(axis=0) - before
    ratios = 2 * (_fit(before) + _fit(after) - _fit(table.sum(axis=0)[None]))
    top = int(ratios.argmax())
    limit = 3 * log(len(weeks)) + 1.5
    if not ratios[top] > limit:
        return None
    sides = [NetCounts(row[2], row[1], row[0]) for row in (before[top], after[top])]
    change = difference(sides[0], sides[1])
    near = np.flatnonzero(ratios >= ratios[top] - _SUPPORT) + fewest
    return ChangePoint(
        week=top + fewest,
        support=tuple(int(week) for week in near),
        likelihood_ratio=float(ratios[top]),
        limit=limit,
        change=replace(change, caveats=(*change.caveats, Caveat.CHOSEN_AS_LARGEST)),
    )


def _fit(rows: FloatArray) -> FloatArray:
    """Multinomial log-likelihood of each row at its own shares."""
    n = rows.sum(axis=1, keepdims=True)
    shares = np.divide(rows, n, out=np.ones_like(rows), where=(n > 0) & (rows > 0))
    fit: FloatArray = (rows * np.log(shares)).sum(axis=1)
    return fit
