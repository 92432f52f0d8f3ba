"""Roles of persons and the way their ratings went: plain decisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

ROLE_NAMES = frozenset(
    {"role", "rol", "function", "functie", "job", "job_title", "jobtitle", "position", "positie",
     "functietitel", "titel", "title"}
)  # fmt: skip
"""Names of attributes that say what somebody does at a firm."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """The latest rating of one person, and the one before it."""

    latest: int
    before: int | None
    on: date | None

    @property
    def way(self) -> int:
        """1 for higher than before, -1 for lower, 0 for the same or a first one."""
        if self.before is None or self.before == self.latest:
            return 0
        return 1 if self.latest > self.before else -1


def role_of(attributes: Mapping[str, Any]) -> str:
    """What somebody does at the firm, as far as an attribute says it.

    >>> role_of({"Job title": "Buyer", "region": "North"})
    'Buyer'
    """
    for name, value in attributes.items():
        if str(name).strip().casefold().replace(" ", "_") in ROLE_NAMES and value:
            return str(value)[:80]
    return ""


def ways(ratings: Iterable[Ratings]) -> tuple[int, int]:
    """How many persons went up, and how many down."""
    found = [one.way for one in ratings]
    return found.count(1), found.count(-1)


def days_silent(last: date | None, today: date) -> int | None:
    """Days since anybody answered; None where nobody ever did."""
    return None if last is None else max(0, (today - last).days)
