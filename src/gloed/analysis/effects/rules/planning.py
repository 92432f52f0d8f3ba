"""Can it be shown, and by when? The same comparison as the judgement, looked at beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from gloed.analysis.effects.rules.judging import (
    FEWEST_ANSWERS,
    FEWEST_GROUPS,
    NOBODY,
    Series,
)
from gloed.stats import Shares, detectable_change, difference
from gloed.stats.distributions import t_critical
from gloed.stats.estimate import critical_z

POWER = 0.9
"""Nine times of ten. The guards of the judgement cost some of it: simulated, 80% are left."""
MOST_WEEKS = 104


@dataclass(frozen=True, slots=True)
class Volume:
    """The answers a week of each group in both arms, and how they divide.

    `drift` is by how much groups move between two periods besides chance among answers, as a
    variance in points squared (see `drift_of`); it matters where groups are compared as groups.
    """

    treated: tuple[float, ...]
    control: tuple[float, ...]
    shares: Shares
    drift: float = 0.0

    @property
    def are_many(self) -> bool:
        """Whether the judgement will look at groups as groups."""
        return min(len(self.treated), len(self.control)) >= FEWEST_GROUPS


def detectable(volume: Volume, *, weeks_before: int, weeks_after: int) -> float | None:
    """The least change, in points, that is seen nine times of ten; None without answers."""
    arms = [_weekly(side, volume.are_many) for side in (volume.treated, volume.control)]
    cells = [week * weeks for week in arms for weeks in (weeks_before, weeks_after)]
    if min(cells, default=0.0) <= 0:
        return None
    # two waves of this size each scatter as much as these four cells together
    alike = 2 / sum(1 / cell for cell in cells)
    chance = detectable_change(alike, volume.shares, power=POWER)
    if not volume.are_many:
        return chance
    groups = len(volume.treated), len(volume.control)
    lot = NormalDist().inv_cdf(POWER)
    usual, held = critical_z(0.95) + lot, t_critical(0.95, min(groups) - 1) + lot
    luck = usual * sqrt(volume.drift * (1 / groups[0] + 1 / groups[1]))
    return held / usual * sqrt(chance**2 + luck**2)


def weeks_needed(
    volume: Volume, *, minimum: float, weeks_before: int, most: int = MOST_WEEKS
) -> int | None:
    """After how many weeks a change of `minimum` points can be shown; None: not within `most`."""
    for weeks in range(1, most + 1):
        least = detectable(volume, weeks_before=weeks_before, weeks_after=weeks)
        if least is not None and least <= minimum:
            return weeks
    return None


def drift_of(groups: Mapping[str, Series]) -> float:
    """By how much groups moved of their own between the two halves before the start.

    The variance of their changes less what chance among answers explains of it, in points
    squared; 0 where nothing is left or fewer than three groups can be looked at.
    """
    changes, chance = [], []
    for one in groups.values():
        middle = len(one.before) // 2
        first = sum(one.before[:middle], start=NOBODY)
        second = sum(one.before[middle:], start=NOBODY)
        if min(first.n, second.n) < FEWEST_ANSWERS:
            continue
        moved = difference(first, second)
        if moved.standard_error is not None:
            changes.append(moved.value)
            chance.append(moved.standard_error**2)
    if len(changes) <= 2:
        return 0.0
    mean = sum(changes) / len(changes)
    scatter = sum((change - mean) ** 2 for change in changes) / (len(changes) - 1)
    return max(0.0, scatter - sum(chance) / len(chance))


def _weekly(side: Sequence[float], are_many: bool) -> float:
    """Answers a week of an arm; where groups count alike, of groups all of one size."""
    if not are_many:
        return sum(side)
    if min(side) <= 0:
        return 0.0
    return len(side) ** 2 / sum(1 / week for week in side)
