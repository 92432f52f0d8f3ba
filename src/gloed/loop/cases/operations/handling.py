"""Working on a case: contact, notes, calls, gestures, tasks, what was done, and the end of it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction

from gloed.base import audit
from gloed.base.models import Staff
from gloed.loop.cases import news
from gloed.loop.cases.models import Case, CaseEvent, CaseTask, Mention
from gloed.loop.cases.operations.assigning import handlers
from gloed.loop.cases.operations.moments import plan, set_moments
from gloed.loop.cases.operations.opening import keep_unasked, let_rest
from gloed.loop.cases.operations.story import Refused, is_over, locked, refresh, write_line
from gloed.loop.cases.operations.waking import mail_about
from gloed.loop.cases.rules import Gesture, Happened, Outcome, Priority, Status


@transaction.atomic
def note_contact(
    case: Case, *, how: str, staff: Staff | None = None, now: datetime, is_told: bool = True
) -> bool:
    """The customer heard from us. The first time sets the case on its way; False: not the first.

    `how` is a stable word (call, letter, elsewhere). With `is_told` False no line is written,
    because the caller wrote its own.
    """
    fresh = locked(case)
    if fresh.contacted_at is not None:
        return False
    fresh.contacted_at = now
    fields = ["contacted_at"]
    if not is_over(fresh):
        fresh.status = Status.CONTACTED
        fields.append("status")
    fresh.save(update_fields=fields)
    if is_told:
        write_line(fresh, Happened.CONTACTED, staff=staff, detail={"how": how}, now=now)
    news.tell(news.CONTACTED, fresh, now=now, how=how)
    refresh(case, fresh)
    return True


@transaction.atomic
def log_call(
    case: Case, *, is_reached: bool, text: str = "", staff: Staff | None, now: datetime
) -> CaseEvent:
    """Write down a call; one in which the customer was reached counts as contact."""
    event = write_line(
        case, Happened.CALL, staff=staff, text=text, detail={"is_reached": is_reached}, now=now
    )
    if is_reached:
        note_contact(case, how="call", staff=staff, now=now, is_told=False)
    return event


@transaction.atomic
def write_note(
    case: Case, text: str, *, mentioned: Collection[Staff] = (), staff: Staff, now: datetime
) -> CaseEvent:
    """Add a note; whoever is mentioned finds it on Today. Raises Refused "empty"."""
    if not text.strip():
        raise Refused("empty")
    event = write_line(case, Happened.NOTE, staff=staff, text=text.strip(), now=now)
    colleagues = {one.staff_id for one in handlers(case.organisation)}
    named = [one for one in dict.fromkeys(mentioned) if one.pk in colleagues and one != staff]
    Mention.objects.bulk_create(Mention(event=event, staff=one) for one in named)
    for one in named:
        mail_about(case, one, "mentioned", event=event.pk, now=now)
    return event


@transaction.atomic
def see_mentions(case: Case, *, staff: Staff, now: datetime) -> int:
    """A colleague opened the case: what they were mentioned in is seen."""
    unseen = Mention.objects.filter(event__case=case, staff=staff, seen_at=None)
    return unseen.update(seen_at=now)


@transaction.atomic
def use_gesture(case: Case, gesture: Gesture, *, staff: Staff | None, now: datetime) -> CaseEvent:
    """Count one of the five gestures, used while answering."""
    event = write_line(
        case, Happened.GESTURE, staff=staff, detail={"gesture": gesture.value}, now=now
    )
    news.tell(news.GESTURE, case, now=now, gesture=gesture.value)
    return event


@transaction.atomic
def say_no_room(case: Case, *, text: str = "", staff: Staff | None, now: datetime) -> CaseEvent:
    """A colleague may not do what would solve it; counted, for whoever sets the room."""
    fresh = locked(case)
    event = write_line(fresh, Happened.NO_ROOM, staff=staff, text=text.strip(), now=now)
    if fresh.no_room_at is None:
        fresh.no_room_at = now
        fresh.save(update_fields=["no_room_at"])
        news.tell(news.NO_ROOM, fresh, now=now)
    refresh(case, fresh)
    return event


@transaction.atomic
def add_task(
    case: Case,
    title: str,
    *,
    owner: Staff | None = None,
    due_on: date | None = None,
    staff: Staff | None,
    now: datetime,
) -> CaseTask:
    """Something to do for this case. Raises Refused "empty"."""
    if not title.strip():
        raise Refused("empty")
    return CaseTask.objects.create(
        case=case, title=title.strip(), owner=owner, due_on=due_on, made_by=staff, made_at=now
    )


@transaction.atomic
def finish_task(
    task: CaseTask, *, is_done: bool = True, staff: Staff | None, now: datetime
) -> bool:
    """Tick a task off, or take that back; False where somebody was first."""
    changed = CaseTask.objects.filter(pk=task.pk, done_at__isnull=is_done).update(
        done_at=now if is_done else None, done_by=staff if is_done else None
    )
    if changed and is_done:
        write_line(task.case, Happened.TASK_DONE, staff=staff, text=task.title, now=now)
    return bool(changed)


@transaction.atomic
def set_priority(case: Case, priority: Priority, *, staff: Staff | None, now: datetime) -> bool:
    """Let somebody decide how soon; the deadline follows, counted from when the case opened."""
    fresh = locked(case)
    if is_over(fresh):
        raise Refused("closed")
    if fresh.priority == priority:
        return False
    detail: dict[str, Any] = {"priority": [fresh.priority, int(priority)]}
    fresh.priority = priority
    fresh.priority_reasons = [{"because": "by_hand", "about": str(staff or "")}]
    if fresh.contacted_at is None:
        set_moments(fresh, start=fresh.opened_at)
    fresh.save(update_fields=["priority", "priority_reasons", "due_at", "remind_at"])
    write_line(fresh, Happened.EDITED, staff=staff, detail=detail, now=now)
    plan(fresh, now=now)
    refresh(case, fresh)
    return True


def close_case(case: Case, outcome: Outcome, *, staff: Staff | None, now: datetime) -> bool:
    """End a case; False: it was closed already. The person rests as the contact policy says."""
    with transaction.atomic():
        fresh = locked(case)
        if is_over(fresh):
            refresh(case, fresh)
            return False
        fresh.status, fresh.outcome = Status.CLOSED, outcome
        fresh.closed_at, fresh.closed_by = now, staff
        fresh.save(update_fields=["status", "outcome", "closed_at", "closed_by"])
        write_line(fresh, Happened.CLOSED, staff=staff, detail={"outcome": outcome.value}, now=now)
        let_rest(fresh, now=now)
        _record(staff, "case.closed", fresh, now, outcome=outcome.value)
        news.tell(news.CLOSED, fresh, now=now, outcome=outcome.value)
        refresh(case, fresh)
        return True


def reopen_case(case: Case, *, staff: Staff | None = None, why: str = "", now: datetime) -> bool:
    """Take a closed case up again; False: it is open. Raises Refused "another_open"."""
    with transaction.atomic():
        fresh = locked(case)
        if not is_over(fresh):
            refresh(case, fresh)
            return False
        others = Case.objects.filter(person=fresh.person, closed_at=None)
        if fresh.person is not None and others.exists():
            raise Refused("another_open")
        fresh.status = Status.CONTACTED if fresh.contacted_at else Status.OPEN
        fresh.outcome, fresh.closed_at, fresh.closed_by = "", None, None
        fresh.save(update_fields=["status", "outcome", "closed_at", "closed_by"])
        write_line(fresh, Happened.REOPENED, staff=staff, text=why, now=now)
        keep_unasked(fresh, now=now)
        _record(staff, "case.reopened", fresh, now)
        news.tell(news.REOPENED, fresh, now=now)
        plan(fresh, now=now)
        refresh(case, fresh)
        return True


def _record(staff: Staff | None, action: str, case: Case, now: datetime, **detail: Any) -> None:
    audit.record(staff, action, case, detail, organisation=case.organisation, at=now)
