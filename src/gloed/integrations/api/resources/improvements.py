"""Improvements: causes that are removed, from idea to finished."""

from datetime import date
from typing import Annotated, Any, Literal

from django.conf import settings
from django.utils import timezone
from ninja import Query, Router, Schema
from ninja import Status as Answered
from pydantic import Field

from gloed.base.keys import Scope
from gloed.base.links import page_url
from gloed.base.models import Organisation
from gloed.coding.models import Theme
from gloed.integrations.api.ids import ANSWER, GOAL, IMPROVEMENT, id_of, read_id
from gloed.integrations.api.keys import needs
from gloed.integrations.api.paging import page_of
from gloed.integrations.api.problems import invalid, not_found
from gloed.integrations.api.schemas import PROBLEMS, After, Body, Limit, Moment, Page, Text
from gloed.loop.improvements import aims, operations
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.rules import Board, Kind, Status
from gloed.responses.models import Response

router = Router()
GoalId = Annotated[str, Field(max_length=60)]


class StepOut(Schema):
    """One thing to do on the way."""

    title: str
    due_on: date | None
    done_at: Moment | None


class ImprovementOut(Schema):
    """An improvement. `goal` names the aim it serves; `goal_id` is that aim where it is one set."""

    id: str
    title: str
    cause: str
    kind: str
    board: str
    is_quick_win: bool
    status: str
    owner: str | None
    team: str | None
    touchpoint: str | None
    themes: list[str]
    goal: str
    goal_id: str | None
    expected_points: float | None
    cost: int | None
    starts_on: date | None
    due_on: date | None
    outcome: str
    answers: int
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    steps: list[StepOut]
    page: str


class ImprovementIn(Body):
    """A new improvement; it begins as an idea. `goal_id` goes before a `goal` in own words."""

    title: Annotated[Text, Field(min_length=1, max_length=160)]
    cause: Annotated[Text, Field(max_length=5_000)] = ""
    kind: Kind = Kind.OTHER
    board: Board = Board.FIX
    is_quick_win: bool = False
    goal: Annotated[Text, Field(max_length=300)] = ""
    goal_id: GoalId | None = None
    due_on: date | None = None
    themes: Annotated[list[Annotated[Text, Field(max_length=60)]], Field(max_length=20)] = []
    answers: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=100)] = []


class ImprovementChange(Body):
    """What is changed; what is left out stays. Null as `goal_id` leaves the goal its name only."""

    title: Annotated[Text, Field(min_length=1, max_length=160)] | None = None
    cause: Annotated[Text, Field(max_length=5_000)] | None = None
    goal: Annotated[Text, Field(max_length=300)] | None = None
    goal_id: GoalId | None = None
    outcome: Annotated[Text, Field(max_length=5_000)] | None = None
    due_on: date | None = None
    status: Status | None = None


@router.get(
    "",
    response={200: Page[ImprovementOut], **PROBLEMS},
    auth=needs(Scope.READ_WORK),
    operation_id="listImprovements",
)
def list_improvements(
    request: Any,
    after: After,
    limit: Limit,
    status: Annotated[Literal["", "idea", "planned", "started", "finished", "dropped"], Query("")],
) -> dict[str, Any]:
    """Improvements, the oldest first."""
    rows = _improvements(request.organisation)
    if status:
        rows = rows.filter(status=status)
    return page_of(rows, after, limit, lambda page: [shown(one) for one in page])


@router.post(
    "",
    response={201: ImprovementOut, **PROBLEMS},
    auth=needs(Scope.WRITE_WORK),
    operation_id="noteImprovement",
)
def note_improvement(request: Any, data: ImprovementIn) -> Answered[Any]:
    """Note an improvement, with the answers and themes it rests on."""
    house: Organisation = request.organisation
    values = {
        "title": data.title,
        "cause": data.cause,
        "kind": data.kind.value,
        "board": data.board.value,
        "is_quick_win": data.is_quick_win,
        "goal": data.goal,
        "due_on": data.due_on,
        **(_goal(house, data.goal_id) if data.goal_id else {}),
    }
    made = operations.create_improvement(
        house,
        values,
        by=None,
        now=timezone.now(),
        themes=_themes(house, data.themes),
        responses=_answers(house, data.answers),
    )
    return Answered(201, shown(_find(house, id_of(IMPROVEMENT, made.public_id))))


@router.get(
    "{improvement_id}",
    response={200: ImprovementOut, **PROBLEMS},
    auth=needs(Scope.READ_WORK),
    operation_id="getImprovement",
)
def get_improvement(request: Any, improvement_id: str) -> dict[str, Any]:
    """One improvement."""
    return shown(_find(request.organisation, improvement_id))


