"""Recurring work of this room: what is over and done with is cleaned up."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from gloed.base import jobs
from gloed.base.models import Job, JournalEntry
from gloed.base.worker import delivery

KEEP_DONE_JOBS = timedelta(days=8)
KEEP_FAILED_JOBS = timedelta(days=90)
KEEP_DELIVERED = timedelta(days=30)
CHUNK = 1000

hand_out_again = delivery.hand_out_again  # registered with the jobs by being imported


@jobs.task("base.clean_up", every=timedelta(hours=1))
def clean_up(run: jobs.JobRun) -> None:
    """Delete old jobs, delivered journal entries and expired sessions, a chunk at a time."""
    now = run.now()
    removed = 0
    for next_chunk in (old_jobs, delivered_entries, expired_sessions):
        while found := _delete(next_chunk, now=now):
            removed += found
            run.progress(removed)
            if found < CHUNK:
                break


def old_jobs(now: datetime) -> QuerySet[Job]:
    """Jobs done over a week ago, and failed or cancelled ones of a season ago."""
    done = Q(state=Job.State.DONE, finished_at__lt=now - KEEP_DONE_JOBS)
    ended = Q(
        state__in=[Job.State.FAILED, Job.State.CANCELLED], finished_at__lt=now - KEEP_FAILED_JOBS
    )
    return Job.objects.filter(done | ended)


def delivered_entries(now: datetime) -> QuerySet[JournalEntry]:
    """Journal entries that were handed out a month ago, among the oldest ones.

    Only the oldest are looked at: ids rise with time, and no index is kept for this.
    """
    oldest = JournalEntry.objects.order_by("id").values_list("id", flat=True)[:CHUNK]
    return JournalEntry.objects.filter(pk__in=list(oldest), delivered_at__lt=now - KEEP_DELIVERED)


def expired_sessions(now: datetime) -> QuerySet[Session]:
    """Log-ins that have run out."""
    return Session.objects.filter(expire_date__lt=now)


def _delete(chunk: Callable[[datetime], QuerySet], *, now: datetime) -> int:  # type: ignore[type-arg]  # of any model
    rows = chunk(now)
    keys = list(rows.values_list("pk", flat=True)[:CHUNK])
    if keys:
        rows.model._default_manager.filter(pk__in=keys).delete()
    return len(keys)
