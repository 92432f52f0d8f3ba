"""Cases: one customer whose trouble somebody takes up, from opened to closed."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from django.conf import settings
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from gloed.base.keys import Scope
from gloed.base.links import page_url
from gloed.base.models import ApiKey, Organisation
from gloed.integrations.api.ids import ANSWER, CASE, PERSON, SURVEY, id_of, read_id
from gloed.integrations.api.keys import needs
from gloed.integrations.api.paging import page_of
from gloed.integrations.api.problems import Problem, not_found
from gloed.integrations.api.schemas import PROBLEMS, After, Body, Limit, Moment, Page, Text
from gloed.loop.cases import operations
from gloed.loop.cases.models import Case, CaseEvent
from gloed.loop.cases.queries import RELATED
from gloed.loop.cases.rules import Because, Happened, Outcome, Reason
from gloed.responses.models import Response

router = Router()
NOTE_LIMIT = 5_000
HOW = "elsewhere"


class CaseOut(Schema):
    """A case. `due_at` is until when the customer has to have heard from us."""

    id: str
    number: int
    status: str
    outcome: str
    priority: int
    person: str | None
    answer: str | None
    survey: str | None
    touchpoint: str | None
    team: str | None
    owner: str | None
    because: list[str]
    cause: str | None
    cause_words: str
    done: str
    told: str
    version: int
    opened_at: Moment
    due_at: Moment | None
    contacted_at: Moment | None
    closed_at: Moment | None
    page: str


class LineOut(Schema):
    """A line of the story of a case."""

    kind: str
    at: Moment
    by: str
    text: str


class CaseWithStory(CaseOut):
    """A case and what happened, the oldest first."""

    story: list[LineOut]


class CaseIn(Body):
    """An answer somebody should take up; who answered has one open case at most."""

    answer: Annotated[str, Field(max_length=60)]


class NoteIn(Body):
    """A note for the story."""

    text: Annotated[Text, Field(min_length=1, max_length=NOTE_LIMIT)]


class ClosingIn(Body):
    """How it ended."""

    outcome: Outcome


class CaseChange(Body):
    """What is saved; `version` is the one that was read, so that nobody's words are lost."""

    version: Annotated[int, Field(ge=1, le=2_147_483_647)]
    cause_words: Annotated[Text, Field(max_length=NOTE_LIMIT)] | None = None
    done: Annotated[Text, Field(max_length=NOTE_LIMIT)] | None = None
    told: Annotated[Text, Field(max_length=NOTE_LIMIT)] | None = None


@router.get(
    "",
    response={200: Page[CaseOut], **PROBLEMS},
    auth=needs(Scope.READ_WORK),
    operation_id="listCases",
)
def list_cases(
    request: Any,
    after: After,
    limit: Limit,
    status: Annotated[Literal["", "open", "contacted", "closed"], Query("")],
    since: Annotated[date | None, Query(None, description="opened on this day or later")],
) -> dict[str, Any]:
    """Cases, the oldest first."""
    rows = _cases(request.organisation)
    if status:
        rows = rows.filter(status=status)
    if since:
        rows = rows.filter(opened_at__date__gte=since)
    return page_of(rows, after, limit, lambda page: [shown(case) for case in page])


@router.post(
    "",
    response={200: CaseOut, 201: CaseOut, **PROBLEMS},
    auth=needs(Scope.WRITE_WORK),
    operation_id="openCase",
)
def open_case(request: Any, data: CaseIn) -> Status[Any]:
    """Have somebody take an answer up; a case that is there already comes back as it is."""
    now = timezone.now()
    mine = Response.objects.filter(organisation=request.organisation, withdrawn_at=None)
    response = mine.filter(public_id=read_id(ANSWER, data.answer)).first()
    if response is None:
        raise not_found()
    opened = operations.open_case(response, because=[Reason(Because.BY_HAND)], how="hand", now=now)
    case = find_case(request.organisation, id_of(CASE, opened.public_id))
    return Status(201 if case.opened_at == now else 200, shown(case))


@router.get(
    "{case_id}",
    response={200: CaseWithStory, **PROBLEMS},
    auth=needs(Scope.READ_WORK),
    operation_id="getCase",
)
def get_case(request: Any, case_id: str) -> dict[str, Any]:
    """One case with its story."""
    return with_story(find_case(request.organisation, case_id))


