"""The meter: every step counted in the database, by team and touchpoint, with the longest wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Min, QuerySet

from gloed.loop.cases.models import Case
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.queries import serves_no_goal
from gloed.loop.improvements.rules import Status
from gloed.loop.leaks.rules import (
    ANSWERS,
    ASKS,
    CASES,
    Count,
    Energy,
    Place,
    Step,
    Tally,
    age_bands,
    age_of,
    band_edges,
)
from gloed.loop.leaks.steps import RUNGS, Wish, list_step, rows_of

PARTS = (ASKS, ANSWERS, CASES)


def tally(wish: Wish) -> Tally:
    """Count every step, with three queries however much there is."""
    cells: dict[Step, dict[Place, Count]] = {}
    for part in PARTS:
        has_team = part is not ASKS
        names = ("team", "place_touchpoint") if has_team else ("place_touchpoint",)
        rows = rows_of(part[0], wish).order_by().values(*names).annotate(**_counts(part))
        for row in rows:
            place = (row["team"] if has_team else None, row["place_touchpoint"])
            for step in part:
                cells.setdefault(step, {})[place] = Count(
                    row[f"{step}_came"],
                    row[f"{step}_through"],
                    row[f"{step}_came"] - row[f"{step}_through"],
                    row[f"{step}_oldest"],
                )
    return Tally(cells)


def _counts(part: tuple[Step, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for step in part:
        rung = RUNGS[step]
        found[f"{step}_came"] = CountOf("pk", filter=rung.came)
        found[f"{step}_through"] = CountOf("pk", filter=rung.through)
        found[f"{step}_oldest"] = Min(rung.since, filter=rung.waiting)
    return found


def median_wait(step: Step, waiting: int, wish: Wish, *, now: datetime) -> int | None:
    """Days that half of what waits at a step waits longer than; None where nothing waits."""
    if not waiting:
        return None
    found = list_step(step, "waiting", wish).values_list(RUNGS[step].since, flat=True)
    since = list(found[waiting // 2 : waiting // 2 + 1])
    return age_of(since[0], now=now) if since else None


@dataclass(frozen=True, slots=True)
class EnergyLeaks:
    """The three drains: cases nobody took up by age, no room to solve, and work without an aim.

    `unhandled` are counts by the bands of `rules.age_bands`.
    """

    unhandled: tuple[int, ...]
    oldest: datetime | None
    no_room: int
    cases: int
    goalless: int
    improvements: int


def energy(wish: Wish, *, now: datetime) -> EnergyLeaks:
    """The energy leaks; what is unhandled counts whatever day it began, the rest in the window."""
    waiting = list(
        list_energy(Energy.UNHANDLED, wish)
        .order_by("opened_at")
        .values_list("opened_at", flat=True)
    )
    ages = [age for moment in waiting if (age := age_of(moment, now=now)) is not None]
    begin, end = wish.span
    opened = _of_teams(
        Case.objects.filter(
            organisation=wish.organisation, opened_at__gte=begin, opened_at__lt=end
        ),
        wish,
    )
    work = _improvements(wish)
    return EnergyLeaks(
        unhandled=age_bands(ages),
        oldest=waiting[0] if waiting else None,
        no_room=list_energy(Energy.NO_ROOM, wish).count(),
        cases=opened.count(),
        **work.aggregate(
            improvements=CountOf("pk"),
            goalless=CountOf("pk", filter=serves_no_goal(wish.organisation)),
        ),
    )


def list_energy(
    leak: Energy, wish: Wish, *, band: int | None = None, now: datetime | None = None
) -> QuerySet[Any]:
    """The rows behind an energy leak, the oldest first; with `band` those of one age by `now`."""
    if leak is Energy.GOALLESS:
        aimless = _improvements(wish).filter(serves_no_goal(wish.organisation))
        return aimless.order_by("created_at", "pk")
    cases = _of_teams(Case.objects.filter(organisation=wish.organisation), wish)
    if leak is Energy.UNHANDLED:
        found = cases.filter(closed_at=None, contacted_at=None)
        if band is not None and now is not None:
            youngest, oldest = band_edges(band)
            found = found.filter(opened_at__lte=now - timedelta(days=youngest))
            if oldest is not None:
                found = found.filter(opened_at__gt=now - timedelta(days=oldest))
        return found.order_by("opened_at", "pk")
    begin, end = wish.span
    return cases.filter(no_room_at__gte=begin, no_room_at__lt=end).order_by("no_room_at", "pk")


def _improvements(wish: Wish) -> QuerySet[Improvement]:
    """Improvements that are alive; of a frontline colleague those of the own teams."""
    found = Improvement.objects.filter(organisation=wish.organisation).alive()
    return _of_teams(found.exclude(status=Status.DROPPED), wish)


def _of_teams(found: QuerySet[Any], wish: Wish) -> QuerySet[Any]:
    if wish.teams is not None:
        found = found.filter(team__in=wish.teams)
    if wish.team is not None:
        found = found.filter(team=wish.team or None)
    if wish.touchpoint is not None:
        found = found.filter(touchpoint=wish.touchpoint or None)
    return found
