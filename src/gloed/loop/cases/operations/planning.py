"""What is decided beforehand: rules, routes, absences, hours, room and causes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from gloed.base import audit
from gloed.base.models import Membership, Organisation, Staff, Team
from gloed.loop.cases.models import (
    Absence,
    Case,
    CaseSettings,
    FrontlineRoom,
    OpeningRule,
    Route,
)
from gloed.loop.cases.operations.moments import plan, set_moments, settings_of
from gloed.loop.cases.rules import Asks, Fits, Priority, Status

ALARM = ("advocaat", "klacht*", "opzeg*", "geschillen*", "nooit meer", "oplicht*")
ALARM_ENGLISH = ("lawyer", "complaint*", "cancel*", "ombudsman", "never again", "scam*")


@transaction.atomic
def keep_rule(
    organisation: Organisation,
    *,
    name: str,
    asks: Asks,
    priority: Priority = Priority.NORMAL,
    rule: OpeningRule | None = None,
    staff: Staff | None = None,
    now: datetime,
) -> OpeningRule:
    """Make a rule, which is off at first, or change one from the next answer on.

    Raises ValueError for a rule that would open a case for every answer there is.
    """
    if asks.is_empty:
        raise ValueError("a rule asks something of an answer")
    is_new = rule is None
    kept = rule or OpeningRule(organisation=organisation, made_by=staff, made_at=now)
    if is_new:
        last = organisation.case_rules.aggregate(last=Max("position"))["last"]
        kept.position = (last or 0) + 1
    kept.name, kept.asks, kept.priority = name, asks.plain(), priority
    kept.save()
    _record(organisation, staff, f"case_rule.{'made' if is_new else 'changed'}", kept.name, now)
    return kept


@transaction.atomic
def switch_rule(rule: OpeningRule, *, to: bool, staff: Staff | None, now: datetime) -> None:
    """Let a rule open cases for answers that come in from now on, or let it rest."""
    if rule.is_on == to:
        return
    rule.is_on, rule.on_since = to, now if to else None
    rule.save(update_fields=["is_on", "on_since"])
    action = "case_rule.switched_on" if to else "case_rule.switched_off"
    _record(rule.organisation, staff, action, rule.name, now)


@transaction.atomic
def remove_rule(
    rule: OpeningRule, *, is_back: bool = False, staff: Staff | None, now: datetime
) -> None:
    """Throw a rule away, or put it back where it stood, off; the cases it opened stay."""
    rule.is_on, rule.on_since = False, None
    rule.removed_at = None if is_back else now
    rule.save(update_fields=["is_on", "on_since", "removed_at"])
    action = "case_rule.restored" if is_back else "case_rule.deleted"
    _record(rule.organisation, staff, action, rule.name, now)


def usual_rules(organisation: Organisation) -> list[tuple[str, Asks, Priority]]:
    """Three rules to begin with, in the organisation's language."""
    with translation.override(organisation.language):
        words = ALARM if organisation.language == "nl" else ALARM_ENGLISH
        return [
            (
                str(_("A low score, and may be called")),
                Asks(bands=frozenset({"detractor"}), consent=True),
                Priority.HIGH,
            ),
            (str(_("A low score")), Asks(bands=frozenset({"detractor"})), Priority.NORMAL),
            (str(_("Words of alarm")), Asks(words=(*words,)), Priority.URGENT),
        ]


@transaction.atomic
def begin_with_usual_rules(
    organisation: Organisation, *, staff: Staff | None, now: datetime
) -> None:
    """Make the usual rules, all of them off; nothing where there are rules already."""
    if organisation.case_rules.filter(removed_at=None).exists():
        return
    for name, asks, priority in usual_rules(organisation):
        keep_rule(organisation, name=name, asks=asks, priority=priority, staff=staff, now=now)


