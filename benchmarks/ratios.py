"""One measured figure beside the limit it is held against."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, in which unit, and the limit: a floor for rates, a ceiling for costs.

    `against` names the limit (a target, or an alternative measured in the same run).
    """

    what: str
    measured: float
    unit: str
    limit: float
    against: str
    more_is_better: bool = False

    @property
    def ratio(self) -> float:
        """Measured over limit."""
        return self.measured / self.limit

    @property
    def holds(self) -> bool:
        """Whether the limit is kept."""
        return self.ratio >= 1 if self.more_is_better else self.ratio <= 1


def median_seconds(work: Callable[[], object], *, runs: int = 7, warm: int = 1) -> float:
    """The median wall time of `work` in seconds, after `warm` runs that do not count."""
    for _ in range(warm):
        work()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def number(value: float) -> str:
    """A figure as people read it: no more than three digits that matter."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
