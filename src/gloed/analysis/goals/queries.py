"""Reading goals; also for other pages that hold a score against one."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from gloed.analysis.filters import read
from gloed.analysis.goals.models import Goal
from gloed.analysis.queries import Filter
from gloed.base.models import Membership, Organisation, Team
from gloed.base.queries import visible_teams


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal as another page compares with it: `value` in the unit of the score."""

    key: str
    name: str
    value: float
    due_on: date
    filters: tuple[tuple[str, str | None], ...]


def list_goals(organisation: Organisation) -> QuerySet[Goal]:
    """The goals that stand, the next due first."""
    return Goal.objects.filter(organisation=organisation, deleted_at=None)


def visible_goals(membership: Membership) -> list[Goal]:
    """The goals a colleague may see: all, or those of the own teams only."""
    goals = list(list_goals(membership.organisation))
    keys = visible_teams(membership)
    if keys is None:
        return goals
    found = Team.objects.filter(pk__in=keys).values_list("public_id", flat=True)
    own = {str(public_id) for public_id in found}
    return [goal for goal in goals if dict(filters_of(goal)).get("team") in own]


def find_removed(organisation: Organisation, goal_id: UUID) -> Goal | None:
    """A goal that was taken away, by its public id."""
    return Goal.objects.filter(
        organisation=organisation, public_id=goal_id, deleted_at__isnull=False
    ).first()


def filters_of(goal: Goal) -> tuple[tuple[str, str | None], ...]:
    """The filters of a goal, as an address of the explorer holds them."""
    return read(QueryDict(goal.address), today=goal.set_on).filters


def filters_for(goal: Goal) -> tuple[Filter, ...]:
    """The same for a query."""
    return tuple(Filter(column, (value,)) for column, value in filters_of(goal))


def lines_for(membership: Membership, about: str) -> list[GoalLine]:
    """The goals about one subject, for a page that offers to compare with one."""
    return [
        GoalLine(str(goal.public_id), goal.name, goal.value, goal.due_on, filters_of(goal))
        for goal in visible_goals(membership)
        if goal.about == about
    ]
