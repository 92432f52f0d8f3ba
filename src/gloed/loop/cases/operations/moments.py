"""When a case is due: working hours, and the jobs that wake up at the right minute."""

from datetime import datetime, timedelta

from gloed.base import jobs
from gloed.base.models import Organisation
from gloed.loop.cases.models import Case, CaseSettings
from gloed.loop.cases.rules import WorkingHours, after, before

WAKE = "cases.wake"
"""The job that looks whether a case must be reminded of or escalated."""


def settings_of(organisation: Organisation) -> CaseSettings:
    """The settings that hold; those that come with Gloed where nothing was kept."""
    found = CaseSettings.objects.filter(organisation=organisation).first()
    return found or CaseSettings(organisation=organisation)


def hours_of(settings: CaseSettings) -> WorkingHours:
    """The working hours of an organisation, on its own clock."""
    return WorkingHours(
        weekdays=frozenset(settings.weekdays),
        opens=settings.opens,
        closes=settings.closes,
        zone=settings.organisation.time_zone,
        country=settings.country,
    )


def set_moments(case: Case, *, start: datetime, settings: CaseSettings | None = None) -> None:
    """Work out when a case is due and when its owner is reminded; does not save.

    A reminder that would come before the case itself is left out.
    """
    settings = settings or settings_of(case.organisation)
    hours = hours_of(settings)
    case.due_at = after(hours, start, timedelta(hours=settings.hours()[case.priority]))
    case.remind_at = None
    if settings.remind_hours:
        remind_at = before(hours, case.due_at, timedelta(hours=settings.remind_hours))
        case.remind_at = remind_at if remind_at > start else None


def plan(case: Case, *, now: datetime) -> None:
    """Have a worker wake up at the moments of an open case. Harmless to repeat.

    Who wakes up looks at the case again, so a moment that was moved does no harm.
    """
    if case.closed_at is not None:
        return
    moments = {"remind": case.remind_at, "due": case.due_at}
    head = f"{WAKE}:{case.pk}"
    wishes = [
        jobs.Wish(f"{head}:{name}:{int(moment.timestamp())}", {"case": case.pk}, moment)
        for name, moment in moments.items()
        if moment is not None
    ]
    jobs.enqueue_all(WAKE, wishes, now=now, organisation=case.organisation_id)
