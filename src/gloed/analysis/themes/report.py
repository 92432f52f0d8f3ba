"""Shares of a theme: by group against everybody else, and between two periods.

p-values of one page are corrected together (Benjamini-Hochberg); groups of fewer people than the
smallest group are left out, and so is a group whose remainder would be as small.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gloed.analysis import queries
from gloed.analysis.queries import Selection
from gloed.analysis.queries.themes import Named, count_named, count_naming
from gloed.analysis.store import Source
from gloed.stats import Estimate, NetCounts, benjamini_hochberg, difference, wilson_interval

ALPHA = 0.05
MOST_COLUMNS = 8
MOST_GROUPS = 30
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Part:
    """One group: the share that names the theme, against everybody else in points of a percent."""

    column: str
    value: str | None
    share: Estimate
    against: Estimate
    p_value: float

    @property
    def is_clear(self) -> bool:
        """Whether it can be told from everybody else."""
        return self.p_value < ALPHA


@dataclass(frozen=True, slots=True)
class Move:
    """One theme in two periods; `change` is in points of a percent."""

    key: str
    before: Estimate
    after: Estimate
    change: Estimate
    p_value: float

    @property
    def is_clear(self) -> bool:
        """Whether its share changed for certain."""
        return self.p_value < ALPHA


def parts_of(
    source: Source, selection: Selection, theme: str, *, minimum: int
) -> tuple[list[Part], int]:
    """Groups of every column, the clearest first, and how many were looked at."""
    columns = queries.splitting_columns(source)[:MOST_COLUMNS]
    found: list[Part] = []
    for column, counted in count_naming(source, selection, theme, columns).items():
        if 1 < len(counted) <= MOST_GROUPS:
            found += _parts(column, counted, max(1, minimum))
    adjusted = benjamini_hochberg([part.p_value for part in found]) if found else ()
    fresh = [replace(part, p_value=p) for part, p in zip(found, adjusted, strict=True)]
    return sorted(fresh, key=lambda one: (one.p_value, one.column, one.value or "")), len(fresh)


def moves_of(
    source: Source, before: Selection, after: Selection, *, minimum: int
) -> tuple[list[Move], tuple[int, int]]:
    """Every theme in two periods, the clearest first, and how many answers in words each holds."""
    first, second = count_named(source, before), count_named(source, after)
    sizes = (first.answers, second.answers)
    if min(sizes) < max(1, minimum):
        return [], sizes
    found = [
        _move(key, first, second)
        for key in sorted(first.themes.keys() | second.themes.keys())
        if _may_be_told(first, key, minimum) and _may_be_told(second, key, minimum)
    ]
    adjusted = benjamini_hochberg([move.p_value for move in found]) if found else ()
    fresh = [replace(move, p_value=p) for move, p in zip(found, adjusted, strict=True)]
    return sorted(fresh, key=lambda one: (one.p_value, one.key)), sizes


def share_of(named: int, answers: int) -> Estimate:
    """A share with Wilson's interval."""
    low, high = wilson_interval([answers - named, named], [0, 1], Z95)
    return Estimate(named / answers, float(low), float(high), answers, "wilson")


def _may_be_told(counted: Named, key: str, minimum: int) -> bool:
    """Nobody names it, or enough do."""
    return not 0 < counted.themes.get(key, 0) < minimum


def _move(key: str, before: Named, after: Named) -> Move:
    sides = [(one.themes.get(key, 0), one.answers) for one in (before, after)]
    change = _difference(sides[0], sides[1])
    return Move(key, share_of(*sides[0]), share_of(*sides[1]), change, change.p_value or 0.0)


def _parts(
    column: str, counted: Mapping[str | None, tuple[int, int]], minimum: int
) -> Sequence[Part]:
    whole = (sum(n for n, _all in counted.values()), sum(n for _named, n in counted.values()))
    found = []
    for value, (named, n) in counted.items():
        rest = (whole[0] - named, whole[1] - n)
        if n >= minimum and rest[1] >= minimum and not 0 < named < minimum:
            against = _difference(rest, (named, n))
            found.append(Part(column, value, share_of(named, n), against, against.p_value or 0.0))
    return found


def _difference(before: tuple[int, int], after: tuple[int, int]) -> Estimate:
    """The second share less the first, in points of a percent."""
    sides = [NetCounts(named, answers - named, 0) for named, answers in (before, after)]
    return difference(sides[0], sides[1])
