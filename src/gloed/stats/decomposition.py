"""Why did the score change: did the mix of customers change, or what they say?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TypeAlias

import numpy as np

from gloed.stats.counts import FloatArray, NetCounts
from gloed.stats.difference import difference
from gloed.stats.distributions import random_numbers
from gloed.stats.estimate import Estimate, Reason, Refusal, critical_z

Cells: TypeAlias = Mapping[tuple[str, ...], NetCounts]

SEED = 20_260_301
MOST_FACTORS = 5
_DRAWS = 4000


@dataclass(frozen=True, slots=True)
class SegmentPart:
    """What one segment contributed, in points. The mix part is against the overall level."""

    name: str
    mix: Estimate
    rate: Estimate


@dataclass(frozen=True, slots=True)
class MixRate:
    """A change in NPS taken apart without remainder: change = mix + rate. In points."""

    change: Estimate
    mix: Estimate
    rate: Estimate
    segments: tuple[SegmentPart, ...]


def mix_and_rate(
    before: Mapping[str, NetCounts],
    after: Mapping[str, NetCounts],
    *,
    confidence: float = 0.95,
    seed: int = SEED,
) -> MixRate:
    """How much of the change comes from another mix of segments, how much from other scores.

    mix = sum (w1 - w0)(r0 + r1)/2, rate = sum (r1 - r0)(w0 + w1)/2 (Kitagawa 1955). A segment
    missing in one period takes the other's score: all mix. Intervals: that of `difference` for the
    change, a seeded parametric bootstrap of the cells for its parts. Refuses an empty period; do
    not add up nested hierarchies.

    >>> parts = mix_and_rate(
    ...     {"A": NetCounts(80, 40, 30), "B": NetCounts(30, 20, 50)},
    ...     {"A": NetCounts(70, 30, 20), "B": NetCounts(50, 30, 90)},
    ... )
    >>> round(parts.change.value, 6), round(parts.mix.value, 6), round(parts.rate.value, 6)
    (-8.551724, -11.035497, 2.483773)
    """
    names = [
        name
        for name in dict.fromkeys((*before, *after))
        if any(side.get(name, NetCounts(0, 0, 0)).n > 0 for side in (before, after))
    ]
    tables = [
        _table([side.get(name, NetCounts(0, 0, 0)) for name in names]) for side in (before, after)
    ]
    if any(table.sum() == 0 for table in tables):
        raise Refusal(Reason.NO_ANSWERS, "Both periods need answers.")
    critical_z(confidence)  # refuses an impossible level
    mix, rate = (100 * part[0] for part in _kitagawa(tables[0][None], tables[1][None]))
    random = random_numbers(seed)
    drawn = _kitagawa(_redrawn(tables[0], random), _redrawn(tables[1], random))
    mixes, rates = (100 * part for part in drawn)
    sure = _Bootstrap(float(sum(table.sum() for table in tables)), confidence, seed)
    return MixRate(
        change=difference(_overall(tables[0]), _overall(tables[1]), confidence=confidence),
        mix=sure.around(float(mix.sum()), mixes.sum(axis=1)),
        rate=sure.around(float(rate.sum()), rates.sum(axis=1)),
        segments=tuple(
            SegmentPart(
                name,
                sure.around(float(mix[i]), mixes[:, i]),
                sure.around(float(rate[i]), rates[:, i]),
            )
            for i, name in enumerate(names)
        ),
    )


def shapley_parts(
    factors: Sequence[str], value: Callable[[frozenset[str]], float]
) -> dict[str, float]:
    """Every factor's share of value(all) - value(none), averaged over all orders of change.

    `value` says what the score would be with just these factors moved. The parts add up
    exactly. Up to 5 factors. Source: Shorrocks 2013.

    >>> shapley_parts(["a", "b"], lambda moved: 6.0 * (len(moved) == 2))
    {'a': 3.0, 'b': 3.0}
    """
    if not 1 <= len(set(factors)) == len(factors) <= MOST_FACTORS:
        raise Refusal(Reason.BAD_SETTING, "One to five different factors can be told apart.")
    parts = _shapley(factors, lambda moved: np.array([value(moved)]))
    return {name: float(part[0]) for name, part in parts.items()}


def change_by_dimensions(
    before: Cells,
    after: Cells,
    dimensions: Sequence[str],
    *,
    confidence: float = 0.95,
    seed: int = SEED,
) -> dict[str, Estimate]:
    """Change in NPS by the mix of every dimension and by the score itself ("rate"), in points.

    Cells are keyed by one label per dimension. The mix of the first dimension is its own, that
    of each further one is within those before it; all orders of change are averaged (Das
    Gupta 1993; Shorrocks 2013). A cell missing in one period takes the other's score. Intervals:
    seeded parametric bootstrap of the cells. Up to 4 dimensions; refuses an empty period.

    >>> before = {("nl", "web"): NetCounts(8, 1, 1), ("be", "web"): NetCounts(3, 3, 4)}
    >>> after = {("nl", "web"): NetCounts(4, 0, 1), ("be", "web"): NetCounts(6, 4, 5)}
    >>> parts = change_by_dimensions(before, after, ["country", "channel"])
    >>> {name: round(part.value, 2) + 0.0 for name, part in parts.items()}
    {'country': -16.67, 'channel': 0.0, 'rate': 6.67}
    """
    keys = sorted({*before, *after})
    if len({*dimensions, "rate"}) != len(dimensions) + 1 or len(dimensions) >= MOST_FACTORS:
        message = "Up to four different dimensions can be told apart; none is called rate."
        raise Refusal(Reason.BAD_SETTING, message)
    if any(len(key) != len(dimensions) for key in keys):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every cell needs one label per dimension.")
    nobody = NetCounts(0, 0, 0)
    tables = [_table([side.get(key, nobody) for key in keys]) for side in (before, after)]
    if any(table.sum() == 0 for table in tables):
        raise Refusal(Reason.NO_ANSWERS, "Both periods need answers.")
    critical_z(confidence)  # refuses an impossible level
    random = random_numbers(seed)
    drawn = [np.concatenate([table[None], _redrawn(table, random)]) for table in tables]
    shares = _conditional_shares(keys, [table.sum(axis=2) for table in drawn], len(dimensions))
    rates = _both_rates(drawn)

    def score(moved: frozenset[str]) -> FloatArray:
        weight = np.ones(rates[0].shape)
        for depth, name in enumerate(dimensions):
            weight *= shares[int(name in moved)][depth]
        found: FloatArray = 100 * (weight * rates[int("rate" in moved)]).sum(axis=1)
        return found

    sure = _Bootstrap(float(sum(table.sum() for table in tables)), confidence, seed)
    parts = _shapley([*dimensions, "rate"], score)
    return {name: sure.around(float(part[0]), part[1:]) for name, part in parts.items()}


def _shapley(
    factors: Sequence[str], value: Callable[[frozenset[str]], FloatArray]
) -> dict[str, FloatArray]:
    """The gain of every factor, averaged over all orders, for many draws at once."""
    known: dict[frozenset[str], FloatArray] = {}

    def look(moved: frozenset[str]) -> FloatArray:
        if moved not in known:
            known[moved] = value(moved)
        return known[moved]

    orders = list(permutations(factors))
    parts: dict[str, FloatArray] = {name: np.zeros_like(look(frozenset())) for name in factors}
    for order in orders:
        for place, factor in enumerate(order):
            moved = frozenset(order[:place])
            parts[factor] = parts[factor] + (look(moved | {factor}) - look(moved)) / len(orders)
    return parts


def _conditional_shares(
    keys: Sequence[tuple[str, ...]], sizes: Sequence[FloatArray], depths: int
) -> list[list[FloatArray]]:
    """Share of every cell's group at each depth within the group above it, in both periods.

    Per period a list by depth of shape (draws, cells). What a period cannot tell, because nobody
    is in the group above, comes from the other.
    """
    under = [
        [
            np.column_stack(
                [size[:, [other[:depth] == key[:depth] for other in keys]].sum(axis=1)
                 for key in keys]
            )
            for depth in range(depths + 1)
        ]
        for size in sizes
    ]  # fmt: skip
    own = [
        [
            np.divide(held[d + 1], held[d], out=np.zeros_like(held[d]), where=held[d] > 0)
            for d in range(depths)
        ]
        for held in under
    ]
    return [
        [np.where(under[p][d] > 0, own[p][d], own[1 - p][d]) for d in range(depths)] for p in (0, 1)
    ]


def _both_rates(tables: Sequence[FloatArray]) -> list[FloatArray]:
    """Net score of every cell in both periods; one without answers takes the other's."""
    sizes = [table.sum(axis=2) for table in tables]
    raw = [
        np.divide(table[..., 2] - table[..., 0], size, out=np.zeros_like(size), where=size > 0)
        for table, size in zip(tables, sizes, strict=True)
    ]
    return [np.where(sizes[p] > 0, raw[p], raw[1 - p]) for p in (0, 1)]


