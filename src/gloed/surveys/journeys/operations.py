"""Writing journeys: make, arrange, rename, remove and bring back.

Removing only marks: a phase or a journey comes back with everything that was in it, and the answers
of a touchpoint are never touched. Names of touchpoints are unique in an organisation, because
imports and the API know them by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from django.db import transaction
from django.db.models import Max, Model

from gloed.base import audit, journal
from gloed.base.models import Membership, Organisation, Staff
from gloed.surveys.journeys import queries
from gloed.surveys.journeys.rules import placed
from gloed.surveys.journeys.starts import Start
from gloed.surveys.models import Touchpoint
from gloed.surveys.models.journey import Journey, Phase

NAME_LENGTH = 120
LONGEST_LIST = 500
"""So many touchpoints in one phase, or phases in one journey, are as many as anybody can read."""

_Placed = TypeVar("_Placed", Phase, Touchpoint)


class Refusal(StrEnum):
    """Why nothing was changed."""

    NAME_TAKEN = "name_taken"
    NO_NAME = "no_name"
    FULL = "full"


class Refused(Exception):
    """Nothing was changed; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a touchpoint. `good_enough` is in the unit of the metric's score."""

    name: str
    metric: str = ""
    owner: Membership | None = None
    expectation: str = ""
    good_enough: float | None = None
    line_top: int | None = None


@transaction.atomic
def add_journey(
    organisation: Organisation, name: str, *, start: Start | None = None, by: Staff, now: datetime
) -> Journey:
    """A new journey, empty or with the phases and touchpoints of `start` in today's language.

    A touchpoint that is there already and stands nowhere is placed; where its name stands in
    another journey, the new one carries the journey's name behind its own.
    """
    _lock(organisation)
    name = _clean(name)
    journey = Journey.objects.create(organisation=organisation, name=name, created_at=now)
    _audit(journey, "journey.added", by, now, organisation)
    for position, (phase_name, moments) in enumerate(start.phases if start else ()):
        phase = Phase.objects.create(journey=journey, name=str(phase_name), position=position)
        for place, moment in enumerate(moments):
            touchpoint = _free_touchpoint(organisation, str(moment.name), journey)
            touchpoint.phase, touchpoint.position = phase, place
            touchpoint.metric = touchpoint.metric or moment.metric.value
            touchpoint.expectation = touchpoint.expectation or str(moment.expectation)
            touchpoint.removed_at = None
            touchpoint.save()
    return journey


def _free_touchpoint(organisation: Organisation, name: str, journey: Journey) -> Touchpoint:
    """The touchpoint of that name if it stands nowhere, else a new one with a name of its own."""
    for wanted in (name, f"{name[:50]} ({journey.name[:60]})"):
        found = _find(organisation, wanted)
        if found is None:
            return Touchpoint(organisation=organisation, name=wanted)
        if found.removed_at is not None or not queries.is_placed(found):
            return found
    raise Refused(Refusal.NAME_TAKEN)


@transaction.atomic
def rename(thing: Journey | Phase, name: str, *, by: Staff, now: datetime) -> None:
    """Another name for a journey or a phase."""
    before, thing.name = thing.name, _clean(name)
    if thing.name == before:
        return
    thing.save(update_fields=["name"])
    detail = {"name": [before, thing.name]}
    _audit(thing, f"{_kind(thing)}.renamed", by, now, _organisation(thing), **detail)


@transaction.atomic
def remove(thing: Journey | Phase | Touchpoint, *, by: Staff, now: datetime) -> None:
    """Take it out of sight; `restore` brings it back with everything in it."""
    if thing.removed_at is not None:
        return
    thing.removed_at = now
    thing.save(update_fields=["removed_at"])
    _audit(thing, f"{_kind(thing)}.removed", by, now, _organisation(thing))
    if isinstance(thing, Touchpoint):
        _tell(thing, "touchpoint.removed", now)


@transaction.atomic
def restore(thing: Journey | Phase | Touchpoint, *, by: Staff, now: datetime) -> None:
    """Undo `remove`; nothing to do for what is there."""
    if thing.removed_at is None:
        return
    thing.removed_at = None
    thing.save(update_fields=["removed_at"])
    _audit(thing, f"{_kind(thing)}.restored", by, now, _organisation(thing))
    if isinstance(thing, Touchpoint):
        _tell(thing, "touchpoint.restored", now)


