"""In which groups a change sits, by one column or by two, beside everybody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gloed.analysis import queries
from gloed.analysis.changes import rules
from gloed.analysis.changes.rules import Key, Unevenness, Value
from gloed.analysis.changes.segments import (
    Column,
    expected_moves,
    pairs_of,
    segments_of,
    sizes_of,
)
from gloed.analysis.measures import Measure
from gloed.analysis.queries import Query
from gloed.stats import (
    Estimate,
    Histogram,
    Visibility,
    benjamini_hochberg,
    selected_confidence,
    suppress,
)

MOST_FURTHER = 6
"""So many second columns are tried at most."""
WORTH = 6.0
"""A second column must tell the groups apart so much better (in chi-square) to be named."""


@dataclass(frozen=True, slots=True)
class Focus:
    """The groups in which a change sits: keys of `table`, by the columns in front.

    `before`, `after` and `change` are theirs together, `rest` is the change of everybody else.
    Because they were picked, the interval of their change is wider (Benjamini & Yekutieli 2005),
    and `returns` is how far they would have moved by themselves.
    """

    columns: tuple[str, ...]
    table: Column
    whole: tuple[Histogram, Histogram]
    minimum: int
    keys: tuple[Key, ...] = ()
    before: Estimate | None = None
    after: Estimate | None = None
    change: Estimate | None = None
    rest: Estimate | None = None
    rest_before: Estimate | None = None
    rest_after: Estimate | None = None
    returns: float | None = None

    @property
    def is_two(self) -> bool:
        """Whether a second column splits the groups of the first."""
        return len(self.columns) > 1

    @property
    def groups(self) -> list[tuple[Value, tuple[Value, ...]]]:
        """Values of the first column, each with those of the second that are meant."""
        if not self.is_two:
            return [(key[0], ()) for key in self.keys]
        return rules.grouped(self.keys, [segment.key for segment in self.table.segments])

    def narrowed(self, measure: Measure, table: Column) -> "Focus":
        """The groups chosen by corrected p-values, and what became of them and of the rest."""
        moves = {s.key: (s.part, s.p_value) for s in table.segments if s.p_value is not None}
        total = sum(part for part, _p in moves.values())
        keys = rules.core_of(moves, total)
        if not keys:
            return replace(self, table=table)
        own = [s for s in table.segments if s.key in set(keys)]
        before, after = (_sum([getattr(s, side) for s in own]) for side in ("before", "after"))
        confidence = selected_confidence(selected=len(keys), total=max(len(keys), len(moves)))
        others = [_minus(whole, part) for whole, part in zip(self.whole, (before, after),
                                                             strict=True)]  # fmt: skip
        has_rest = min(one.n for one in others) >= max(1, self.minimum)
        pairs = table.pairs
        together = sum((pairs[key].before for key in keys[1:]), start=pairs[keys[0]].before)
        apart = [p.before for key, p in pairs.items() if key not in set(keys) and p.before.n]
        expected = expected_moves(measure, [together, *apart])
        return replace(
            self,
            table=table,
            keys=keys,
            before=measure.estimate(before),
            after=measure.estimate(after),
            change=measure.difference(before, after, confidence=confidence),
            rest=measure.difference(others[0], others[1]) if has_rest else None,
            rest_before=measure.estimate(others[0]) if has_rest else None,
            rest_after=measure.estimate(others[1]) if has_rest else None,
            returns=expected[0] if expected else None,
        )


def find_focus(
    looked: Any,
    columns: Mapping[str, Column],
    ranked: Sequence[Unevenness],
    before: Histogram,
    after: Histogram,
) -> Focus | None:
    """The column by which groups moved most differently, and a second one that splits them.

    `looked` is a `report.Looked`. None where no column tells groups apart.
    """
    ranked = [one for one in ranked if len(columns[one.column].shown) > 1]
    if not ranked or not ranked[0].is_clear:
        return None
    first = ranked[0].column
    whole = (before, after)
    alone = Focus((first,), columns[first], whole, looked.minimum)
    further = [one.column for one in ranked[1 : MOST_FURTHER + 1]]
    tables = {name: _table(looked, first, name) for name in further}
    tests = {name: pairs_of(looked.measure, table) for name, table in tables.items()}
    found = [alone]
    for one in rules.rank_further(tests):
        if one.is_clear:
            held, names = tables[one.column], (first, one.column)
            segments = segments_of(looked.measure, held, _hidden(looked, names, held))
            table = Column(one.column, segments, tests[one.column])
            found.append(Focus(names, table, whole, looked.minimum))
    best = max(found, key=lambda focus: _tells_apart(focus.table))
    is_better = _tells_apart(best.table) > _tells_apart(alone.table) + WORTH
    return best if is_better else alone


def _tells_apart(table: Column) -> float:
    """How well the groups that clearly moved are told from the others: a chi-square of 1 degree."""
    tested = [s for s in table.segments if s.p_value is not None]
    adjusted = benjamini_hochberg([s.p_value or 0.0 for s in tested]) if tested else ()
    moves = {s.key: (s.part, p) for s, p in zip(tested, adjusted, strict=True)}
    core = rules.core_of(moves, sum(part for part, _p in moves.values()))
    return rules.apart(table.pairs, core)


def _table(looked: Any, first: str, second: str) -> dict[Key, tuple[Histogram, Histogram]]:
    """The cells of two columns in both periods, on the scale of the measure."""
    scale = looked.measure.scale
    empty = Histogram.empty((scale.minimum, scale.maximum))
    found: dict[Key, list[Histogram]] = {}
    for place, selection in enumerate((looked.before, looked.after)):
        result = queries.run(looked.source, Query(selection, by=(first, second)))
        for cell in result.cells:
            if cell.scale == scale and cell.histogram.n:
                sides = found.setdefault(cell.group, [empty, empty])
                sides[place] = sides[place] + cell.histogram
    return {key: (sides[0], sides[1]) for key, sides in found.items()}


def _hidden(
    looked: Any, columns: tuple[str, str], held: Mapping[Key, tuple[Histogram, Histogram]]
) -> frozenset[Key]:
    threshold = max(1, looked.minimum)

    def hides(sizes: Sequence[int]) -> list[bool]:
        cells = suppress(sizes, threshold=threshold).cells
        return [c not in {Visibility.SHOWN, Visibility.NO_RESPONSES} for c in cells]

    hidden: frozenset[Key] = frozenset()
    for place, selection in enumerate((looked.before, looked.after)):
        people = queries.count_people(looked.source, selection, columns)
        sizes = {key: sizes_of(sides[place], people.get(key)) for key, sides in held.items()}
        hidden |= rules.hide_in_table(sizes, threshold=threshold, hides=hides)
    return hidden


def _sum(histograms: Sequence[Histogram]) -> Histogram:
    return sum(histograms[1:], start=histograms[0])


def _minus(whole: Histogram, part: Histogram) -> Histogram:
    left = tuple(a - b for a, b in zip(whole.counts, part.counts, strict=True))
    return Histogram(whole.values, left)
