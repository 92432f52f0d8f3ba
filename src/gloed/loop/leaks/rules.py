"""The steps of the way, and what a count of them says: decisions on plain values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise


class Step(StrEnum):
    """The way of what a customer says, from the ask to asking again."""

    ASKED = "asked"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    READ = "read"
    CASE = "case"
    CONTACTED = "contacted"
    CAUSE = "cause"
    IMPROVEMENT = "improvement"
    DONE = "done"
    TOLD = "told"
    AGAIN = "again"


class Energy(StrEnum):
    """What drains those who do the work."""

    UNHANDLED = "unhandled"
    NO_ROOM = "no_room"
    GOALLESS = "goalless"


ASKS = (Step.ASKED, Step.DELIVERED, Step.ANSWERED)
ANSWERS = (Step.READ, Step.CASE)
CASES = (Step.CONTACTED, Step.CAUSE, Step.IMPROVEMENT, Step.DONE, Step.TOLD, Step.AGAIN)
PERIODS = {"30d": 30, "90d": 90, "365d": 365}
USUAL = "90d"


@dataclass(frozen=True, slots=True)
class Count:
    """How many came to a step, how many got through, and since when the oldest waits there."""

    came: int = 0
    through: int = 0
    waiting: int = 0
    oldest: datetime | None = None

    def __add__(self, other: "Count") -> "Count":
        moments = [one for one in (self.oldest, other.oldest) if one is not None]
        return Count(
            self.came + other.came,
            self.through + other.through,
            self.waiting + other.waiting,
            min(moments, default=None),
        )

    @property
    def rate(self) -> float | None:
        """The share that got through, 0 to 1; None where nothing came.

        >>> Count(came=8, through=2).rate
        0.25
        """
        return self.through / self.came if self.came else None


Place = tuple[int | None, int | None]
"""A team and a touchpoint, by primary key; None for none."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of every step by team and touchpoint."""

    cells: Mapping[Step, Mapping[Place, Count]] = field(default_factory=dict)

    def total(self, step: Step) -> Count:
        """All of a step together."""
        return _sum(self.cells.get(step, {}).values())

    def by_team(self, step: Step) -> dict[int | None, Count]:
        """A step's counts per team."""
        return self._by(step, 0)

    def by_touchpoint(self, step: Step) -> dict[int | None, Count]:
        """A step's counts per touchpoint."""
        return self._by(step, 1)

    def _by(self, step: Step, which: int) -> dict[int | None, Count]:
        found: dict[int | None, Count] = {}
        for place, count in self.cells.get(step, {}).items():
            found[place[which]] = found.get(place[which], Count()) + count
        return found


def _sum(counts: Iterable[Count]) -> Count:
    total = Count()
    for one in counts:
        total += one
    return total


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days, the last one included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it spans."""
        return (self.last - self.first).days + 1


def read_window(when: str, first: str, last: str, *, today: date) -> tuple[str, Window]:
    """The period an address asks for: a name of PERIODS, or two days; else the usual one.

    >>> read_window("30d", "", "", today=date(2026, 3, 31))[1].first
    datetime.date(2026, 3, 2)
    """
    try:
        window = Window(date.fromisoformat(first), date.fromisoformat(last))
        if window.first <= window.last and window.days <= 3660:
            return "", window
    except ValueError:
        pass
    name = when if when in PERIODS else USUAL
    return name, Window(today - timedelta(days=PERIODS[name] - 1), today)


def age_of(since: datetime | None, *, now: datetime) -> int | None:
    """Whole days that something waits; None where nothing does.

    >>> age_of(datetime(2026, 3, 1, 12), now=datetime(2026, 3, 4, 11))
    2
    """
    return None if since is None else max(0, (now - since).days)


AGE_BANDS = (1, 3, 7)
"""Days that part the ages of cases nobody took up: under one, to three, to seven, and over."""


def age_bands(ages: Sequence[int]) -> tuple[int, ...]:
    """How many ages, in days, lie in each band.

    >>> age_bands([0, 1, 2, 5, 40])
    (1, 2, 1, 1)
    """
    edges = (0, *AGE_BANDS, 10**9)
    return tuple(sum(low <= age < high for age in ages) for low, high in pairwise(edges))


def band_edges(band: int) -> tuple[int, int | None]:
    """From how many days a band is, and below how many; None for no end. Raises IndexError.

    >>> band_edges(1), band_edges(3)
    ((1, 3), (7, None))
    """
    if band < 0:
        raise IndexError(band)
    return (0, *AGE_BANDS)[band], (*AGE_BANDS, None)[band]


def widest_leak(counts: Mapping[Step, Count]) -> Step | None:
    """The step where most of what came is stuck, among those that hold up more than a few.

    >>> widest_leak({Step.READ: Count(100, 90, 10), Step.CASE: Count(20, 5, 15)}).value
    'case'
    """
    held = {
        step: count.waiting / count.came
        for step, count in counts.items()
        if step not in ASKS and count.came >= 5 and count.waiting
    }
    return max(held, key=lambda step: held[step]) if held else None
