"""Opening a case: once per answer, one at a time per person; later answers join it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Max

from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.fieldwork import candidates
from gloed.fieldwork import operations as fieldwork
from gloed.loop.cases import news
from gloed.loop.cases.models import Case, CaseAnswer
from gloed.loop.cases.operations.assigning import Desk, desk_of, route_case
from gloed.loop.cases.operations.causes import make_usual_causes
from gloed.loop.cases.operations.moments import plan, set_moments, settings_of
from gloed.loop.cases.operations.story import locked, write_line
from gloed.loop.cases.operations.waking import mail_about
from gloed.loop.cases.rules import Happened, Priority, Reason, Subject
from gloed.people.models import Person
from gloed.people.rules import email_key
from gloed.responses.models import Response

RACES = 10
A_YEAR = timedelta(days=365)
WHILE_OPEN = timedelta(days=365)
Found = TypeVar("Found")


def traits_of(person: Person | None, attributes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What conditions can look at: attributes, language, mail domain and account of a person.

    `attributes` are those an answer was given with; what is known of the person now goes first.
    """
    if person is None:
        return dict(attributes or {})
    account = person.account.name if person.account else ""
    return {
        "language": person.language,
        "domain": email_key(person.email).rpartition("@")[2],
        "account": account,
        **dict(attributes or {}),
        **person.attributes,
    }


def open_case(
    response: Response,
    *,
    because: Sequence[Reason] = (),
    priority: Priority = Priority.NORMAL,
    priority_reasons: Sequence[Reason] = (),
    staff: Staff | None = None,
    how: str = "rule",
    desk: Desk | None = None,
    now: datetime,
) -> Case:
    """The case of an answer: opened, or that of the same person which is open, which it joins.

    An answer that has a case keeps it, so that doing it twice changes nothing. `staff` is who
    opened it by hand. Whoever opens many gives the `desk` along.
    """
    at = desk or desk_of(response.organisation)
    return _racing(
        lambda: _open_for_response(
            response, because, priority, priority_reasons, staff=staff, how=how, desk=at, now=now
        )
    )


def join_running(response: Response, *, now: datetime) -> Case | None:
    """Let an answer join the open case of whoever gave it, if it is later than that case."""

    def attempt() -> Case | None:
        known = case_of(response)
        running = open_case_of(response.person) if response.person is not None else None
        if known is not None or running is None:
            return known
        if (response.responded_at or response.recorded_at) < running.opened_at:
            return None
        return _join(running, response, (), Priority.NORMAL, (), staff=None, now=now)

    return _racing(attempt)


def open_for_person(
    person: Person,
    *,
    because: Sequence[Reason],
    priority: Priority = Priority.NORMAL,
    how: str = "silence",
    now: datetime,
) -> Case:
    """The open case of somebody who gave no answer: that there is, else a new one."""

    def attempt() -> Case:
        found = open_case_of(person)
        if found is not None:
            return found
        case = Case(organisation=person.organisation, person=person, person_key=person.public_id)
        case.priority, case.priority_reasons = priority, _plain(because if priority else ())
        desk = desk_of(person.organisation)
        return _begin(case, because, traits_of(person), staff=None, how=how, desk=desk, now=now)

    return _racing(attempt)


def open_case_of(person: Person) -> Case | None:
    """The case of a person that is open; there is at most one."""
    return Case.objects.filter(person=person, closed_at=None).first()


def case_of(response: Response) -> Case | None:
    """The case an answer belongs to."""
    link = CaseAnswer.objects.filter(response=response).first()
    return link.case if link else None


def _racing(attempt: Callable[[], Found]) -> Found:
    """Two workers may open one case at once: who comes second finds what the first one made."""
    for _ in range(RACES):
        try:
            with transaction.atomic():
                return attempt()
        except IntegrityError:
            continue
    raise RuntimeError("a case could not be opened: somebody else is faster again and again")


def _open_for_response(
    response: Response,
    because: Sequence[Reason],
    priority: Priority,
    priority_reasons: Sequence[Reason],
    *,
    staff: Staff | None,
    how: str,
    desk: Desk,
    now: datetime,
) -> Case:
    known = case_of(response)
    if known is not None:
        return known
    person = response.person
    if person is not None and (running := open_case_of(person)) is not None:
        return _join(running, response, because, priority, priority_reasons, staff=staff, now=now)
    case = Case(
        organisation=response.organisation,
        person=person,
        person_key=person.public_id if person else None,
        response=response,
        survey=response.survey,
        touchpoint=response.touchpoint or response.survey.touchpoint,
        team=response.team,
        priority=priority,
        priority_reasons=_plain(priority_reasons),
        opened_by=staff,
    )
    traits = traits_of(person, response.attributes)
    case = _begin(case, because, traits, staff=staff, how=how, desk=desk, now=now)
    CaseAnswer.objects.create(case=case, response=response, linked_at=now)
    return case


