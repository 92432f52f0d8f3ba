"""Reminders and escalation: once each, at their minute, as long as the customer heard nothing."""

from datetime import datetime

from django.db import transaction

from gloed.base import jobs
from gloed.base.models import Membership, Staff
from gloed.base.rules import Role
from gloed.loop.cases import news
from gloed.loop.cases.models import Case
from gloed.loop.cases.operations.moments import settings_of
from gloed.loop.cases.operations.story import locked, write_line
from gloed.loop.cases.rules import Happened, Status

MAIL = "cases.mail"
"""The job that mails a colleague about a case."""


def wake(case_id: int, *, now: datetime) -> list[Happened]:
    """Remind of a case, or escalate it, when its moment has come; what was done.

    Both are claimed in the transaction that writes them down, so they happen once however often
    and by however many workers this is called. A moment that was moved to later does nothing yet.
    """
    done = []
    with transaction.atomic():
        case = Case.objects.filter(pk=case_id, status=Status.OPEN).first()
        if case is None:
            return []
        case = locked(case)
        if case.status != Status.OPEN:
            return []
        if _is_due(case.due_at, case.escalated_at, now):
            _escalate(case, now=now)
            done.append(Happened.ESCALATED)
        elif case.escalated_at is None and _is_due(case.remind_at, case.reminded_at, now):
            _remind(case, now=now)
            done.append(Happened.REMINDED)
    return done


def overdue_for_waking(now: datetime) -> list[int]:
    """Open cases whose moment passed without anybody waking up, after hours were changed, say."""
    waiting = Case.objects.filter(status=Status.OPEN)
    late = waiting.filter(due_at__lte=now, escalated_at=None)
    soon = waiting.filter(remind_at__lte=now, reminded_at=None, escalated_at=None)
    return sorted({*late.values_list("pk", flat=True), *soon.values_list("pk", flat=True)})


def mail_about(case: Case, staff: Staff, what: str, *, now: datetime, event: int = 0) -> None:
    """Have a colleague told by mail; twice the same is told once while it waits."""
    jobs.enqueue(
        MAIL,
        {"case": case.pk, "staff": staff.pk, "what": what, "event": event},
        now=now,
        organisation=case.organisation_id,
        key=f"{MAIL}:{what}:{case.pk}:{staff.pk}:{event}",
    )


def who_hears_of(case: Case) -> list[Staff]:
    """Whom an overdue case goes to: who is named in the settings, else managers, else owners."""
    named = settings_of(case.organisation).escalate_to
    if named is not None and named.deactivated_at is None:
        return [named.staff]
    active = Membership.objects.filter(
        organisation=case.organisation_id, deactivated_at=None, staff__is_active=True
    ).select_related("staff")
    for role in (Role.MANAGER, Role.OWNER):
        found = [one.staff for one in active.filter(role=role).order_by("pk")]
        if found:
            return found
    return []


def _is_due(moment: datetime | None, done: datetime | None, now: datetime) -> bool:
    return moment is not None and done is None and moment <= now


def _remind(case: Case, *, now: datetime) -> None:
    case.reminded_at = now
    case.save(update_fields=["reminded_at"])
    write_line(case, Happened.REMINDED, detail={"to": str(case.owner or "")}, now=now)
    if case.owner is not None:
        mail_about(case, case.owner, "reminded", now=now)


def _escalate(case: Case, *, now: datetime) -> None:
    case.escalated_at = now
    case.save(update_fields=["escalated_at"])
    heard = who_hears_of(case)
    detail = {"to": ", ".join(str(one) for one in heard)}
    write_line(case, Happened.ESCALATED, detail=detail, now=now)
    for staff in dict.fromkeys([*heard, *([case.owner] if case.owner else [])]):
        mail_about(case, staff, "escalated", now=now)
    news.tell(news.OVERDUE, case, now=now)
