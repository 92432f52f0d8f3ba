"""The groups of one column in both periods: what may be seen of them, and how they moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gloed.analysis.changes import rules
from gloed.analysis.changes.rules import Key, Pair
from gloed.analysis.measures import Measure
from gloed.analysis.queries import Group, Result
from gloed.stats import (
    Estimate,
    Histogram,
    NetCounts,
    Refusal,
    Visibility,
    benjamini_hochberg,
    expected_returns,
    suppress,
)

if TYPE_CHECKING:
    from gloed.analysis.changes.focus import Focus

OPEN = frozenset({Visibility.SHOWN, Visibility.NO_RESPONSES})


@dataclass(frozen=True, slots=True)
class Segment:
    """One group in both periods; without estimates it is hidden, or empty in one of them.

    `p_value` is corrected for everything on the page. `weight` is its mean share of the answers;
    `returns` is how far it would have moved by itself, for having been extreme before, in the unit
    of the score.
    """

    key: Key
    before: Histogram
    after: Histogram
    is_hidden: bool
    change: Estimate | None = None
    p_value: float | None = None
    weight: float = 0.0
    returns: float | None = None

    @property
    def part(self) -> float:
        """What its own move adds to the change of the whole, in the unit of the score."""
        return self.weight * self.change.value if self.change else 0.0

    @property
    def reach(self) -> tuple[float, float]:
        """The interval of that part; of no width where nothing may be told of its move."""
        known = self.change
        if known is None or known.low is None or known.high is None:
            return (self.part, self.part)
        return (self.weight * known.low, self.weight * known.high)

    @property
    def is_clear(self) -> bool:
        """Whether it moved for certain."""
        return self.p_value is not None and self.p_value < rules.ALPHA


@dataclass(frozen=True, slots=True)
class Column:
    """All groups of one column (or of two, see `focus`)."""

    name: str
    segments: tuple[Segment, ...]
    pairs: Mapping[Key, Pair] = field(default_factory=dict)

    @property
    def visible_pairs(self) -> dict[Key, Pair]:
        """Those of which something may be told."""
        return {s.key: self.pairs[s.key] for s in self.segments if not s.is_hidden}

    @property
    def shown(self) -> tuple[Segment, ...]:
        """The groups whose move can be shown."""
        return tuple(segment for segment in self.segments if segment.change is not None)

    @property
    def hidden(self) -> int:
        """How many are hidden."""
        return sum(segment.is_hidden for segment in self.segments)

    @property
    def p_value(self) -> float:
        """The clearest move in it; 1 where there is none."""
        return min((s.p_value for s in self.segments if s.p_value is not None), default=1.0)


def column_of(
    measure: Measure,
    name: str,
    results: tuple[Result, Result],
    people: tuple[Mapping[Group, int], Mapping[Group, int]],
    *,
    minimum: int,
) -> Column:
    """The groups of a column; p-values are not corrected yet."""
    sides = [_on_scale(result, measure) for result in results]
    keys = sorted({*sides[0], *sides[1]}, key=_order)
    empty = Histogram.empty((measure.scale.minimum, measure.scale.maximum))
    hidden: set[Key] = set()
    for side, known in zip(sides, people, strict=True):
        sizes = [sizes_of(side.get(key, empty), known.get(key)) for key in keys]
        cells = suppress(sizes, threshold=max(1, minimum)).cells if sizes else ()
        hidden |= {key for key, cell in zip(keys, cells, strict=True) if cell not in OPEN}
    held = {key: (sides[0].get(key, empty), sides[1].get(key, empty)) for key in keys}
    return Column(name, segments_of(measure, held, hidden), pairs_of(measure, held))


def pairs_of(measure: Measure, held: Mapping[Key, tuple[Histogram, Histogram]]) -> dict[Key, Pair]:
    """The same groups in three classes."""
    return {
        key: Pair(measure.net_counts(before), measure.net_counts(after))
        for key, (before, after) in held.items()
    }


def segments_of(
    measure: Measure,
    held: Mapping[Key, tuple[Histogram, Histogram]],
    hidden: set[Key] | frozenset[Key],
) -> tuple[Segment, ...]:
    """Every group with its move, where that may be told; the largest part of the change first."""
    n0, n1 = (sum(sides[place].n for sides in held.values()) for place in (0, 1))
    told = [k for k, (b, a) in held.items() if k not in hidden and b.n and a.n]
    p_values = dict(zip(told, measure.p_values([held[key] for key in told]), strict=True))
    segments = []
    for key, (before, after) in held.items():
        change = measure.difference(before, after) if key in p_values else None
        weight = (before.n / n0 + after.n / n1) / 2 if n0 and n1 else 0.0
        segments.append(
            Segment(
                key,
                before,
                after,
                key in hidden,
                change,
                p_values.get(key),
                weight,
            )
        )
    return tuple(sorted(segments, key=lambda s: (s.change is None, -abs(s.part), _order(s.key))))


def sizes_of(histogram: Histogram, people: int | None) -> int:
    """Distinct people of a group; where that is not known every answer is somebody else's."""
    return int(min(histogram.n, histogram.n if people is None else people))


def corrected(
    measure: Measure, columns: Sequence[Column], focus: "Focus | None", others: Sequence[float]
) -> tuple[tuple[Column, ...], "Focus | None", list[float], int]:
    """Everything with all p-values on the page corrected together (Benjamini-Hochberg).

    Also how many were looked at. The groups in which the change sits are chosen by the corrected
    values.
    """
    whole = [*columns, *([focus.table] if focus and focus.is_two else [])]
    raw = [s.p_value for column in whole for s in column.segments if s.p_value is not None]
    raw += others
    adjusted = iter(benjamini_hochberg(raw) if raw else ())
    fresh = [
        replace(
            column,
            segments=tuple(
                s if s.p_value is None else replace(s, p_value=next(adjusted))
                for s in column.segments
            ),
        )
        for column in whole
    ]
    total = list(adjusted)
    if focus is not None:
        table = fresh.pop() if focus.is_two else next(
            c for c in fresh if c.name == focus.columns[0]
        )  # fmt: skip
        focus = focus.narrowed(measure, table)
    return tuple(fresh), focus, total, len(raw)


def returns_of(measure: Measure, column: Column) -> Column:
    """The same with how far every shown group would have moved by itself."""
    shown = [segment for segment in column.shown if column.pairs[segment.key].before.n]
    expected = expected_moves(measure, [column.pairs[segment.key].before for segment in shown])
    known = {s.key: value for s, value in zip(shown, expected, strict=True)} if expected else {}
    return replace(
        column,
        segments=tuple(replace(s, returns=known.get(s.key)) for s in column.segments),
    )


def expected_moves(measure: Measure, groups: Sequence[NetCounts]) -> list[float]:
    """Regression to the mean of each group, in the unit of the score; empty for too few groups."""
    try:
        return [measure.net_unit * one.expected_change for one in expected_returns(groups)]
    except Refusal:
        return []


def _on_scale(result: Result, measure: Measure) -> dict[Key, Histogram]:
    """The groups of a result on the scale of the measure, those with a rating."""
    found: dict[Key, Histogram] = {}
    for cell in result.cells:
        if cell.scale == measure.scale and cell.histogram.n:
            own = found.get(cell.group)
            found[cell.group] = cell.histogram if own is None else own + cell.histogram
    return found


def _order(key: Key) -> tuple[tuple[bool, str], ...]:
    return tuple((value is None, value or "") for value in key)