def _begin(
    case: Case,
    because: Sequence[Reason],
    traits: Mapping[str, Any],
    *,
    staff: Staff | None,
    how: str,
    desk: Desk,
    now: datetime,
) -> Case:
    case.number = _next_number(case.organisation)
    if case.number == 1:
        make_usual_causes(case.organisation)
    case.opened_at, case.opened_how, case.opened_because = now, how, _plain(because)
    set_moments(case, start=now, settings=desk.settings)
    route = route_case(case, subject_of(case, traits), desk, now=now)
    case.save(force_insert=True)
    detail = {"because": case.opened_because, "how": how, "route": route.name if route else ""}
    write_line(case, Happened.OPENED, staff=staff, detail=detail, now=now)
    if case.owner is not None:
        write_line(case, Happened.ASSIGNED, detail={"from": "", "to": str(case.owner)}, now=now)
        if case.owner != staff:
            mail_about(case, case.owner, "assigned", now=now)
    keep_unasked(case, now=now)
    if staff is not None:
        audit.record(staff, "case.opened", case, organisation=case.organisation, at=now)
    news.tell(news.OPENED, case, now=now)
    plan(case, now=now)
    return case


def _join(
    case: Case,
    response: Response,
    because: Sequence[Reason],
    priority: Priority,
    priority_reasons: Sequence[Reason],
    *,
    staff: Staff | None,
    now: datetime,
) -> Case:
    """A later answer of the same person: it may make the case more urgent, never less."""
    CaseAnswer.objects.create(case=case, response=response, linked_at=now)
    detail = {"because": _plain(because), "response": str(response.public_id)}
    _raise(case, priority, priority_reasons, now=now)
    write_line(case, Happened.JOINED, staff=staff, detail=detail, now=now)
    news.tell(news.JOINED, case, now=now, response=str(response.public_id))
    return case


def raise_priority(
    case: Case, priority: Priority, reasons: Sequence[Reason], *, now: datetime
) -> bool:
    """An answer says more than when its case opened: it can become more urgent, never less."""
    with transaction.atomic():
        fresh = locked(case)
        return fresh.closed_at is None and _raise(fresh, priority, reasons, now=now)


def _raise(case: Case, priority: Priority, reasons: Sequence[Reason], *, now: datetime) -> bool:
    if priority <= case.priority:
        return False
    case.priority, case.priority_reasons = priority, _plain(reasons)
    if case.contacted_at is None:
        earlier = case.due_at
        set_moments(case, start=now)
        if earlier is not None and case.due_at is not None and earlier < case.due_at:
            case.due_at, case.remind_at = earlier, None
    case.save(update_fields=["priority", "priority_reasons", "due_at", "remind_at"])
    plan(case, now=now)
    return True


def subject_of(case: Case, traits: Mapping[str, Any]) -> Subject:
    """What routes look at."""
    return Subject(
        traits,
        survey=str(case.survey.public_id) if case.survey else "",
        touchpoint=str(case.touchpoint.public_id) if case.touchpoint else "",
        team=str(case.team.public_id) if case.team else "",
    )


def keep_unasked(case: Case, *, now: datetime) -> None:
    """Ask this person nothing while their case is open, as settings and contact policy say."""
    if case.person is not None and _is_quarantined(case.organisation):
        fieldwork.quarantine(case.person, now=now, until=now + WHILE_OPEN)


def let_rest(case: Case, *, now: datetime) -> None:
    """The case is closed: from now on the person rests as long as the contact policy says."""
    if case.person is not None and _is_quarantined(case.organisation):
        fieldwork.quarantine(case.person, now=now)


def _is_quarantined(organisation: Organisation) -> bool:
    days = candidates.policy_of(organisation.pk).quarantine_days
    return bool(days) and settings_of(organisation).quarantine


def has_been_here(person: Person | None, *, now: datetime) -> bool:
    """Whether somebody had a case that closed within the last year."""
    if person is None:
        return False
    return Case.objects.filter(person=person, closed_at__gte=now - A_YEAR).exists()


def _next_number(organisation: Organisation) -> int:
    last = Case.objects.filter(organisation=organisation).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _plain(reasons: Iterable[Reason]) -> list[dict[str, str]]:
    return [reason.plain() for reason in reasons]