@transaction.atomic
def keep_route(
    organisation: Organisation,
    *,
    name: str,
    fits: Fits,
    team: Team | None,
    way: str,
    members: Sequence[Membership],
    route: Route | None = None,
    staff: Staff | None = None,
    now: datetime,
) -> Route:
    """Make a route, the last in order, or change one from the next case on."""
    kept = route or Route(organisation=organisation)
    if route is None:
        last = organisation.case_routes.aggregate(last=Max("position"))["last"]
        kept.position = (last or 0) + 1
    kept.name, kept.fits, kept.team, kept.way = name, fits.plain(), team, way
    kept.save()
    kept.members.set(members)
    _record(organisation, staff, "case_route.kept", name, now)
    return kept


@transaction.atomic
def move_route(route: Route, *, staff: Staff | None, now: datetime) -> None:
    """Let a route go before the one above it: the first that fits holds."""
    own = Route.objects.filter(organisation=route.organisation, removed_at=None)
    routes = list(own.select_for_update())
    at = next(number for number, one in enumerate(routes) if one.pk == route.pk)
    if at:
        routes[at - 1], routes[at] = routes[at], routes[at - 1]
    for number, one in enumerate(routes):
        one.position = number
        one.save(update_fields=["position"])
    _record(route.organisation, staff, "case_route.kept", route.name, now)


@transaction.atomic
def remove_route(
    route: Route, *, is_back: bool = False, staff: Staff | None, now: datetime
) -> None:
    """Throw a route away, or put it back where it stood; who has a case keeps it."""
    route.removed_at = None if is_back else now
    route.save(update_fields=["removed_at"])
    action = "case_route.kept" if is_back else "case_route.deleted"
    _record(route.organisation, staff, action, route.name, now)


@transaction.atomic
def keep_absence(
    membership: Membership,
    *,
    starts_on: date,
    ends_on: date,
    stand_in: Membership | None,
    staff: Staff | None,
    now: datetime,
) -> Absence:
    """Write down when a colleague gets no new cases. Raises ValueError when it ends too early."""
    if ends_on < starts_on:
        raise ValueError("an absence ends on its first day or later")
    kept = Absence.objects.create(
        membership=membership,
        starts_on=starts_on,
        ends_on=ends_on,
        stand_in=stand_in if stand_in != membership else None,
    )
    _record(membership.organisation, staff, "case_absence.kept", membership, now)
    return kept


@transaction.atomic
def keep_settings(
    organisation: Organisation, values: Mapping[str, Any], *, staff: Staff | None, now: datetime
) -> CaseSettings:
    """Keep hours and what follows from them; open cases nobody took up are planned anew."""
    kept = settings_of(organisation)
    for name, value in values.items():
        setattr(kept, name, value)
    kept.save()
    _record(organisation, staff, "case_settings.changed", "", now)
    waiting = Case.objects.filter(organisation=organisation, status=Status.OPEN)
    for case in waiting.filter(escalated_at=None).select_related("organisation"):
        before = (case.due_at, case.remind_at)
        set_moments(case, start=case.opened_at, settings=kept)
        if (case.due_at, case.remind_at) != before:
            case.save(update_fields=["due_at", "remind_at"])
            plan(case, now=now)
    return kept


@transaction.atomic
def keep_room(
    organisation: Organisation,
    *,
    team: Team | None,
    amount: Decimal | None,
    words: str,
    currency: str = "EUR",
    staff: Staff | None,
    now: datetime,
) -> FrontlineRoom:
    """State what may be decided without asking, for everybody (no team) or for one team."""
    room, _made = FrontlineRoom.objects.update_or_create(
        organisation=organisation,
        team=team,
        defaults={"amount": amount, "words": words.strip(), "currency": currency},
    )
    _record(organisation, staff, "case_room.changed", team or "", now)
    return room


def _record(
    organisation: Organisation, staff: Staff | None, action: str, subject: object, now: datetime
) -> None:
    audit.record(staff, action, subject, organisation=organisation, at=now)