@transaction.atomic
def add_phase(journey: Journey, name: str, *, by: Staff, now: datetime) -> Phase:
    """A new phase at the end of a journey."""
    _lock(journey.organisation)
    there = Phase.objects.filter(journey=journey)
    _check_room(there.count())
    last = there.aggregate(last=Max("position"))["last"]
    phase = Phase.objects.create(
        journey=journey, name=_clean(name), position=0 if last is None else last + 1
    )
    _audit(phase, "phase.added", by, now, journey.organisation)
    return phase


@transaction.atomic
def add_touchpoint(
    organisation: Organisation, name: str, *, phase: Phase | None, by: Staff, now: datetime
) -> Touchpoint:
    """A touchpoint at the end of a phase.

    One of that name that was removed or stands nowhere is taken, with its surveys and answers.
    Raises Refused where the name stands in a journey already.
    """
    _lock(organisation)
    name = _clean(name)
    order = _order_in(organisation, phase)
    _check_room(len(order))
    found = _find(organisation, name)
    if found is None:
        found = Touchpoint.objects.create(organisation=organisation, name=name, phase=phase)
    elif found.removed_at is None and queries.is_placed(found):
        raise Refused(Refusal.NAME_TAKEN)
    found.phase, found.removed_at = phase, None
    found.save(update_fields=["phase", "removed_at"])
    _keep_order(placed(order, found, None))
    _audit(found, "touchpoint.added", by, now, organisation)
    return found


@transaction.atomic
def change_touchpoint(touchpoint: Touchpoint, facts: Facts, *, by: Staff, now: datetime) -> bool:
    """Keep what is known of a touchpoint; whether anything changed.

    Raises Refused where another touchpoint has the name, removed ones too.
    """
    _lock(touchpoint.organisation)
    touchpoint = Touchpoint.objects.select_related("organisation", "owner__staff").get(
        pk=touchpoint.pk
    )
    name = _clean(facts.name)
    wanted = {
        "name": name,
        "metric": facts.metric,
        "owner": facts.owner,
        "expectation": facts.expectation.strip(),
        "good_enough": facts.good_enough,
        "line_top": facts.line_top,
    }
    other = _find(touchpoint.organisation, name)
    if other is not None and other.pk != touchpoint.pk:
        raise Refused(Refusal.NAME_TAKEN)
    changed = {}
    for field, value in wanted.items():
        before = getattr(touchpoint, field)
        if value != before:
            setattr(touchpoint, field, value)
            changed[field] = ["" if one is None else _plain(one) for one in (before, value)]
    if not changed:
        return False
    touchpoint.save(update_fields=list(changed))
    told = {field: value for field, value in changed.items() if field != "line_top"}
    organisation = touchpoint.organisation
    _audit(touchpoint, "touchpoint.changed", by, now, organisation, **told)
    _tell(touchpoint, "touchpoint.changed", now, fields=sorted(changed))
    return True


@transaction.atomic
def move_touchpoint(
    touchpoint: Touchpoint,
    *,
    phase: Phase | None,
    before: Touchpoint | None = None,
    by: Staff,
    now: datetime,
) -> None:
    """Put a touchpoint into a phase (or out of every one), just before another or at the end."""
    _lock(touchpoint.organisation)
    came_from = touchpoint.phase
    old = _order_in(touchpoint.organisation, phase)
    new = placed(old, touchpoint, before)
    _check_room(len(new) - 1)
    if old == new and touchpoint.phase_id == (phase.pk if phase else None):
        return
    touchpoint.phase = phase
    touchpoint.save(update_fields=["phase"])
    _keep_order(new)
    names = [str(one) if one is not None else "" for one in (came_from, phase)]
    detail = {} if names[0] == names[1] else {"phase": names}
    _audit(touchpoint, "touchpoint.moved", by, now, touchpoint.organisation, **detail)