@router.patch(
    "{improvement_id}",
    response={200: ImprovementOut, **PROBLEMS},
    auth=needs(Scope.WRITE_WORK),
    operation_id="changeImprovement",
)
def change_improvement(
    request: Any, improvement_id: str, data: ImprovementChange
) -> dict[str, Any]:
    """Change it, or move it on."""
    one, now = _find(request.organisation, improvement_id), timezone.now()
    given = data.model_dump(exclude_unset=True)
    status = given.pop("status", None)
    goal = {}
    if "goal_id" in given:
        goal = _goal(request.organisation, given.pop("goal_id"))
    values = {name: value for name, value in given.items() if value is not None or name == "due_on"}
    values |= goal
    if values:
        operations.change_improvement(one, values, by=None, now=now)
    if status is not None:
        operations.move(one, to=Status(status), by=None, now=now)
    return shown(_find(request.organisation, improvement_id))


@router.delete(
    "{improvement_id}",
    response={204: None, **PROBLEMS},
    auth=needs(Scope.WRITE_WORK),
    operation_id="removeImprovement",
)
def remove_improvement(request: Any, improvement_id: str) -> Answered[Any]:
    """Take it off every list; a colleague can bring it back."""
    operations.remove(_find(request.organisation, improvement_id), by=None, now=timezone.now())
    return Answered(204, None)


def _improvements(organisation: Organisation) -> Any:
    found = Improvement.objects.filter(organisation=organisation).alive()
    found = found.select_related("owner__staff", "team", "touchpoint")
    return found.prefetch_related("themes", "steps", "evidence")


def _find(organisation: Organisation, improvement_id: str) -> Improvement:
    wanted = read_id(IMPROVEMENT, improvement_id)
    one: Improvement | None = _improvements(organisation).filter(public_id=wanted).first()
    if one is None:
        raise not_found()
    return one


def _goal(organisation: Organisation, goal_id: str | None) -> dict[str, Any]:
    """The fields of a goal that is set: which it is, and its name of today."""
    if goal_id is None:
        return {"goal_key": None}
    key = read_id(GOAL, goal_id)
    name = aims.standing(organisation).get(key)
    if name is None:
        raise invalid("/goal_id", "There is no goal with this id.")
    return {"goal_key": key, "goal": name[:300]}


def _themes(organisation: Organisation, keys: list[str]) -> list[Theme]:
    found = {
        theme.key: theme
        for theme in Theme.objects.filter(organisation=organisation, is_live=True, key__in=keys)
    }
    for number, key in enumerate(keys):
        if key not in found:
            raise invalid(f"/themes/{number}", "There is no theme with this key.")
    return list(found.values())


def _answers(organisation: Organisation, ids: list[str]) -> list[Response]:
    wanted = [read_id(ANSWER, one) for one in ids]
    found = Response.objects.filter(organisation=organisation, public_id__in=wanted)
    by_id = {one.public_id: one for one in found}
    for number, key in enumerate(wanted):
        if key not in by_id:
            raise invalid(f"/answers/{number}", "There is no answer with this id.")
    return list(by_id.values())


def shown(one: Improvement) -> dict[str, Any]:
    """An improvement as a program sees it."""
    address = page_url("improvements:detail", one.public_id)
    steps = [step for step in one.steps.all() if step.removed_at is None]
    return {
        "id": id_of(IMPROVEMENT, one.public_id),
        "title": one.title,
        "cause": one.cause,
        "kind": one.kind,
        "board": one.board,
        "is_quick_win": one.is_quick_win,
        "status": one.status,
        "owner": str(one.owner.staff) if one.owner else None,
        "team": one.team.name if one.team else None,
        "touchpoint": one.touchpoint.name if one.touchpoint else None,
        "themes": sorted(theme.key for theme in one.themes.all()),
        "goal": one.goal,
        "goal_id": id_of(GOAL, one.goal_key) if one.goal_key else None,
        "expected_points": one.expected_points,
        "cost": one.cost,
        "starts_on": one.starts_on,
        "due_on": one.due_on,
        "outcome": one.outcome,
        "answers": len(one.evidence.all()),
        "created_at": one.created_at,
        "started_at": one.started_at,
        "finished_at": one.finished_at,
        "steps": [
            {"title": step.title, "due_on": step.due_on, "done_at": step.done_at} for step in steps
        ],
        "page": settings.BASE_URL.rstrip("/") + address,
    }
