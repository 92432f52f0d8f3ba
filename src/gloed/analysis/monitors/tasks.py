"""When monitors look: soon after answers came in, and every hour, as weeks end without any."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from gloed.analysis import reports, tasks
from gloed.analysis.monitors import operations
from gloed.analysis.monitors.models import Monitor
from gloed.base import jobs
from gloed.base.models import JournalEntry

KINDS = tasks.KINDS
SOON = timedelta(minutes=1)
"""Answers often come together; a monitor looks at them once."""
RETRY = timedelta(seconds=10)


def look_soon(entries: Sequence[JournalEntry]) -> None:
    """Subscriber of the journal: have the monitors look. Harmless to repeat."""
    now = timezone.now()
    for organisation in _watched({entry.organisation_id for entry in entries}):
        _schedule(organisation, after=SOON, now=now)


@jobs.task("alarms.look", long=True)
def look(run: jobs.JobRun) -> None:
    """Let the monitors of an organisation look, once all answers that came in are counted."""
    organisation = run.organisation
    if organisation is None:
        return
    now = run.now()
    if not reports.is_current(organisation, tasks.KINDS):
        _schedule(organisation.pk, after=RETRY, now=now)
        return
    operations.look(organisation, now=now)


@jobs.task("alarms.round", every=timedelta(hours=1))
def round_of_all(run: jobs.JobRun) -> None:
    """Weeks end by themselves: have every organisation's monitors look."""
    now = run.now()
    for organisation in _watched(None):
        _schedule(organisation, after=timedelta(), now=now)


def _watched(organisations: set[int] | None) -> list[int]:
    live = Monitor.objects.filter(deleted_at=None, paused_at=None)
    if organisations is not None:
        live = live.filter(organisation__in=organisations)
    return sorted(live.values_list("organisation_id", flat=True).distinct().order_by())


def _schedule(organisation: int, *, after: timedelta, now: datetime) -> None:
    jobs.enqueue(
        "alarms.look",
        now=now,
        organisation=organisation,
        run_at=now + after,
        key=f"alarms.look:{organisation}",
    )