def _table(cells: Sequence[NetCounts]) -> FloatArray:
    return np.array([[c.detractors, c.passives, c.promoters] for c in cells], dtype=np.float64)


def _overall(table: FloatArray) -> NetCounts:
    low, middle, high = table.sum(axis=0).tolist()
    return NetCounts(high, middle, low)


def _kitagawa(before: FloatArray, after: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mix (against the overall level) and rate per segment; tables of shape (draws, s, 3)."""
    sizes = [table.sum(axis=2) for table in (before, after)]
    weights = [size / size.sum(axis=1, keepdims=True) for size in sizes]
    rates = _both_rates((before, after))
    levels = [(w * r).sum(axis=1, keepdims=True) for w, r in zip(weights, rates, strict=True)]
    middle = (rates[0] + rates[1]) / 2 - (levels[0] + levels[1]) / 2
    mix: FloatArray = (weights[1] - weights[0]) * middle
    rate: FloatArray = (rates[1] - rates[0]) * (weights[0] + weights[1]) / 2
    return mix, rate


def _redrawn(table: FloatArray, random: "np.random.Generator") -> FloatArray:
    """The same number of answers drawn anew from the cells, shape (draws, cells, 3).

    A cell whose answers are all alike would always be drawn alike, as if it were certain: it is
    drawn with one answer more, divided over the classes as the answers of all cells are.
    """
    size = table.sum(axis=1, keepdims=True)
    pooled = (table.sum(axis=0) + 0.5) / (table.sum() + 1.5)
    alike = (size > 0) & (table.max(axis=1, keepdims=True) == size)
    expected = np.where(alike, (table + pooled) * size / (size + 1), table)
    total = max(round(float(table.sum())), 1)
    drawn = random.multinomial(total, (expected / expected.sum()).ravel(), size=_DRAWS)
    return drawn.reshape(_DRAWS, *table.shape).astype(np.float64)


@dataclass(frozen=True, slots=True)
class _Bootstrap:
    """What every bootstrapped part of one change shares."""

    n: float
    confidence: float
    seed: int

    def around(self, value: float, draws: FloatArray) -> Estimate:
        tail = 50 * (1 - self.confidence)
        low, high = np.percentile(draws, [tail, 100 - tail])
        return Estimate(
            value=value,
            low=min(value, float(low)),
            high=max(value, float(high)),
            n=self.n,
            method="parametric_bootstrap",
            confidence=self.confidence,
            seed=self.seed,
        )
