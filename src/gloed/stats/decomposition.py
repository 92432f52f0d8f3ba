"""Why did the score change: did the mix of customers change, or what they say?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TypeAlias

import numpy as np

from gloed.stats.counts import FloatArray, NetCounts
from gloed.stats.estimate import Estimate, Reason, Refusal, critical_z

Cells: TypeAlias = Mapping[tuple[str, ...], NetCounts]

SEED = 20_260_301
MOST_FACTORS = 5
_DRAWS = 4000


@dataclass(frozen=True, slots=True)
class SegmentPart:
    """What one segment contributed, in points. The mix part is against the overall level."""

    name: str
    mix: float
    rate: float


@dataclass(frozen=True, slots=True)
class MixRate:
    """A change in NPS taken apart without remainder: change = mix + rate. In points."""

    change: float
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
    missing in one period takes the other's score: all mix. Intervals: seeded parametric
    bootstrap of the cells. Refuses an empty period; do not add up nested hierarchies.

    >>> parts = mix_and_rate(
    ...     {"A": NetCounts(80, 40, 30), "B": NetCounts(30, 20, 50)},
    ...     {"A": NetCounts(70, 30, 20), "B": NetCounts(50, 30, 90)},
    ... )
    >>> round(parts.change, 6), round(parts.mix.value, 6), round(parts.rate.value, 6)
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
    mix, rate = (100 * part for part in _kitagawa(tables[0][None], tables[1][None]))
    n = float(sum(table.sum() for table in tables))
    random = np.random.default_rng(seed)
    drawn = _kitagawa(_redrawn(tables[0], random), _redrawn(tables[1], random))
    ends = [100 * part.sum(axis=1) for part in drawn]
    estimates = [
        _bootstrapped(float(part.sum()), draws, n=n, confidence=confidence, seed=seed)
        for part, draws in zip((mix, rate), ends, strict=True)
    ]
    return MixRate(
        change=100 * (_net(tables[1].sum(axis=0)) - _net(tables[0].sum(axis=0))),
        mix=estimates[0],
        rate=estimates[1],
        segments=tuple(
            SegmentPart(name, float(m), float(r))
            for name, m, r in zip(names, mix[0], rate[0], strict=True)
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
    known: dict[frozenset[str], float] = {}

    def look(moved: frozenset[str]) -> float:
        if moved not in known:
            known[moved] = value(moved)
        return known[moved]

    orders = list(permutations(factors))
    parts = dict.fromkeys(factors, 0.0)
    for order in orders:
        for place, factor in enumerate(order):
            moved = frozenset(order[:place])
            parts[factor] += (look(moved | {factor}) - look(moved)) / len(orders)
    return parts


def change_by_dimensions(
    before: Cells, after: Cells, dimensions: Sequence[str]
) -> dict[str, float]:
    """Change in NPS by the mix of every dimension and by the score itself ("rate"), in points.

    Cells are keyed by one label per dimension. The mix of the first dimension is its own, that
    of each further one is within those before it; all orders of change are averaged (Das
    Gupta 1993; Shorrocks 2013). A cell missing in one period takes the other's score. Up to 4
    dimensions; refuses an empty period.

    >>> before = {("nl", "web"): NetCounts(8, 1, 1), ("be", "web"): NetCounts(3, 3, 4)}
    >>> after = {("nl", "web"): NetCounts(4, 0, 1), ("be", "web"): NetCounts(6, 4, 5)}
    >>> parts = change_by_dimensions(before, after, ["country", "channel"])
    >>> {name: round(points, 2) + 0.0 for name, points in parts.items()}
    {'country': -16.67, 'channel': 0.0, 'rate': 6.67}
    """
    keys = sorted({*before, *after})
    if any(len(key) != len(dimensions) for key in keys) or "rate" in dimensions:
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every cell needs one label per dimension.")
    sizes = [{key: side[key].n if key in side else 0.0 for key in keys} for side in (before, after)]
    if any(sum(size.values()) == 0 for size in sizes):
        raise Refusal(Reason.NO_ANSWERS, "Both periods need answers.")
    keys = [key for key in keys if sizes[0][key] + sizes[1][key] > 0]
    rates = [_rates(keys, side, other) for side, other in ((before, after), (after, before))]

    def score(moved: frozenset[str]) -> float:
        rate = rates["rate" in moved]
        picks = [int(name in moved) for name in dimensions]
        return 100 * sum(_weight(key, sizes, picks) * rate[key] for key in keys)

    return shapley_parts([*dimensions, "rate"], score)


def _rates(
    keys: Sequence[tuple[str, ...]], side: Cells, other: Cells
) -> dict[tuple[str, ...], float]:
    held = {key: side[key] if key in side and side[key].n > 0 else other[key] for key in keys}
    return {key: (c.promoters - c.detractors) / c.n for key, c in held.items()}


def _weight(
    key: tuple[str, ...], sizes: Sequence[Mapping[tuple[str, ...], float]], picks: Sequence[int]
) -> float:
    """Chain of conditional shares; one that a period cannot tell comes from the other."""
    weight = 1.0
    for depth, pick in enumerate(picks):
        period = pick if _under(key[:depth], sizes[pick]) > 0 else 1 - pick
        weight *= _under(key[: depth + 1], sizes[period]) / _under(key[:depth], sizes[period])
    return weight


def _under(prefix: tuple[str, ...], sizes: Mapping[tuple[str, ...], float]) -> float:
    """Answers in all cells that begin with these labels."""
    return sum(n for key, n in sizes.items() if key[: len(prefix)] == prefix)


def _table(cells: Sequence[NetCounts]) -> FloatArray:
    return np.array([[c.detractors, c.passives, c.promoters] for c in cells], dtype=np.float64)


def _net(row: FloatArray) -> float:
    return float((row[2] - row[0]) / row.sum())


def _kitagawa(before: FloatArray, after: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mix (against the overall level) and rate per segment; tables of shape (draws, s, 3)."""
    sizes = [table.sum(axis=2) for table in (before, after)]
    weights = [size / size.sum(axis=1, keepdims=True) for size in sizes]
    raw = [
        np.divide(table[..., 2] - table[..., 0], size, out=np.zeros_like(size), where=size > 0)
        for table, size in zip((before, after), sizes, strict=True)
    ]
    rates = [
        np.where(sizes[0] > 0, raw[0], raw[1]),
        np.where(sizes[1] > 0, raw[1], raw[0]),
    ]
    levels = [(w * r).sum(axis=1, keepdims=True) for w, r in zip(weights, rates, strict=True)]
    middle = (rates[0] + rates[1]) / 2 - (levels[0] + levels[1]) / 2
    mix: FloatArray = (weights[1] - weights[0]) * middle
    rate: FloatArray = (rates[1] - rates[0]) * (weights[0] + weights[1]) / 2
    return mix, rate


def _redrawn(table: FloatArray, random: np.random.Generator) -> FloatArray:
    total = round(float(table.sum()))
    drawn = random.multinomial(max(total, 1), (table / table.sum()).ravel(), size=_DRAWS)
    return drawn.reshape(_DRAWS, *table.shape).astype(np.float64)


def _bootstrapped(
    value: float, draws: FloatArray, *, n: float, confidence: float, seed: int
) -> Estimate:
    critical_z(confidence)  # refuses an impossible level
    tail = 50 * (1 - confidence)
    low, high = np.percentile(draws, [tail, 100 - tail])
    return Estimate(
        value=value,
        low=min(value, float(low)),
        high=max(value, float(high)),
        n=n,
        method="parametric_bootstrap",
        confidence=confidence,
        seed=seed,
    )
