"""Reading cases. A frontline colleague sees those of the own teams, and the own ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet

from gloed.base.models import Membership, Organisation, Staff
from gloed.base.queries import visible_teams
from gloed.loop.cases.models import (
    Case,
    CaseAnswer,
    CaseEvent,
    CaseTask,
    Cause,
    FrontlineRoom,
    Mention,
)
from gloed.loop.cases.operations.assigning import absences_of, handlers
from gloed.people.models import Person
from gloed.responses.models import Response

PAGE = 50
RELATED = (
    "organisation", "person", "person__account", "response", "survey", "touchpoint", "team",
    "owner", "cause",
)  # fmt: skip


def visible_cases(membership: Membership) -> QuerySet[Case]:
    """The cases a colleague may see, with what a list shows of them."""
    cases = Case.objects.filter(organisation=membership.organisation)
    teams = visible_teams(membership)
    if teams is not None:
        cases = cases.filter(Q(team__in=teams) | Q(owner=membership.staff_id))
    return cases.select_related(*RELATED)


def find_case(membership: Membership, public_id: UUID | str) -> Case | None:
    """One of these; None for a stranger's."""
    return visible_cases(membership).filter(public_id=public_id).first()


def get_case(public_id: UUID | str) -> Case:
    """A case by its public id, for a worker. Raises Case.DoesNotExist."""
    return Case.objects.select_related(*RELATED).get(public_id=public_id)


def list_cases_of(person: Person) -> list[Case]:
    """Every case somebody had, the newest first."""
    return list(Case.objects.filter(person=person).select_related(*RELATED).order_by("-opened_at"))


def case_of(response: Response) -> Case | None:
    """The case an answer belongs to."""
    link = CaseAnswer.objects.filter(response=response).select_related("case").first()
    return link.case if link else None


def cases_by_response(responses: Sequence[int]) -> dict[int, Case]:
    """By the key of a response: its case, as far as there is one."""
    links = CaseAnswer.objects.filter(response__in=responses).select_related("case")
    return {link.response_id: link.case for link in links}


def answers_of(case: Case) -> list[CaseAnswer]:
    """The answers of a case, the first one first; those that are gone by now are left out."""
    links = CaseAnswer.objects.filter(case=case, response__id__isnull=False)
    return list(
        links.select_related("response", "response__survey", "response__touchpoint").order_by("pk")
    )


def story_of(case: Case) -> list[CaseEvent]:
    """What happened, oldest first."""
    return list(case.events.select_related("staff").prefetch_related("mentions__staff"))


def tasks_of(case: Case) -> list[CaseTask]:
    """What has to be done: the open ones first, by day."""
    return list(
        case.tasks.select_related("owner", "done_by").order_by(
            F("done_at").asc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk"
        )
    )


def list_causes(organisation: Organisation) -> list[Cause]:
    """The causes that can be chosen, in their order."""
    return list(Cause.objects.filter(organisation=organisation, removed_at=None))


@dataclass(frozen=True, slots=True)
class Load:
    """How much a colleague has on their hands."""

    membership: Membership
    open: int
    overdue: int
    is_away: bool = False


def loads(organisation: Organisation, *, now: datetime) -> list[Load]:
    """Open and overdue cases of everybody who may handle cases, by name."""
    rows = (
        Case.objects.filter(organisation=organisation, closed_at=None, owner__isnull=False)
        .values("owner")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now, contacted_at=None)))
    )
    counted = {row["owner"]: (row["n"], row["late"]) for row in rows}
    today = now.astimezone(ZoneInfo(organisation.time_zone)).date()
    away = {one.who for one in absences_of(organisation) if one.starts_on <= today <= one.ends_on}
    return [
        Load(one, *counted.get(one.staff_id, (0, 0)), is_away=one.pk in away)
        for one in handlers(organisation)
    ]


def room_of(case: Case) -> FrontlineRoom | None:
    """What may be decided without asking: of the case's team, else of everybody; None: unsaid."""
    rooms = FrontlineRoom.objects.filter(organisation=case.organisation_id).filter(
        Q(team=None) | Q(team=case.team_id)
    )
    found = sorted(rooms, key=lambda room: room.team_id is None)
    return next((room for room in found if not room.is_empty), None)


def unseen_mentions(membership: Membership) -> list[Mention]:
    """Notes that name this colleague and were not seen yet, newest first."""
    mentions = Mention.objects.filter(
        staff=membership.staff_id,
        seen_at=None,
        event__case__organisation=membership.organisation_id,
    )
    return list(
        mentions.select_related(
            "event", "event__staff", "event__case", "event__case__person"
        ).order_by("-event__at")[:PAGE]
    )


def count_gestures(organisation: Organisation, *, since: datetime) -> dict[str, int]:
    """How often each gesture was used since then."""
    used = CaseEvent.objects.filter(
        kind="gesture", at__gte=since, case__organisation=organisation
    ).values_list("detail__gesture")
    counted: dict[Any, int] = dict(used.annotate(n=Count("pk")).order_by())
    return {str(name): number for name, number in counted.items() if name}


def due_cases(staff: Staff, organisation: Organisation) -> QuerySet[Case]:
    """The open cases of one colleague, the first due first."""
    cases = Case.objects.filter(organisation=organisation, owner=staff, closed_at=None)
    return cases.select_related(*RELATED).order_by("-priority", "due_at", "pk")


def everything_about(person: Person) -> list[dict[str, Any]]:
    """What is held of a person in cases, as plain values: for their right to see it."""
    return [
        {
            "case": case.number,
            "opened_at": case.opened_at,
            "contacted_at": case.contacted_at,
            "closed_at": case.closed_at,
            "outcome": case.outcome,
            "cause": case.cause.name if case.cause else "",
            "what_went_wrong": case.cause_words,
            "what_was_done": case.done,
            "what_they_were_told": case.told,
            "story": [
                {"what": event.kind, "at": event.at, "text": event.text, "detail": event.detail}
                for event in case.events.all()
            ],
            "tasks": [task.title for task in case.tasks.all()],
        }
        for case in Case.objects.filter(person=person)
        .select_related("cause")
        .prefetch_related("events", "tasks")
        .order_by("pk")
    ]
