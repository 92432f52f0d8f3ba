"""Goals: the scores an organisation aims at, which improvements serve."""

from datetime import date
from typing import Any

from django.conf import settings
from ninja import Router, Schema

from gloed.analysis.goals.models import Goal
from gloed.base.keys import Scope
from gloed.base.links import page_url
from gloed.integrations.api.ids import GOAL, id_of
from gloed.integrations.api.keys import needs
from gloed.integrations.api.paging import page_of
from gloed.integrations.api.schemas import PROBLEMS, After, Limit, Page

router = Router()


class GoalOut(Schema):
    """A goal that stands: a score `value` by a day, measured over so many `days`."""

    id: str
    name: str
    value: float
    days: int
    set_on: date
    due_on: date
    page: str


@router.get(
    "",
    response={200: Page[GoalOut], **PROBLEMS},
    auth=needs(Scope.READ_WORK),
    operation_id="listGoals",
)
def list_goals(request: Any, after: After, limit: Limit) -> dict[str, Any]:
    """Goals that stand, the oldest first; an improvement names one by its id."""
    rows = Goal.objects.filter(organisation=request.organisation, deleted_at=None)
    return page_of(rows, after, limit, lambda page: [_shown(one) for one in page])


def _shown(one: Goal) -> dict[str, Any]:
    return {
        "id": id_of(GOAL, one.public_id),
        "name": one.name,
        "value": one.value,
        "days": one.days,
        "set_on": one.set_on,
        "due_on": one.due_on,
        "page": settings.BASE_URL.rstrip("/") + page_url("goals:detail", one.public_id),
    }
