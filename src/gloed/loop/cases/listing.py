"""The list of cases: which ones, in which order, and how many of each kind."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Membership, Organisation
from gloed.loop.cases.models import Case
from gloed.loop.cases.queries import PAGE, visible_cases

MINE, NOBODYS, OPEN, LATE, CLOSED, ALL = "mine", "nobodys", "open", "late", "closed", "all"
SHOWS: dict[str, str | Promise] = {
    MINE: _("Mine"),
    NOBODYS: _("Nobody’s yet"),
    OPEN: _("All open"),
    LATE: _("Late"),
    CLOSED: _("Closed"),
}
FURTHER: dict[str, str | Promise] = {
    ALL: _("Every case"),
    "uncontacted": _("The customer has not heard from us"),
    "contacted": _("The customer has heard from us"),
    "no_cause": _("No cause named"),
    "no_room": _("No room to solve"),
    "not_told": _("Done, and the customer not told"),
}
"""Lists that other pages lead to."""
LINKS = {"team": "team", "touchpoint": "touchpoint", "survey": "survey"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: a list, narrowed by public ids and the days on which they opened."""

    show: str = MINE
    team: str = ""
    touchpoint: str = ""
    survey: str = ""
    owner: str = ""
    start: date | None = None
    end: date | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether something besides the kind of list is asked."""
        return bool(
            self.team or self.touchpoint or self.survey or self.owner or self.start or self.end
        )


def read(given: QueryDict, *, default: str) -> Wanted:
    """What the address asks; what is not understood is left out."""
    show = given.get("show", "")
    return Wanted(
        show=show if show in SHOWS or show in FURTHER else default,
        start=_day(given.get("from", "")),
        end=_day(given.get("to", "")),
        **{name: _id(given.get(name, "")) for name in ("team", "touchpoint", "survey", "owner")},
    )


def counts(membership: Membership, *, now: datetime) -> dict[str, int]:
    """How many cases stand in each of the lists."""
    cases = visible_cases(membership).order_by()
    counted = cases.aggregate(
        **{name: Count("pk", filter=_kind(name, membership, now)) for name in SHOWS}
    )
    return {name: int(number) for name, number in counted.items()}


def page_of(membership: Membership, wanted: Wanted, *, number: str, now: datetime) -> "Page[Case]":
    """One page of a list. Open cases: urgent first, then the first due; closed: newest first."""
    cases = _narrowed(visible_cases(membership), membership.organisation, wanted)
    cases = cases.filter(_kind(wanted.show, membership, now))
    if wanted.show in (CLOSED, ALL):
        cases = cases.order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "-pk")
    else:
        is_waiting = Q(contacted_at=None)
        cases = cases.alias(waits=is_waiting).order_by("-waits", "-priority", "due_at", "pk")
    return Paginator(cases, PAGE).get_page(number)


def _kind(show: str, membership: Membership, now: datetime) -> Q:
    is_open = Q(closed_at=None)
    kinds: dict[str, Q] = {
        MINE: is_open & Q(owner=membership.staff_id),
        NOBODYS: is_open & Q(owner=None),
        OPEN: is_open,
        LATE: is_open & Q(due_at__lte=now, contacted_at=None),
        CLOSED: ~is_open,
        ALL: Q(),
        "uncontacted": is_open & Q(contacted_at=None),
        "contacted": Q(contacted_at__isnull=False),
        "no_cause": Q(cause=None, contacted_at__isnull=False),
        "no_room": Q(no_room_at__isnull=False),
        "not_told": Q(done_at__isnull=False, told_at=None),
    }
    return kinds[show]


def _narrowed(cases: QuerySet[Case], organisation: Organisation, wanted: Wanted) -> QuerySet[Case]:
    zone = ZoneInfo(organisation.time_zone)
    narrowed: dict[str, Any] = {}
    for name, field in LINKS.items():
        if value := getattr(wanted, name):
            narrowed[f"{field}__public_id"] = value
    if wanted.owner:
        narrowed["owner__memberships__public_id"] = wanted.owner
    if wanted.start is not None:
        narrowed["opened_at__gte"] = datetime.combine(wanted.start, time(), zone)
    if wanted.end is not None:
        narrowed["opened_at__lt"] = datetime.combine(wanted.end + timedelta(days=1), time(), zone)
    return cases.filter(**narrowed)


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
