"""Who takes a case up: by attribute, touchpoint or team, then one of several colleagues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gloed.fieldwork.rules import Condition, first_that_fails, plain_conditions, read_conditions
from gloed.loop.cases.rules.kinds import Way


@dataclass(frozen=True, slots=True)
class Fits:
    """Which cases a route is for; nothing set: every case. Surveys and such by public id."""

    conditions: tuple[Condition, ...] = ()
    surveys: frozenset[str] = frozenset()
    touchpoints: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "conditions": plain_conditions(self.conditions),
            "surveys": sorted(self.surveys),
            "touchpoints": sorted(self.touchpoints),
            "teams": sorted(self.teams),
        }


def read_fits(stored: Mapping[str, Any]) -> Fits:
    """Which cases a route is for, from what was stored."""
    return Fits(
        conditions=read_conditions(stored.get("conditions", ())),
        surveys=frozenset(stored.get("surveys", ())),
        touchpoints=frozenset(stored.get("touchpoints", ())),
        teams=frozenset(stored.get("teams", ())),
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of a case when it is routed."""

    traits: Mapping[str, Any]
    survey: str = ""
    touchpoint: str = ""
    team: str = ""


def does_fit(fits: Fits, subject: Subject) -> bool:
    """Whether a route is for this case."""
    return (
        (not fits.surveys or subject.survey in fits.surveys)
        and (not fits.touchpoints or subject.touchpoint in fits.touchpoints)
        and (not fits.teams or subject.team in fits.teams)
        and first_that_fails(fits.conditions, person=subject.traits) is None
    )


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could take a case: how many are open, and when the last one came."""

    id: int
    open_cases: int = 0
    last_assigned_at: datetime | None = None


def choose(way: Way, colleagues: Sequence[Colleague]) -> int | None:
    """Who takes it: by load the least laden, in turn whoever waited longest; None: nobody is there.

    >>> choose(Way.LOAD, [Colleague(1, 4), Colleague(2, 3)])
    2
    """
    if way is Way.NOBODY or not colleagues:
        return None

    def waited(one: Colleague) -> tuple[bool, float]:
        last = one.last_assigned_at
        return last is not None, last.timestamp() if last else 0.0

    if way is Way.TURN:
        return min(colleagues, key=lambda one: (waited(one), one.id)).id
    return min(colleagues, key=lambda one: (one.open_cases, waited(one), one.id)).id


@dataclass(frozen=True, slots=True)
class Away:
    """A colleague's absence: first and last day, and who stands in."""

    who: int
    starts_on: date
    ends_on: date
    stand_in: int | None = None


def present(candidates: Sequence[int], absences: Sequence[Away], *, on: date) -> list[int]:
    """Who of these is there that day; somebody absent is replaced by their stand-in, if there.

    >>> ill = Away(1, date(2026, 3, 2), date(2026, 3, 6), stand_in=9)
    >>> present([1, 2], [ill], on=date(2026, 3, 3))
    [9, 2]
    """
    away = {one.who: one for one in absences if one.starts_on <= on <= one.ends_on}
    there: list[int] = []
    for who in candidates:
        seen: set[int] = set()
        one: int | None = who
        while one is not None and one in away and one not in seen:
            seen.add(one)
            one = away[one].stand_in
        if one is not None and one not in away and one not in there:
            there.append(one)
    return there
