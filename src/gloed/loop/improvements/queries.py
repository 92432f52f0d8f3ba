"""Reading improvements: the lists of the boards, and one of them with all that belongs to it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from gloed.base.models import Membership, Organisation
from gloed.base.queries import visible_teams
from gloed.loop.improvements import aims
from gloed.loop.improvements.models import Improvement, Improvements, Step
from gloed.loop.improvements.rules import OPEN, Course, Sign, Status, signs_of
from gloed.responses.models import Answer, Response
from gloed.surveys.rules import OPEN_POSITION, RATING_POSITION

MOST_EVIDENCE = 50


@dataclass(frozen=True, slots=True)
class Card:
    """An improvement as it stands on a board: what stands out, and how far its steps are."""

    improvement: Improvement
    signs: tuple[Sign, ...]
    steps: int
    done: int
    answers: int

    @property
    def is_late(self) -> bool:
        """Whether a day that was promised is over."""
        return bool({Sign.OVERDUE, Sign.STEP_OVERDUE} & {*self.signs})

    @property
    def is_ownerless(self) -> bool:
        """Whether nobody has it in hand."""
        return Sign.OWNERLESS in self.signs


@dataclass(frozen=True, slots=True)
class Proof:
    """One answer that an improvement rests on."""

    response: Response
    rating: int | None
    verbatim: str


def seen_by(membership: Membership) -> Improvements:
    """The improvements a colleague may see.

    A frontline colleague sees the own ones, those of the own teams, and those of no team at all.
    """
    found = Improvement.objects.filter(organisation=membership.organisation).alive()
    teams = visible_teams(membership)
    if teams is None:
        return found
    return found.filter(Q(team=None) | Q(team_id__in=teams) | Q(owner=membership))


def list_improvements(organisation: Organisation) -> Improvements:
    """All that were not taken away, newest first."""
    return Improvement.objects.filter(organisation=organisation).alive()


def get_improvement(membership: Membership, public_id: UUID) -> Improvement | None:
    """One that this colleague may see."""
    joined = seen_by(membership).select_related(
        "organisation", "owner__staff", "team", "touchpoint", "made_by"
    )
    return joined.filter(public_id=public_id).first()


def narrowed(
    found: Improvements,
    *,
    organisation: Organisation,
    board: str = "",
    status: str = "",
    kind: str = "",
    owner: Membership | None = None,
    sign: str = "",
    search: str = "",
    today: date,
) -> Improvements:
    """Only those of a board, a status ("open" for all that are), a kind, an owner, with a sign."""
    if board:
        found = found.filter(board=board)
    if status == "open":
        found = found.filter(status__in=OPEN)
    elif status:
        found = found.filter(status=status)
    if kind:
        found = found.filter(kind=kind)
    if owner is not None:
        found = found.filter(owner=owner)
    if search:
        found = found.filter(Q(title__icontains=search) | Q(cause__icontains=search))
    if sign:
        found = found.filter(_with_sign(sign, today, organisation))
    return found


def serves_no_goal(organisation: Organisation) -> Q:
    """Of improvements that serve no goal of the organisation: none named, or one taken away."""
    is_gone = Q(goal_key__isnull=False) & ~Q(goal_key__in=list(aims.standing(organisation)))
    return Q(goal="", goal_key=None) | is_gone


def _with_sign(sign: str, today: date, organisation: Organisation) -> Q:
    is_open = Q(status__in=OPEN)
    found = {
        Sign.OVERDUE: Q(due_on__lt=today),
        Sign.OWNERLESS: Q(owner=None),
        Sign.NO_DATE: Q(due_on=None) & ~Q(status=Status.IDEA),
        Sign.STEP_OVERDUE: Q(
            pk__in=Step.objects.filter(due_on__lt=today, done_at=None, removed_at=None).values(
                "improvement"
            )
        ),
    }
    if sign == Sign.NO_GOAL:
        return is_open & serves_no_goal(organisation)
    return is_open & found.get(Sign(sign), Q()) if sign in set(Sign) else Q()


def cards_of(found: QuerySet[Improvement], *, today: date) -> list[Card]:
    """The same with what stands out about each, by one query."""
    alive = Q(steps__removed_at=None, steps__isnull=False)
    joined = found.select_related("organisation", "owner__staff", "team", "touchpoint")
    rows = joined.annotate(
        step_count=Count("steps", filter=alive, distinct=True),
        steps_done=Count("steps", filter=alive & Q(steps__done_at__isnull=False), distinct=True),
        next_step_on=Min("steps__due_on", filter=alive & Q(steps__done_at=None)),
        answer_count=Count("evidence", distinct=True),
    )
    pointing = [row for row in rows if row.goal_key]
    standing = aims.standing(pointing[0].organisation) if pointing else {}
    return [_card(row, standing, today=today) for row in rows]


def course_of(
    improvement: Improvement, standing: Collection[UUID], *, next_step_on: date | None = None
) -> Course:
    """What the rules look at; `standing` are the goals that were not taken away."""
    is_aimed = improvement.goal_key in standing if improvement.goal_key else improvement.goal
    return Course(
        status=Status(improvement.status),
        has_owner=improvement.owner_id is not None,
        due_on=improvement.due_on,
        next_step_on=next_step_on,
        has_goal=bool(is_aimed),
    )


def _card(row: Any, standing: Collection[UUID], *, today: date) -> Card:
    course = course_of(row, standing, next_step_on=row.next_step_on)
    return Card(
        row, signs_of(course, today=today), row.step_count, row.steps_done, row.answer_count
    )


def steps_of(improvement: Improvement) -> list[Step]:
    """Its steps, by day."""
    return list(improvement.steps.filter(removed_at=None))


def proofs_of(improvement: Improvement, membership: Membership) -> list[Proof]:
    """The answers it rests on that this colleague may read, newest first."""
    responses = Response.objects.filter(
        evidence_of__improvement=improvement, withdrawn_at=None
    ).select_related("person", "survey", "team")
    teams = visible_teams(membership)
    if teams is not None:
        responses = responses.filter(team_id__in=teams)
    found = list(responses.order_by("-responded_at", "-pk")[:MOST_EVIDENCE])
    said: dict[int, dict[int, Answer]] = {}
    answers = Answer.objects.filter(
        response__in=found, question__position__in=(RATING_POSITION, OPEN_POSITION)
    ).select_related("question")
    for answer in answers:
        said.setdefault(answer.response_id, {})[answer.question.position] = answer
    return [_proof(response, said.get(response.pk, {})) for response in found]


def _proof(response: Response, said: dict[int, Answer]) -> Proof:
    rating, words = said.get(RATING_POSITION), said.get(OPEN_POSITION)
    return Proof(response, rating.rating if rating else None, words.verbatim if words else "")


def get_response(membership: Membership, public_id: Any) -> Response | None:
    """An answer that this colleague may read and put under an improvement."""
    responses = Response.objects.filter(
        organisation=membership.organisation, public_id=public_id, withdrawn_at=None
    )
    teams = visible_teams(membership)
    return (responses if teams is None else responses.filter(team_id__in=teams)).first()


def words_of(response: Response) -> str:
    """What was written with an answer; empty where nothing was."""
    answers = Answer.objects.filter(response=response).exclude(verbatim="")
    first = answers.order_by("question__position").values_list("verbatim", flat=True).first()
    return first or ""
