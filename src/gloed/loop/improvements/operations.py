"""Writing improvements: noted, planned, moved on, taken away and brought back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from gloed.base import audit, journal
from gloed.base.models import Organisation, Staff
from gloed.coding.models import Theme
from gloed.loop.cases.models import Case
from gloed.loop.improvements.models import Evidence, Improvement, Step
from gloed.loop.improvements.rules import Status, news_of
from gloed.responses.models import Response

FIELDS = (
    "title",
    "cause",
    "kind",
    "board",
    "is_quick_win",
    "owner",
    "team",
    "touchpoint",
    "segment",
    "goal",
    "goal_key",
    "expected_points",
    "cost",
    "starts_on",
    "due_on",
    "outcome",
    "origin",
    "origin_note",
)


@transaction.atomic
def create_improvement(
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    by: Staff | None,
    now: datetime,
    themes: Iterable[Theme] = (),
    responses: Iterable[Response] = (),
    cases: Iterable[Case] = (),
    status: Status = Status.IDEA,
) -> Improvement:
    """Note an improvement. `values` are of the names in FIELDS; all else keeps its default.

    Raises ValueError for a name that is not among them.
    """
    if unknown := set(values) - set(FIELDS):
        raise ValueError(f"an improvement has no {sorted(unknown)}")
    made = Improvement.objects.create(
        organisation=organisation, made_by=by, created_at=now, status=status, **values
    )
    made.themes.set(themes)
    made.cases.set(cases)
    _link(made, responses, by=by, now=now)
    _tell(made, "improvement.created", by, now)
    return made


@transaction.atomic
def change_improvement(
    improvement: Improvement,
    values: Mapping[str, Any],
    *,
    by: Staff | None,
    now: datetime,
    themes: Iterable[Theme] | None = None,
) -> None:
    """Write what was changed; without `themes` those stay as they are.

    A `goal` in other words points at no set goal any more, unless its `goal_key` comes along.
    """
    if values.get("goal", improvement.goal) != improvement.goal:
        values = {"goal_key": None, **values}
    changed = [name for name, value in values.items() if getattr(improvement, name) != value]
    for name in changed:
        setattr(improvement, name, values[name])
    if changed:
        improvement.save(update_fields=changed)
    if themes is not None:
        improvement.themes.set(themes)
    _tell(improvement, "improvement.changed", by, now)


def move(improvement: Improvement, *, to: Status, by: Staff | None, now: datetime) -> bool:
    """Move it on, or back; False where it stands there already.

    The first start is kept: whatever was fixed before it stays fixed, also when work is taken up
    again.
    """
    with transaction.atomic():
        held = Improvement.objects.select_for_update().get(pk=improvement.pk)
        before = Status(held.status)
        if before is to:
            return False
        held.status = to
        if to in (Status.STARTED, Status.FINISHED) and held.started_at is None:
            held.started_at = now
        held.finished_at = now if to is Status.FINISHED else None
        held.dropped_at = now if to is Status.DROPPED else None
        held.save(update_fields=["status", "started_at", "finished_at", "dropped_at"])
        journal.append(
            news_of(before, to),
            organisation=held.organisation_id,
            subject=held.public_id,
            payload={"status": to.value, "before": before.value},
            at=now,
        )
        audit.record(
            by,
            "improvement.moved",
            held.title,
            {"status": [before.value, to.value]},
            organisation=held.organisation,
            at=now,
        )
    improvement.refresh_from_db()
    return True


@transaction.atomic
def remove(improvement: Improvement, *, by: Staff | None, now: datetime) -> None:
    """Take it off every list; `restore` brings it back whole."""
    improvement.removed_at = now
    improvement.save(update_fields=["removed_at"])
    _tell(improvement, "improvement.removed", by, now)


@transaction.atomic
def restore(improvement: Improvement, *, by: Staff | None, now: datetime) -> None:
    """The reverse of `remove`."""
    improvement.removed_at = None
    improvement.save(update_fields=["removed_at"])
    _tell(improvement, "improvement.restored", by, now)


@transaction.atomic
def add_evidence(
    improvement: Improvement, responses: Iterable[Response], *, by: Staff | None, now: datetime
) -> int:
    """Let it rest on these answers too; how many are new."""
    before = improvement.evidence.count()
    _link(improvement, responses, by=by, now=now)
    return improvement.evidence.count() - before


def drop_evidence(improvement: Improvement, response: Response) -> None:
    """It does not rest on this answer any more."""
    Evidence.objects.filter(improvement=improvement, response=response).delete()


def add_step(improvement: Improvement, title: str, *, due_on: date | None, now: datetime) -> Step:
    """Plan one thing to do."""
    return Step.objects.create(improvement=improvement, title=title, due_on=due_on, created_at=now)


def do_step(step: Step, *, is_done: bool, now: datetime) -> None:
    """Tick a step off, or take the tick back."""
    step.done_at = now if is_done else None
    step.save(update_fields=["done_at"])


def remove_step(step: Step, *, now: datetime) -> None:
    """Take a step out of the plan."""
    step.removed_at = now
    step.save(update_fields=["removed_at"])


def restore_step(step: Step) -> None:
    """Put it back."""
    step.removed_at = None
    step.save(update_fields=["removed_at"])


def _link(
    improvement: Improvement, responses: Iterable[Response], *, by: Staff | None, now: datetime
) -> None:
    rows = [
        Evidence(improvement=improvement, response=response, added_by=by, added_at=now)
        for response in responses
        if response.organisation_id == improvement.organisation_id
    ]
    Evidence.objects.bulk_create(rows, ignore_conflicts=True)


def _tell(improvement: Improvement, kind: str, by: Staff | None, now: datetime) -> None:
    journal.append(
        kind,
        organisation=improvement.organisation_id,
        subject=improvement.public_id,
        payload={"status": str(improvement.status)},
        at=now,
    )
    audit.record(by, kind, improvement.title, organisation=improvement.organisation, at=now)


def plan_if_dated(improvement: Improvement, *, by: Staff | None, now: datetime) -> None:
    """An idea with an owner and a day to be finished by is a plan."""
    is_plan = improvement.owner_id is not None and improvement.due_on is not None
    if improvement.status == Status.IDEA and is_plan:
        move(improvement, to=Status.PLANNED, by=by, now=now)