@router.patch(
    "{case_id}",
    response={200: CaseOut, **PROBLEMS},
    auth=needs(Scope.WRITE_WORK),
    operation_id="changeCase",
)
def change_case(request: Any, case_id: str, data: CaseChange) -> dict[str, Any]:
    """Save cause, what was done and what was told; a conflict where others changed the same."""
    case = find_case(request.organisation, case_id)
    given = data.model_dump(exclude_unset=True)
    read = given.pop("version")
    mine = {name: value or "" for name, value in given.items()}
    edited = operations.edit_case(case, mine, read=read, staff=None, now=timezone.now())
    if edited.clashes:
        raise Problem("conflict", "Somebody changed the same words; read it again.")
    return shown(find_case(request.organisation, case_id))


@router.post(
    "{case_id}/notes",
    response={201: LineOut, **PROBLEMS},
    auth=needs(Scope.WRITE_WORK),
    operation_id="noteOnCase",
)
def note_on_case(request: Any, case_id: str, data: NoteIn) -> Status[Any]:
    """Add a note to the story."""
    case = find_case(request.organisation, case_id)
    return Status(201, _line(write_note(case, data.text, key=request.api_key)))


@router.post(
    "{case_id}/contacted",
    response={200: CaseOut, **PROBLEMS},
    auth=needs(Scope.WRITE_WORK),
    operation_id="contactedCustomer",
)
def contacted(request: Any, case_id: str) -> dict[str, Any]:
    """The customer heard from us, by another system; repeating it changes nothing."""
    case = find_case(request.organisation, case_id)
    _unless_refused(lambda: operations.note_contact(case, how=HOW, now=timezone.now()))
    return shown(find_case(request.organisation, case_id))


@router.post(
    "{case_id}/close",
    response={200: CaseOut, **PROBLEMS},
    auth=needs(Scope.WRITE_WORK),
    operation_id="closeCase",
)
def close(request: Any, case_id: str, data: ClosingIn) -> dict[str, Any]:
    """End it; repeating it changes nothing."""
    case = find_case(request.organisation, case_id)
    _unless_refused(
        lambda: operations.close_case(case, data.outcome, staff=None, now=timezone.now())
    )
    return shown(find_case(request.organisation, case_id))


@router.post(
    "{case_id}/reopen",
    response={200: CaseOut, **PROBLEMS},
    auth=needs(Scope.WRITE_WORK),
    operation_id="reopenCase",
)
def reopen(request: Any, case_id: str) -> dict[str, Any]:
    """Take a closed case up again."""
    case = find_case(request.organisation, case_id)
    _unless_refused(lambda: operations.reopen_case(case, now=timezone.now()))
    return shown(find_case(request.organisation, case_id))


def _unless_refused(act: Callable[[], object]) -> None:
    try:
        act()
    except operations.Refused as refusal:
        raise Problem("conflict", f"It is not in the state for this: {refusal.reason}.") from None


def write_note(case: Case, text: str, *, key: ApiKey) -> CaseEvent:
    """Add a note that a program wrote; the story names its key."""
    return operations.write_line(
        case, Happened.NOTE, text=f"{text}\n({key.name})", now=timezone.now()
    )


def _cases(organisation: Organisation) -> Any:
    return Case.objects.filter(organisation=organisation).select_related(*RELATED)


def find_case(organisation: Organisation, case_id: str) -> Case:
    """The case of this id. Raises the problem "not found"."""
    case: Case | None = _cases(organisation).filter(public_id=read_id(CASE, case_id)).first()
    if case is None:
        raise not_found()
    return case


def with_story(case: Case) -> dict[str, Any]:
    """A case and what happened."""
    lines = case.events.select_related("staff")
    return {**shown(case), "story": [_line(line) for line in lines]}


def shown(case: Case) -> dict[str, Any]:
    """A case as a program sees it."""
    return {
        "id": id_of(CASE, case.public_id),
        "number": case.number,
        "status": case.status,
        "outcome": case.outcome,
        "priority": case.priority,
        "person": id_of(PERSON, case.person.public_id) if case.person else None,
        "answer": id_of(ANSWER, case.response.public_id) if case.response else None,
        "survey": id_of(SURVEY, case.survey.public_id) if case.survey else None,
        "touchpoint": case.touchpoint.name if case.touchpoint else None,
        "team": case.team.name if case.team else None,
        "owner": str(case.owner) if case.owner else None,
        "because": [one["because"] for one in case.opened_because],
        "cause": case.cause.name if case.cause else None,
        "cause_words": case.cause_words,
        "done": case.done,
        "told": case.told,
        "version": case.version,
        "opened_at": case.opened_at,
        "due_at": case.due_at,
        "contacted_at": case.contacted_at,
        "closed_at": case.closed_at,
        "page": settings.BASE_URL.rstrip("/") + page_url("cases:card", case.public_id),
    }


def _line(line: CaseEvent) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "at": line.at,
        "by": str(line.staff) if line.staff else "",
        "text": line.text,
    }
