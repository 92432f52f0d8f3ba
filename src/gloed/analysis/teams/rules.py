"""Which teams a colleague may see: decisions on how many people answered, without Django."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gloed.stats import Visibility, suppress
from gloed.stats.estimate import SMALL_BASE

SHOWN_TO_ALL: Final = SMALL_BASE
"""From so many people on a team is shown to the whole company."""

Key = str | None
"""The public id of a team; None holds the answers that belong to no team."""


class Sight(StrEnum):
    """What a reader may see of a team, and why not more."""

    SHOWN = "shown"
    NOBODY = "nobody"  # no answers
    TOO_FEW = "too_few"  # somebody could be recognised; nobody sees it
    OWN_ONLY = "own_only"  # the team itself sees it, the company not yet
    BESIDE = "beside"  # would give away another by subtraction
    ELSEWHERE = "elsewhere"  # another team's, for who sees the own team only


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: the own teams, and whether only those may be seen."""

    own: frozenset[str]
    sees_own_only: bool = False


def reckoned(now: int, everybody: int, *, minimum: int) -> int:
    """How large a filtered group counts as, when the unfiltered one can be seen too.

    Filters that leave out fewer than `minimum` people are a question about those people, so that
    such a group counts as too small.

    >>> reckoned(40, 42, minimum=5), reckoned(40, 60, minimum=5), reckoned(40, 40, minimum=5)
    (4, 40, 40)
    """
    left_out = everybody - now
    return min(now, minimum - 1) if 0 < left_out < minimum else now


def sights(
    sizes: Mapping[Key, int],
    reader: Reader,
    *,
    minimum: int,
    threshold: int = SHOWN_TO_ALL,
) -> dict[Key, Sight]:
    """What a reader may see of every team.

    The company sees a team from `threshold` people on, and as many others are hidden as it takes
    for those hidden to hold `threshold` people together. A team sees itself from `minimum` people
    on, unless what then stays hidden would be fewer than that.
    """
    for_all = suppress(list(sizes.values()), threshold=max(threshold, minimum)).cells
    seen = {
        key: _for_all(cell, sizes[key], minimum) for key, cell in zip(sizes, for_all, strict=True)
    }
    hidden = sum(sizes[key] for key, sight in seen.items() if sight is not Sight.SHOWN)
    own = sorted(
        (key for key in reader.own if key in seen and seen[key] in _CLOSED),
        key=lambda key: (-sizes[key], key),
    )
    for key in own:
        left = hidden - sizes[key]
        if sizes[key] >= minimum and (left == 0 or left >= minimum):
            seen[key] = Sight.SHOWN
            hidden = left
    if reader.sees_own_only:
        return {
            key: Sight.ELSEWHERE if sight is Sight.SHOWN and key not in reader.own else sight
            for key, sight in seen.items()
        }
    return seen


_CLOSED: Final[AbstractSet[Sight]] = {Sight.OWN_ONLY, Sight.BESIDE}


def _for_all(cell: Visibility, size: int, minimum: int) -> Sight:
    if cell is Visibility.SHOWN:
        return Sight.SHOWN
    if cell is Visibility.NO_RESPONSES:
        return Sight.NOBODY
    if cell is Visibility.COMPLEMENTARY:
        return Sight.BESIDE
    return Sight.OWN_ONLY if size >= minimum else Sight.TOO_FEW


def clearly(places: Sequence[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    """Per team with its best and worst place: better than so many for certain, worse than so many.

    >>> clearly([(1, 1), (2, 3), (2, 3)], 3)
    [(2, 0), (0, 1), (0, 1)]
    """
    return [(count - worst, best - 1) for best, worst in places]
