"""Small groups are hidden, and so is what would give them away by subtraction."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from gloed.stats.counts import all_finite
from gloed.stats.estimate import Reason, Refusal

CELL_THRESHOLD = 5
"""Fewest distinct people in a group of an anonymous programme that is shown."""
VERBATIM_THRESHOLD = 10
"""The same where words can be read."""


class Visibility(StrEnum):
    """What may be printed about a group."""

    SHOWN = "shown"
    NO_RESPONSES = "no_responses"  # empty: said so, hides nobody
    TOO_SMALL = "too_small"
    COMPLEMENTARY = "complementary"  # large enough, but showing it would give away a small one


@dataclass(frozen=True, slots=True)
class Suppression:
    """What may be shown of every group, and whether their total may be."""

    cells: tuple[Visibility, ...]
    total_shown: bool

    @property
    def hidden(self) -> tuple[int, ...]:
        """Positions of the groups that may not be printed."""
        shut = {Visibility.TOO_SMALL, Visibility.COMPLEMENTARY}
        return tuple(place for place, cell in enumerate(self.cells) if cell in shut)


def suppress(sizes: Sequence[int], *, threshold: int = CELL_THRESHOLD) -> Suppression:
    """Hide groups of fewer than `threshold` distinct people, and enough others beside them.

    Total minus shown equals hidden: so the next smallest groups are hidden until those hidden
    hold `threshold` people together. If even all of them do not, the total is hidden too. A
    group of exactly the threshold is shown; an empty one says "no responses". The groups must
    not overlap. Source: Hundepool and others 2012; FCSM working paper 22.

    >>> [cell.value for cell in suppress([40, 3, 12, 0]).cells]
    ['shown', 'too_small', 'complementary', 'no_responses']
    """
    if threshold < 1:
        raise Refusal(Reason.BAD_SETTING, "The smallest group that is shown has 1 or more people.")
    if not all_finite(sizes):
        raise Refusal(Reason.NOT_A_NUMBER, "The size of a group is missing or infinite.")
    if any(size < 0 for size in sizes):
        raise Refusal(Reason.NEGATIVE_COUNT, "A group cannot hold fewer than 0 people.")
    cells = [_alone(size, threshold) for size in sizes]
    hidden = sum(s for s, cell in zip(sizes, cells, strict=True) if cell is Visibility.TOO_SMALL)
    rising = sorted(range(len(sizes)), key=lambda place: sizes[place])
    for place in rising:
        if hidden == 0 or hidden >= threshold:
            break
        if cells[place] is Visibility.SHOWN:
            cells[place] = Visibility.COMPLEMENTARY
            hidden += sizes[place]
    return Suppression(tuple(cells), total_shown=not 0 < sum(sizes) < threshold)


def filters_reveal_nobody(
    earlier: Iterable[AbstractSet[object]],
    new: AbstractSet[object],
    *,
    threshold: int = CELL_THRESHOLD,
) -> bool:
    """Whether a new filter may be shown beside those already seen.

    Each set holds the distinct people behind a filter. Two filters that differ by fewer than
    `threshold` people are a question about those people: subtracting them gives the answer.

    >>> everyone = frozenset(range(40))
    >>> filters_reveal_nobody([everyone], everyone - {7})
    False
    >>> filters_reveal_nobody([everyone], frozenset(range(20)))
    True
    """
    if 0 < len(new) < threshold:
        return False
    pairs = ((first - second) for seen in earlier for first, second in ((seen, new), (new, seen)))
    return not any(0 < len(apart) < threshold for apart in pairs)


def _alone(size: int, threshold: int) -> Visibility:
    if size == 0:
        return Visibility.NO_RESPONSES
    return Visibility.SHOWN if size >= threshold else Visibility.TOO_SMALL
