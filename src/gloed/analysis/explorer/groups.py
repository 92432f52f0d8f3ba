"""Groups and their periods: what can be said of each, and what may not be shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from gloed.analysis import queries
from gloed.analysis.changes.rules import ALPHA, Key, hide_in_table
from gloed.analysis.changes.segments import sizes_of
from gloed.analysis.explorer.asked import ExploreAsked, Versus
from gloed.analysis.explorer.counting import Counting, Tally
from gloed.analysis.explorer.scoring import Scoring, against
from gloed.analysis.queries import Period, Selection
from gloed.analysis.schema import THEME
from gloed.stats import Estimate, Visibility, benjamini_hochberg, suppress

MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """One group in one period; `p_value` is against everybody else in that period, or a goal.

    It is corrected for all looks on the page.
    """

    start: date
    n: int
    estimate: Estimate | None = None
    p_value: float | None = None
    is_up: bool = False
    is_hidden: bool = False

    @property
    def is_clear(self) -> bool:
        """Whether it can be told from what it is held against."""
        return self.p_value is not None and self.p_value < ALPHA


@dataclass(frozen=True, slots=True)
class Row:
    """One group: its score, the comparison asked for, and its periods.

    `silent` of it were asked and did not answer, where they are in the base.
    """

    key: Key
    n: int
    estimate: Estimate | None = None
    against: Estimate | None = None
    p_value: float | None = None
    is_hidden: bool = False
    silent: int = 0
    cells: tuple[Cell, ...] = ()

    @property
    def is_clear(self) -> bool:
        """Whether the comparison is certain."""
        return self.p_value is not None and self.p_value < ALPHA


@dataclass(frozen=True, slots=True)
class Before:
    """The same time before: its answers and how they are counted."""

    counting: Counting
    selection: Selection


@dataclass(frozen=True, slots=True)
class _Held:
    """What rows are made of: their answers in all and per period."""

    groups: dict[Key, Tally]
    people: Mapping[Key, int]
    cells: dict[tuple[Key, date], Tally] = field(default_factory=dict)
    wholes: Mapping[date, Tally] = field(default_factory=dict)  # everybody, per period


@dataclass(frozen=True, slots=True)
class Table:
    """Makes the rows of one page: what is held against what, and from which size on shown.

    `aim` is a level everything is held against instead of everybody else.
    """

    counting: Counting
    asked: ExploreAsked
    minimum: int
    before: Before | None = None
    aim: float | None = None

    @property
    def scoring(self) -> Scoring:
        """How its groups are scored."""
        return Scoring(self.counting.measure)

    def rows(
        self, selection: Selection, total: Tally, period: Period, starts: Sequence[date]
    ) -> tuple[tuple[Row, ...], int]:
        """The largest groups, by what can be known of them, and how many more there are."""
        by = self.asked.columns
        if not by:
            return (), 0
        held = _held(self.counting, selection, by, period)
        hidden = _hidden(held, by, self.minimum)
        shut = _hidden_cells(held, hidden, self.minimum)
        past = self._past(by)
        largest = sorted(held.groups, key=lambda key: -held.groups[key].n)[:MOST_ROWS]
        cells = self._cells(held, [key for key in largest if key not in hidden], starts, shut)
        found = []
        for key in largest:
            own = held.groups[key]
            if key in hidden:
                found.append(Row(key, int(own.n), is_hidden=True))
                continue
            side = total.without(own) if self.asked.versus is Versus.REST else past.get(key)
            found.append(replace(self._row(key, own, side), cells=cells[key]))
        return tuple(sorted(found, key=_by_lower_bound)), len(held.groups) - len(largest)

    def _row(self, key: Key, own: Tally, side: Tally | None) -> Row:
        scoring = self.scoring
        row = Row(key, int(own.n), scoring.estimate(own), silent=int(own.silent))
        if self.aim is not None and row.estimate is not None:
            (p_value,) = scoring.p_values_against([own], self.aim)
            return replace(row, against=against(row.estimate, self.aim), p_value=p_value)
        if side is None or not side.n:
            return row
        change = scoring.difference(side, own)
        return replace(row, against=change, p_value=scoring.p_value(change))

    def _past(self, by: tuple[str, ...]) -> dict[Key, Tally]:
        """The groups in the time before that may be told."""
        if self.before is None:
            return {}
        held = _held(self.before.counting, self.before.selection, by, None)
        hidden = _hidden(held, by, self.minimum)
        return {key: own for key, own in held.groups.items() if key not in hidden}

    def _cells(
        self,
        held: _Held,
        keys: Sequence[Key],
        starts: Sequence[date],
        shut: frozenset[Key],
    ) -> dict[Key, tuple[Cell, ...]]:
        """Groups over time, each held against its side; all reckoned at once."""
        shown = [
            (key, start)
            for key in keys
            for start in starts
            if (key, start) in held.cells and (_name(key), start.isoformat()) not in shut
        ]
        own = [held.cells[place] for place in shown]
        score = dict(zip(shown, self.scoring.estimates(own), strict=True))
        tested = self._tested(held, shown)

        def cell(key: Key, start: date) -> Cell:
            found = held.cells.get((key, start))
            if found is None:
                return Cell(start, 0)
            if (key, start) not in score:
                return Cell(start, int(found.n), is_hidden=True)
            p_value, is_up = tested.get((key, start), (None, False))
            return Cell(start, int(found.n), score[key, start], p_value, is_up)

        return {key: tuple(cell(key, start) for start in starts) for key in keys}

    def _tested(
        self, held: _Held, shown: Sequence[tuple[Key, date]]
    ) -> dict[tuple[Key, date], tuple[float, bool]]:
        """Per cell its p-value, and whether it lies above what it is held against."""
        scoring = self.scoring
        if self.aim is not None:
            return dict(zip(shown, aimed(scoring, [held.cells[p] for p in shown], self.aim),
                            strict=True))  # fmt: skip
        sides = {place: held.wholes[place[1]].without(held.cells[place]) for place in shown}
        tested = [place for place in shown if sides[place].n]
        p_values = scoring.p_values([(sides[place], held.cells[place]) for place in tested])
        return {
            place: (p_value, scoring.mean(held.cells[place]) > scoring.mean(sides[place]))
            for place, p_value in zip(tested, p_values, strict=True)
        }


def aimed(scoring: Scoring, tallies: Sequence[Tally], aim: float) -> list[tuple[float, bool]]:
    """Per tally its p-value against a level, and whether it lies above."""
    if not tallies:
        return []
    p_values = scoring.p_values_against(tallies, aim)
    estimates = scoring.estimates(tallies)
    return [(p, own.value > aim) for p, own in zip(p_values, estimates, strict=True)]


def corrected(
    rows: Sequence[Row], points: Sequence[Cell], change: float | None
) -> tuple[tuple[Row, ...], tuple[Cell, ...], float | None, int]:
    """The same with all p-values on the page corrected together, and how many those are."""
    cells = [*points, *(cell for row in rows for cell in row.cells)]
    raw = [row.p_value for row in rows if row.p_value is not None]
    raw += [cell.p_value for cell in cells if cell.p_value is not None]
    raw += [] if change is None else [change]
    adjusted = iter(benjamini_hochberg(raw) if raw else ())
    fresh = [r if r.p_value is None else replace(r, p_value=next(adjusted)) for r in rows]
    told = [c if c.p_value is None else replace(c, p_value=next(adjusted)) for c in cells]
    own = iter(told[len(points) :])
    fresh = [replace(row, cells=tuple(next(own) for _cell in row.cells)) for row in fresh]
    return tuple(fresh), tuple(told[: len(points)]), next(adjusted, None), len(raw)


def _held(
    counting: Counting, selection: Selection, by: tuple[str, ...], period: Period | None
) -> _Held:
    groups = counting.groups(selection, by)
    people = queries.count_people(counting.source, selection, by)
    if period is None:
        return _Held(groups, people)
    # not the sum of the groups: with themes an answer stands in several
    wholes = counting.periods(selection, period)
    return _Held(groups, people, counting.cells(selection, by, period), wholes)


def _hidden(held: _Held, columns: Sequence[str], minimum: int) -> frozenset[Key]:
    """The groups of which nothing may be told, and those that would give them away."""
    sizes = {key: sizes_of(own.given, held.people.get(key)) for key, own in held.groups.items()}
    if THEME in columns:  # no parts of a whole: what one of them hides no other gives away
        return frozenset(key for key, size in sizes.items() if size < max(1, minimum))
    if len(columns) > 1:
        return hide_in_table(sizes, threshold=max(1, minimum), hides=_hides(minimum))
    shut = _hides(minimum)(list(sizes.values())) if sizes else []
    return frozenset(key for key, is_shut in zip(sizes, shut, strict=True) if is_shut)


def _hidden_cells(held: _Held, hidden: frozenset[Key], minimum: int) -> frozenset[Key]:
    """The cells of groups and periods that may not be shown, as both margins are."""
    sizes: dict[Key, int] = {}
    for (key, start), own in held.cells.items():
        n = sizes_of(own.given, held.people.get(key))
        sizes[_name(key), start.isoformat()] = min(n, max(0, minimum - 1)) if key in hidden else n
    return hide_in_table(sizes, threshold=max(1, minimum), hides=_hides(minimum))


def _hides(minimum: int) -> Callable[[Sequence[int]], list[bool]]:
    def hides(sizes: Sequence[int]) -> list[bool]:
        cells = suppress(sizes, threshold=max(1, minimum)).cells
        return [c not in {Visibility.SHOWN, Visibility.NO_RESPONSES} for c in cells]

    return hides


def _name(key: Key) -> str:
    return "\x1f".join("\x00" if value is None else value for value in key)


def _by_lower_bound(row: Row) -> tuple[bool, float, tuple[str, ...]]:
    low = row.estimate.low if row.estimate else None
    return (row.is_hidden, -(low or 0.0), tuple(value or "" for value in row.key))
