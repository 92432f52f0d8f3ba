"""Who holds which job: claiming under a lease, renewing it, and letting go.

Every change is conditional on still holding the job (same worker, same attempt), so that a worker
that lost its lease can no longer say anything about it.
"""

import random
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from gloed.base.jobs import REGISTRY, JobRun
from gloed.base.models import Job

FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(hours=1)


def claim(kinds: Collection[str], *, worker: str, now: datetime, limit: int) -> list[Job]:
    """Take up to `limit` jobs that are due, the oldest first; also those of a dead worker."""
    queue = due(kinds, now=now)
    if not queue.exists():
        return []
    with transaction.atomic():
        found = list(queue.select_for_update(skip_locked=True).order_by("run_at", "id")[:limit])
        worn_out = [job for job in found if job.attempts >= job.max_attempts]
        _give_up(worn_out, now=now)
        jobs = [job for job in found if job.attempts < job.max_attempts]
        _lease(jobs, worker=worker, now=now)
    return jobs


def due(kinds: Collection[str], *, now: datetime) -> QuerySet[Job]:
    """The jobs whose time has come, and those whose lease ran out."""
    waiting = Q(state=Job.State.WAITING, run_at__lte=now)
    abandoned = Q(state=Job.State.RUNNING, leased_until__lt=now)
    # `finished_at` repeats what the partial index says, or SQLite would not use it
    return Job.objects.filter(waiting | abandoned, finished_at=None, kind__in=kinds)


def holding(jobs: Collection[Job], *, worker: str) -> QuerySet[Job]:
    """The rows among `jobs` that this worker holds still."""
    held = Q(pk__in=())
    for job in jobs:
        held |= Q(pk=job.pk, attempts=job.attempts)
    return Job.objects.filter(held, state=Job.State.RUNNING, leased_by=worker)


def renew(jobs: Collection[Job], *, worker: str, now: datetime) -> None:
    """Extend the leases that this worker holds still."""
    if jobs:
        lease = max(REGISTRY.get(job.kind).lease for job in jobs)
        holding(jobs, worker=worker).update(leased_until=now + lease)


def note_progress(run: JobRun, *, worker: str) -> None:
    """Write down how far a job is."""
    holding([run.job], worker=worker).update(progress_done=run.done, progress_total=run.total)


def finish(run: JobRun, *, worker: str, now: datetime) -> bool:
    """Mark a job done. Returns False when another worker took it over, or it was cancelled."""
    return bool(
        holding([run.job], worker=worker).update(
            state=Job.State.DONE,
            finished_at=now,
            leased_until=None,
            problem="",
            progress_done=run.done,
            progress_total=run.total,
        )
    )


def put_back(job: Job, *, worker: str, now: datetime, counts: bool, problem: str = "") -> None:
    """Let a job wait for another turn; `counts` when this attempt counts as one.

    Where the same work was enqueued anew meanwhile, that job does it and this one ends.
    """
    attempts = job.attempts if counts else job.attempts - 1
    run_at = job.run_at
    if counts:
        run_at = now + retry_delay(job.attempts, chance=random.random())  # noqa: S311 - spreads load
    mine = holding([job], worker=worker)
    try:
        with transaction.atomic():
            mine.update(
                state=Job.State.WAITING,
                attempts=attempts,
                run_at=run_at,
                leased_until=None,
                problem=problem,
            )
    except IntegrityError:
        mine.update(
            state=Job.State.CANCELLED,
            finished_at=now,
            leased_until=None,
            problem=f"The same work was enqueued again and goes on there. {problem}".strip(),
        )


def fail(job: Job, *, worker: str, now: datetime, problem: str) -> None:
    """An attempt went wrong: try again later, or give up after the last one."""
    if job.attempts < job.max_attempts:
        put_back(job, worker=worker, now=now, counts=True, problem=problem)
        return
    holding([job], worker=worker).update(
        state=Job.State.FAILED, finished_at=now, leased_until=None, problem=problem
    )


def retry_delay(attempts: int, *, chance: float) -> timedelta:
    """The wait after so many attempts: 2, 6, 18 ... seconds to an hour, less up to a third.

    `chance` lies in [0, 1) and spreads what failed together.
    """
    delay = min(FIRST_DELAY * int(3 ** min(attempts - 1, 20)), LONGEST_DELAY)
    return delay * (1 - chance / 3)


def _lease(jobs: Sequence[Job], *, worker: str, now: datetime) -> None:
    if not jobs:
        return
    until = now + max(REGISTRY.get(job.kind).lease for job in jobs)
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(
        state=Job.State.RUNNING,
        attempts=F("attempts") + 1,
        leased_by=worker,
        leased_until=until,
        started_at=now,
        progress_done=0,
        progress_total=None,
    )
    for job in jobs:
        job.state, job.attempts = Job.State.RUNNING, job.attempts + 1
        job.leased_by, job.leased_until, job.started_at = worker, until, now


def _give_up(jobs: Sequence[Job], *, now: datetime) -> None:
    if jobs:
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(
            state=Job.State.FAILED,
            finished_at=now,
            leased_until=None,
            problem="The worker stopped in the middle of it, each time it was tried.",
        )
