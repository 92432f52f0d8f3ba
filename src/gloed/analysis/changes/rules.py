"""Where a change sits: decisions on the counts of two periods, without Django.

Looked for in two steps that are both counted when p-values are corrected: which column tells groups
apart that moved differently, and whether another column splits those groups further.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gloed.stats import NetCounts, Reason, Refusal, benjamini_hochberg, homogeneity
from gloed.stats.distributions import chi_square_tail

ALPHA: Final = 0.05
LEAST: Final = 5
"""A cell with fewer answers in one of the periods says nothing about how it moved."""
CHANCE: Final = 0.01
"""A group is new or gone where chance would leave the other period empty less often than this."""
SHIFT: Final = 0.10
"""A smaller move of a share of answers between channels is not called out."""

Value = str | None
Key = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """One group in both periods, in classes of the measure (see `Measure.net_counts`)."""

    before: NetCounts
    after: NetCounts

    @property
    def is_told(self) -> bool:
        """Whether both periods hold enough answers to say how it moved."""
        return min(self.before.n, self.after.n) >= LEAST

    def __add__(self, other: "Pair") -> "Pair":
        return Pair(self.before + other.before, self.after + other.after)


Pairs = Mapping[Key, Pair]


@dataclass(frozen=True, slots=True)
class Unevenness:
    """Whether groups moved differently: chi-square over their changes, its p-value corrected."""

    column: str
    statistic: float
    df: int
    p_value: float

    @property
    def is_clear(self) -> bool:
        """Whether some group moved differently from the others."""
        return self.p_value < ALPHA


@dataclass(frozen=True, slots=True)
class Vanished:
    """A group with answers in one period only, though more were to be expected in the other."""

    column: str
    value: Value
    n: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Shift:
    """A channel whose share of the answers moved."""

    value: Value
    before: float
    after: float


def move(pair: Pair) -> tuple[float, float]:
    """How far a group moved, on -1 to 1, and the variance of that.

    Three answers are added to each side, as in the adjusted Wald interval: a unanimous group has
    a variance too.
    """
    moved = _net(pair.after) - _net(pair.before)
    return moved, _variance(pair.before) + _variance(pair.after)


def uneven(pairs: Pairs) -> tuple[float, int]:
    """The chi-square of "all these groups moved alike" and its degrees of freedom; 0, 0 for one."""
    moves = [move(pair) for pair in pairs.values() if pair.is_told]
    if len(moves) < 2:
        return 0.0, 0
    weights = [1 / variance for _moved, variance in moves]
    middle = sum(w * m for w, (m, _v) in zip(weights, moves, strict=True)) / sum(weights)
    statistic = sum(w * (m - middle) ** 2 for w, (m, _v) in zip(weights, moves, strict=True))
    return statistic, len(moves) - 1


def rank_columns(columns: Mapping[str, Pairs]) -> list[Unevenness]:
    """The columns whose groups moved most differently first; p-values corrected together."""
    return _ranked({name: uneven(pairs) for name, pairs in columns.items()})


def rank_further(tables: Mapping[str, Pairs]) -> list[Unevenness]:
    """Whether a second column splits the groups of the first further.

    The keys of each table are pairs of values, that of the first column in front; what is tested
    is only how differently the parts of one and the same group moved.
    """
    found = {}
    for name, table in tables.items():
        groups: dict[Value, dict[Key, Pair]] = {}
        for key, pair in table.items():
            groups.setdefault(key[0], {})[key] = pair
        parts = [uneven(group) for group in groups.values()]
        found[name] = (sum(s for s, _df in parts), sum(df for _s, df in parts))
    return _ranked(found)


def core_of(moves: Mapping[Key, tuple[float, float]], total: float) -> tuple[Key, ...]:
    """The groups in which a change sits: those that clearly moved its way.

    `moves` holds per group its contribution to the whole and its corrected p-value. Where the
    whole did not move, the way is that of the groups that contribute most.
    """
    clear = {key: part for key, (part, p) in moves.items() if p < ALPHA}
    if not clear:
        return ()
    falls = sum(part for part in clear.values() if part < 0)
    rises = sum(part for part in clear.values() if part > 0)
    goes_up = rises > -falls if not (falls and rises) else total > 0
    return tuple(sorted((k for k, part in clear.items() if (part > 0) == goes_up), key=_order))


def apart(pairs: Pairs, core: Sequence[Key]) -> float:
    """The chi-square of "these groups together moved as the others did"; 0 where either is none."""
    inside = [pair for key, pair in pairs.items() if key in set(core)]
    outside = [pair for key, pair in pairs.items() if key not in set(core)]
    if not inside or not outside:
        return 0.0
    sides = [sum(part[1:], start=part[0]) for part in (inside, outside)]
    if not all(side.is_told for side in sides):
        return 0.0
    (own, own_variance), (rest, rest_variance) = (move(side) for side in sides)
    return (own - rest) ** 2 / (own_variance + rest_variance)


def grouped(
    keys: Sequence[Key], everywhere: Sequence[Key]
) -> list[tuple[Value, tuple[Value, ...]]]:
    """Pairs of values by their first; the second are left out where all of them are meant.

    >>> grouped([("a", "x"), ("a", "y"), ("b", "x")], [("a", "x"), ("a", "y"), ("b", "x"),
    ... ("b", "y")])
    [('a', ()), ('b', ('x',))]
    """
    found = []
    for first in dict.fromkeys(key[0] for key in keys):
        own = tuple(key[1] for key in keys if key[0] == first)
        all_own = {key[1] for key in everywhere if key[0] == first}
        found.append((first, () if set(own) == all_own else own))
    return found


def new_and_gone(columns: Mapping[str, Pairs]) -> list[Vanished]:
    """Groups that stand in one period only, where chance alone would not leave the other empty."""
    found = []
    for column, pairs in columns.items():
        whole = [sum(getattr(p, side).n for p in pairs.values()) for side in ("before", "after")]
        for key, pair in pairs.items():
            if pair.before.n and pair.after.n:
                continue
            is_new = not pair.before.n
            own, there, here = (
                (pair.after.n, whole[1], whole[0]) if is_new else (pair.before.n, *whole)
            )
            if key[0] is not None and there and (there / (there + here)) ** own < CHANCE:
                found.append(Vanished(column, key[0], int(own), is_new))
    return found


def shifts_of(pairs: Pairs) -> list[Shift]:
    """The channels whose share of the answers moved, where that is no chance; largest first."""
    groups = {key[0]: pair for key, pair in pairs.items() if pair.before.n + pair.after.n}
    counts = [NetCounts(pair.before.n, 0, pair.after.n) for pair in groups.values()]
    try:
        is_clear = homogeneity(counts).p_value < ALPHA
    except Refusal:  # one channel, or one period
        return []
    before = sum(pair.before.n for pair in groups.values())
    after = sum(pair.after.n for pair in groups.values())
    if not is_clear or not before or not after:
        return []
    shifts = [Shift(v, pair.before.n / before, pair.after.n / after) for v, pair in groups.items()]
    moved = [shift for shift in shifts if abs(shift.after - shift.before) >= SHIFT]
    return sorted(moved, key=lambda shift: -abs(shift.after - shift.before))


def mix_part(pairs: Pairs) -> float:
    """The part of a change that another mix of these groups makes, on -1 to 1 (Kitagawa)."""
    held = [pair for pair in pairs.values() if pair.before.n + pair.after.n]
    n0, n1 = (sum(getattr(pair, side).n for pair in held) for side in ("before", "after"))
    if not n0 or not n1:
        raise Refusal(Reason.NO_ANSWERS, "Both periods need answers.")
    parts = [
        (pair.after.n / n1 - pair.before.n / n0)
        * (_rate(pair.before, pair.after) + _rate(pair.after, pair.before))
        / 2
        for pair in held
    ]
    return float(sum(parts))


def hide_in_table(
    sizes: Mapping[Key, int], *, threshold: int, hides: Callable[[Sequence[int]], Sequence[bool]]
) -> frozenset[Key]:
    """The cells of a table of two columns that may not be shown, as the margins are known.

    `hides(sizes)` says which cells of one row must be hidden (see `stats.suppress`). Rows and
    columns are looked at in turn until nothing more need be hidden.
    """
    hidden: set[Key] = set()
    while True:
        fresh: set[Key] = set()
        for place in (0, 1):
            for name in {key[place] for key in sizes}:
                line = sorted((k for k in sizes if k[place] == name), key=_order)
                shut = hides([min(sizes[k], threshold - 1) if k in hidden else sizes[k]
                              for k in line])  # fmt: skip
                fresh |= {key for key, is_shut in zip(line, shut, strict=True) if is_shut}
        if fresh <= hidden:
            return frozenset(hidden)
        hidden |= fresh


def _ranked(tests: Mapping[str, tuple[float, int]]) -> list[Unevenness]:
    held = {name: test for name, test in tests.items() if test[1]}
    raw = [chi_square_tail(statistic, df) for statistic, df in held.values()]
    adjusted = benjamini_hochberg(raw) if raw else ()
    found = [
        (p, statistic / df, Unevenness(name, statistic, df, corrected))
        for (name, (statistic, df)), p, corrected in zip(held.items(), raw, adjusted, strict=True)
    ]
    return [one for _p, _mean, one in sorted(found, key=lambda f: (f[0], -f[1], f[2].column))]


def _net(counts: NetCounts) -> float:
    return (counts.promoters - counts.detractors) / counts.n


def _rate(own: NetCounts, other: NetCounts) -> float:
    return _net(own) if own.n else _net(other)


def _variance(counts: NetCounts) -> float:
    n = counts.n + 3
    p, d = (counts.promoters + 0.75) / n, (counts.detractors + 0.75) / n
    return (p + d - (p - d) ** 2) / n


def _order(key: Key) -> tuple[tuple[bool, str], ...]:
    return tuple((value is None, value or "") for value in key)