@transaction.atomic
def move_phase(phase: Phase, *, before: Phase | None = None, by: Staff, now: datetime) -> None:
    """Put a phase just before another one of its journey, or at the end."""
    _lock(phase.journey.organisation)
    old = list(Phase.objects.filter(journey=phase.journey_id, removed_at=None))
    new = placed(old, phase, before)
    if old == new:
        return
    _keep_order(new)
    _audit(phase, "phase.moved", by, now, phase.journey.organisation)


def step_touchpoint(touchpoint: Touchpoint, *, up: bool, by: Staff, now: datetime) -> None:
    """One place up or down; past the end of a phase into the one beside it.

    After the last phase it is not placed; from there it goes up into the last phase of the first
    journey.
    """
    organisation = touchpoint.organisation
    here = touchpoint.phase if queries.is_placed(touchpoint) else None
    order = _order_in(organisation, here)
    place = order.index(touchpoint)
    lists: list[Phase | None] = [*_phases_around(touchpoint), None]
    at = lists.index(here)
    target, before = here, None
    if up and place > 0:
        before = order[place - 1]
    elif not up and place + 1 < len(order):
        before = order[place + 2] if place + 2 < len(order) else None
    elif up and at > 0:
        target = lists[at - 1]
    elif not up and at + 1 < len(lists):
        target = lists[at + 1]
        before = next(iter(_order_in(organisation, target)), None)
    else:
        return
    move_touchpoint(touchpoint, phase=target, before=before, by=by, now=now)


def step_phase(phase: Phase, *, up: bool, by: Staff, now: datetime) -> None:
    """One place up or down in its journey; nothing to do at an end."""
    order = list(Phase.objects.filter(journey=phase.journey_id, removed_at=None))
    place = order.index(phase)
    if up and place > 0:
        move_phase(phase, before=order[place - 1], by=by, now=now)
    elif not up and place + 1 < len(order):
        after = order[place + 2] if place + 2 < len(order) else None
        move_phase(phase, before=after, by=by, now=now)


def _phases_around(touchpoint: Touchpoint) -> list[Phase]:
    if touchpoint.phase is not None and queries.is_placed(touchpoint):
        return list(Phase.objects.filter(journey=touchpoint.phase.journey_id, removed_at=None))
    first = queries.list_journeys(touchpoint.organisation).first()
    return list(Phase.objects.filter(journey=first, removed_at=None)) if first else []


def _order_in(organisation: Organisation, phase: Phase | None) -> list[Touchpoint]:
    there = Touchpoint.objects.filter(organisation=organisation, removed_at=None)
    return list(there.filter(phase=phase) if phase else there.filter(queries.NOT_PLACED))


def _keep_order(order: Sequence[_Placed]) -> None:
    moved = [one for place, one in enumerate(order) if one.position != place]
    for place, one in enumerate(order):
        one.position = place
    if moved:
        type(moved[0])._default_manager.bulk_update(moved, ["position"])


def _find(organisation: Organisation, name: str) -> Touchpoint | None:
    there = Touchpoint.objects.filter(organisation=organisation)
    found = there.select_related("phase__journey").filter(name__iexact=name)
    return found.order_by("removed_at", "pk").first()


def _lock(organisation: Organisation) -> None:
    """One arranges at a time; answers that come in meanwhile do not wait for it."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _check_room(there: int) -> None:
    if there >= LONGEST_LIST:
        raise Refused(Refusal.FULL)


def _clean(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())[:NAME_LENGTH]
    if not name:
        raise Refused(Refusal.NO_NAME)
    return name


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Model) else value


def _kind(thing: Journey | Phase | Touchpoint) -> str:
    return type(thing).__name__.lower()


def _organisation(thing: Journey | Phase | Touchpoint) -> Organisation:
    return thing.journey.organisation if isinstance(thing, Phase) else thing.organisation


def _tell(touchpoint: Touchpoint, kind: str, now: datetime, **payload: object) -> None:
    journal.append(
        kind,
        organisation=touchpoint.organisation_id,
        subject=touchpoint.public_id,
        at=now,
        payload=payload,
    )


def _audit(
    thing: object,
    action: str,
    by: Staff,
    now: datetime,
    organisation: Organisation,
    **detail: object,
) -> None:
    audit.record(by, action, thing, detail, organisation=organisation, at=now)
