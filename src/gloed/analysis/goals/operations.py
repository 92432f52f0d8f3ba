"""Setting goals, changing them, and taking them away with a way back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from gloed.analysis.goals.models import Goal
from gloed.base import audit
from gloed.base.models import Organisation, Staff


@transaction.atomic
def set_goal(
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    by: Staff | None,
    today: date,
    now: datetime,
) -> Goal:
    """Set a goal from today on. `values` are fields of `Goal`."""
    goal = Goal.objects.create(
        organisation=organisation, set_on=today, made_by=by, created_at=now, **values
    )
    audit.record(by, "goal.set", goal.name, organisation=organisation, at=now)
    return goal


@transaction.atomic
def change_goal(goal: Goal, values: Mapping[str, Any], *, by: Staff | None, now: datetime) -> None:
    """Give a goal other fields; the day it was set on stays."""
    changed = [name for name, value in values.items() if getattr(goal, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(goal, name, values[name])
    goal.save(update_fields=changed)
    detail = {"fields": ", ".join(changed)}
    audit.record(by, "goal.changed", goal.name, detail, organisation=goal.organisation, at=now)


@transaction.atomic
def remove_goal(goal: Goal, *, by: Staff | None, now: datetime) -> None:
    """Take a goal away; `restore_goal` brings it back."""
    goal.deleted_at = now
    goal.save(update_fields=["deleted_at"])
    audit.record(by, "goal.removed", goal.name, organisation=goal.organisation, at=now)


@transaction.atomic
def restore_goal(goal: Goal, *, by: Staff | None, now: datetime) -> None:
    """Bring a goal back that was taken away."""
    goal.deleted_at = None
    goal.save(update_fields=["deleted_at"])
    audit.record(by, "goal.restored", goal.name, organisation=goal.organisation, at=now)
