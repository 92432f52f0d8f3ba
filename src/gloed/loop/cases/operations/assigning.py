"""Who takes a case up: by route, by load or in turn, and by hand."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Max, Q

from gloed.base.models import Membership, Organisation, Staff, Team
from gloed.base.rules import PERMISSIONS
from gloed.loop.cases import news
from gloed.loop.cases.models import Absence, Case, CaseSettings, Route
from gloed.loop.cases.operations.moments import settings_of
from gloed.loop.cases.operations.story import Refused, is_over, locked, refresh, write_line
from gloed.loop.cases.operations.waking import mail_about
from gloed.loop.cases.rules import (
    Away,
    Colleague,
    Happened,
    Subject,
    Way,
    choose,
    does_fit,
    present,
    read_fits,
)

HANDLE = "loop.handle_cases"
HANDLERS = [role.value for role, permissions in PERMISSIONS.items() if HANDLE in permissions]


@dataclass(frozen=True, slots=True)
class Desk:
    """How an organisation takes cases up, read once for all that open together."""

    settings: CaseSettings
    routes: tuple[tuple[Route, tuple[int, ...]], ...]
    """Each with the memberships it names."""


def desk_of(organisation: Organisation) -> Desk:
    """The settings and routes that hold now."""
    routes = Route.objects.filter(organisation=organisation, removed_at=None)
    routes = routes.select_related("team").prefetch_related("members")
    named = ((one, tuple(member.pk for member in one.members.all())) for one in routes)
    return Desk(settings_of(organisation), tuple(named))


def handlers(organisation: Organisation) -> "list[Membership]":
    """The active colleagues who may handle cases, by name."""
    return list(
        Membership.objects.filter(
            organisation=organisation,
            deactivated_at=None,
            staff__is_active=True,
            role__in=HANDLERS,
        )
        .select_related("staff")
        .order_by("staff__name", "staff__email", "pk")
    )


def route_case(case: Case, subject: Subject, desk: Desk, *, now: datetime) -> Route | None:
    """Give a new case its team and its owner; does not save. Returns the route that fitted.

    Without a route: the least laden of the team of the answer, else whoever owns the touchpoint.
    Nobody who is absent that day gets a case; a stand-in takes their place.
    """
    fitting = ((one, named) for one, named in desk.routes if _fits(one, subject))
    route, named = next(fitting, (None, ()))
    if route is not None:
        case.team = route.team or case.team
        members, way = list(named) or _of_team(case.team), Way(route.way)
    else:
        members, way = _of_team(case.team), Way.LOAD
        if not members and case.touchpoint and case.touchpoint.owner_id:
            members = [case.touchpoint.owner_id]
    owner = choose_owner(case.organisation, members, way, now=now)
    if owner is not None:
        case.owner, case.assigned_at = owner, now
    return route


def choose_owner(
    organisation: Organisation, members: list[int], way: Way, *, now: datetime
) -> Staff | None:
    """One of these memberships, as far as they are there today; None: nobody."""
    if not members:
        return None
    today = now.astimezone(ZoneInfo(organisation.time_zone)).date()
    there = present(members, absences_of(organisation), on=today)
    able = {one.pk: one for one in handlers(organisation) if one.pk in there}
    loads = Case.objects.filter(owner__in=[one.staff_id for one in able.values()])
    loads = loads.filter(organisation=organisation)
    counted = {
        row["owner"]: row
        for row in loads.values("owner").annotate(
            n=Count("pk", filter=Q(closed_at=None)), last=Max("assigned_at")
        )
    }
    colleagues = []
    for key in there:
        if (one := able.get(key)) is not None:
            row = counted.get(one.staff_id)
            load, last = (row["n"], row["last"]) if row else (0, None)
            colleagues.append(Colleague(key, load, last))
    chosen = choose(way, colleagues)
    return able[chosen].staff if chosen is not None else None


def absences_of(organisation: Organisation) -> list[Away]:
    """All absences that were told."""
    rows = Absence.objects.filter(membership__organisation=organisation)
    return [Away(one.membership_id, one.starts_on, one.ends_on, one.stand_in_id) for one in rows]


def _fits(route: Route, subject: Subject) -> bool:
    return does_fit(read_fits(route.fits), subject)


def _of_team(team: Team | None) -> list[int]:
    if team is None:
        return []
    return list(
        team.memberships.filter(deactivated_at=None, role="frontline").values_list("pk", flat=True)
    )


@transaction.atomic
def assign(
    case: Case,
    *,
    owner: Staff | None,
    team: Team | None = None,
    staff: Staff | None = None,
    now: datetime,
) -> bool:
    """Give a case to a colleague (None: to nobody), and to another team where one is named.

    Whoever had it and whoever gave it stays in the story. Raises Refused "closed" or "may_not":
    the colleague may not handle cases here. Returns False where nothing changed.
    """
    fresh = locked(case)
    if is_over(fresh):
        raise Refused("closed")
    if owner is not None and not any(
        one.staff_id == owner.pk for one in handlers(fresh.organisation)
    ):
        raise Refused("may_not")
    new_team = team or fresh.team
    if (fresh.owner_id, fresh.team_id) == (owner and owner.pk, new_team and new_team.pk):
        return False
    detail = {"from": str(fresh.owner or ""), "to": str(owner or "")}
    fresh.owner, fresh.team, fresh.assigned_at = owner, new_team, now if owner else None
    fresh.save(update_fields=["owner", "team", "assigned_at"])
    write_line(fresh, Happened.ASSIGNED, staff=staff, detail=detail, now=now)
    news.tell(news.ASSIGNED, fresh, now=now)
    if owner is not None and owner != staff:
        mail_about(fresh, owner, "assigned", now=now)
    refresh(case, fresh)
    return True
