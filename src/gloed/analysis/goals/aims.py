"""Goals as improvements serve them: which there are, for the room below, and what serves one."""

from collections.abc import Iterable

from gloed.analysis.goals.models import Goal
from gloed.analysis.goals.queries import list_goals, visible_goals
from gloed.base.models import Membership
from gloed.loop.improvements.aims import Aim, Source
from gloed.loop.improvements.models import Improvements
from gloed.loop.improvements.queries import seen_by
from gloed.loop.improvements.rules import Status


def improvements_for(goal: Goal, membership: Membership) -> Improvements:
    """The improvements that serve a goal, as far as this colleague may see them."""
    serving = seen_by(membership).filter(goal_key=goal.public_id)
    return serving.exclude(status=Status.DROPPED).select_related("owner__staff")


def _aims(goals: Iterable[Goal]) -> list[Aim]:
    return [Aim(goal.public_id, goal.name) for goal in goals]


SOURCE = Source(
    standing=lambda organisation: _aims(list_goals(organisation)),
    visible=lambda membership: _aims(visible_goals(membership)),
    page="goals:detail",
)
