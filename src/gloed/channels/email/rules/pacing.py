"""How many mails may go: to one domain in a minute, and from a young sender in a day."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MOST_A_DAY = 50_000
"""A warm-up that has come so far is over."""
USED_ENOUGH = 0.5


def pace(
    domains: Sequence[str], used: Mapping[str, int], *, limit: int, waiting: Mapping[str, int]
) -> list[int]:
    """For each mail the minute in which it may go: 0 for now, 1 for the next, and so on.

    `used` counts what went to each domain in this minute, `waiting` what was put off before.

    >>> pace(["a.nl", "a.nl", "b.nl", "a.nl"], {"a.nl": 1}, limit=2, waiting={})
    [0, 1, 0, 1]
    """
    if not limit:
        return [0] * len(domains)
    going, put_off = Counter(used), Counter(waiting)
    minutes = []
    for domain in domains:
        if going[domain] < limit:
            going[domain] += 1
            minutes.append(0)
        else:
            minutes.append(1 + put_off[domain] // limit)
            put_off[domain] += 1
    return minutes


def minute_of(moment: datetime) -> datetime:
    """The minute a moment lies in."""
    return moment.replace(second=0, microsecond=0)


def domain_of(address: str) -> str:
    """Where an address lives, as it is compared."""
    return address.strip().lower().rpartition("@")[2]


def count_domains(addresses: Iterable[str]) -> Counter[str]:
    """How many of the addresses live at each domain."""
    return Counter(domain_of(address) for address in addresses)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a warm-up: how many mails were allowed, and how many went."""

    on: date
    limit: int
    mails: int


def next_limit(last: Day | None, *, first: int, growth: int, today: date) -> int:
    """How many mails may go on a day of a warm-up; `growth` in percent.

    It grows after a day on which at least half of what was allowed went out: mailbox providers
    trust what they saw, not the calendar. After two weeks without mail it falls back by half.

    >>> day = Day(date(2026, 3, 2), 200, 180)
    >>> next_limit(day, first=200, growth=50, today=date(2026, 3, 3))
    300
    """
    if last is None:
        return first
    if last.on == today:
        return last.limit
    if today - last.on > timedelta(days=14):
        return max(first, last.limit // 2)
    if last.mails < last.limit * USED_ENOUGH:
        return last.limit
    return last.limit * (100 + growth) // 100


def outlook(limit: int, *, growth: int, days: int) -> list[int]:
    """The limits of the coming days if each is used well.

    >>> outlook(200, growth=50, days=4)
    [200, 300, 450, 675]
    """
    found = [limit]
    while len(found) < days:
        found.append(found[-1] * (100 + growth) // 100)
    return found


def days_until_done(waiting: int, limit: int, *, growth: int) -> int:
    """On which day of a warm-up the last of `waiting` mails goes, today being the first.

    >>> days_until_done(900, 200, growth=50)
    3
    """
    day = 1
    while waiting > limit and limit < MOST_A_DAY:
        waiting -= limit
        limit = limit * (100 + growth) // 100
        day += 1
    return day
