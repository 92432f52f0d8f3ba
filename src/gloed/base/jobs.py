"""Work for later: put on the database with `enqueue`, done by a worker process.

A task is a function registered under a stable kind:

    @jobs.task("channels.send_invitation", atomic=False)
    def send_invitation(run: jobs.JobRun) -> None: ...

A job is claimed under a lease that a heartbeat renews. When its worker is killed the lease runs
out and another worker takes the job, so a handler may run more than once and must bear it. With
`atomic=True` the writes of the handler and the mark "done" are one transaction: they happen once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from gloed.base.models import Job, Organisation

DEFAULT_LEASE = timedelta(seconds=30)
RACES = 20
LONGEST_PERIOD = timedelta(days=7)


class Pace(StrEnum):
    """Which work waits for which: one lane never waits for another."""

    SHORT = "short work"
    LONG = "long work"
    OUTWARD = "work outside"  # waits for other machines: mail, text messages, webhooks


class Cancelled(Exception):
    """Somebody cancelled the job; raised by `JobRun.progress`, let it pass."""


class Interrupted(Exception):
    """The worker stops, or another one took the job over; raised by `JobRun.progress`."""


@dataclass(slots=True)
class JobRun:
    """One attempt at a job, as its handler sees it."""

    job: Job
    now: Callable[[], datetime] = timezone.now
    on_progress: Callable[["JobRun"], None] | None = None
    done: int = 0
    total: int | None = None

    @property
    def payload(self) -> dict[str, Any]:
        """What was enqueued."""
        payload: dict[str, Any] = self.job.payload
        return payload

    @property
    def organisation(self) -> Organisation | None:
        """Whose work it is; None for work of the whole installation."""
        return self.job.organisation

    def is_awaited(self) -> bool:
        """Whether work of this pace was put before this one since: leave the rest for later."""
        kinds = REGISTRY.kinds(REGISTRY.get(self.job.kind).pace)
        ahead = Job.objects.filter(state=Job.State.WAITING, finished_at=None, kind__in=kinds)
        return ahead.filter(run_at__lt=self.job.run_at).exists()

    def progress(self, done: int, total: int | None = None) -> None:
        """Tell how far it is. Cheap: call it as often as you like.

        It is written down at most twice a second. Raises Cancelled when somebody cancelled the
        job and Interrupted when the worker stops (the job then waits for its next turn).
        """
        self.done = done
        self.total = self.total if total is None else total
        if self.on_progress is not None:
            self.on_progress(self)


Handler = Callable[[JobRun], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What is known about a kind of job; see `task`."""

    kind: str
    handler: Handler
    max_attempts: int = 8
    lease: timedelta = DEFAULT_LEASE
    atomic: bool = False
    pace: Pace = Pace.SHORT
    period: timedelta | None = None


@dataclass(slots=True)
class Registry:
    """All tasks of this process by kind; rooms fill it from their `tasks` modules."""

    tasks: dict[str, Task] = field(default_factory=dict)

    def add(self, task: Task) -> None:
        """Register a task; a kind means one thing only."""
        if task.kind in self.tasks:
            raise ValueError(f"a task is already registered as {task.kind}")
        self.tasks[task.kind] = task

    def get(self, kind: str) -> Task:
        """Return the task of a kind or raise ValueError."""
        if kind not in self.tasks:
            raise ValueError(f"no task is registered as {kind}")
        return self.tasks[kind]

    def kinds(self, pace: Pace) -> list[str]:
        """Return the kinds of one pace."""
        return [kind for kind, task in self.tasks.items() if task.pace is pace]


REGISTRY = Registry()


def task(
    kind: str,
    *,
    max_attempts: int = 8,
    lease: timedelta = DEFAULT_LEASE,
    atomic: bool = False,
    long: bool = False,
    outward: bool = False,
    every: timedelta | None = None,
) -> Callable[[Handler], Handler]:
    """Register a handler for jobs of `kind`.

    - `atomic`: the handler's writes and "done" are one transaction. Only for short work: on SQLite
      nobody else can write meanwhile.
    - `long`: may take more than a few seconds; runs in a lane of its own, so that short work and
      the journal never wait for it.
    - `outward`: waits for other machines; runs in a lane of its own too, so that mails go out
      while a large import comes in.
    - `every`: the worker keeps one such job scheduled, with an empty payload (at most a week).
    """
    if every is not None and not timedelta() < every <= LONGEST_PERIOD:
        raise ValueError("a schedule recurs within a week")

    def register(handler: Handler) -> Handler:
        pace = Pace.OUTWARD if outward else Pace.LONG if long else Pace.SHORT
        REGISTRY.add(Task(kind, handler, max_attempts, lease, atomic, pace, every))
        return handler

    return register


def enqueue(
    kind: str,
    payload: Mapping[str, Any] | None = None,
    *,
    now: datetime,
    organisation: Organisation | int | None = None,
    run_at: datetime | None = None,
    key: str | None = None,
) -> Job:
    """Put a job down, to run at `run_at` (default: `now`), and return it.

    Called inside a transaction it exists when that commits. While a job with the same `key` waits
    it is returned instead of a second one being made (brought forward if this one is due sooner);
    it cannot start before the caller's transaction ends, so it will see what the caller wrote.
    A running job does not count: it may have read too early.
    """
    job = Job(
        organisation_id=organisation.pk if isinstance(organisation, Organisation) else organisation,
        kind=kind,
        payload=dict(payload or {}),
        key=key,
        run_at=run_at or now,
        max_attempts=REGISTRY.get(kind).max_attempts,
        created_at=now,
    )
    if key is None:
        job.save(force_insert=True)
        return job
    for _ in range(RACES):
        try:
            with transaction.atomic():
                waiting = _waiting_with(key, run_at=job.run_at)
                if waiting is None:
                    job.save(force_insert=True)
                return waiting or job
        except IntegrityError:  # somebody else was first: theirs waits, or runs by now
            job.pk = None
    raise RuntimeError(f"could not enqueue {kind}: its key {key} is taken again and again")


@dataclass(frozen=True, slots=True)
class Wish:
    """One of several jobs to put down: its key, what it is about, and when it is to run."""

    key: str
    payload: Mapping[str, Any]
    run_at: datetime


def enqueue_all(
    kind: str, wishes: Sequence[Wish], *, now: datetime, organisation: Organisation | int | None
) -> None:
    """Put jobs of one kind down with one statement.

    Unlike with `enqueue`, a job that waits under the same key stays as it is: use keys that name
    the moment.
    """
    attempts = REGISTRY.get(kind).max_attempts
    pk = organisation.pk if isinstance(organisation, Organisation) else organisation
    rows = [
        Job(
            organisation_id=pk,
            kind=kind,
            payload=dict(wish.payload),
            key=wish.key,
            run_at=wish.run_at,
            max_attempts=attempts,
            created_at=now,
        )
        for wish in wishes
    ]
    Job.objects.bulk_create(rows, ignore_conflicts=True)


def cancel(job: Job, *, now: datetime) -> bool:
    """Cancel a job that waits or runs; a running one stops at its next sign of progress.

    Returns False when it had already ended.
    """
    live = Job.objects.filter(pk=job.pk, state__in=[Job.State.WAITING, Job.State.RUNNING])
    return bool(live.update(state=Job.State.CANCELLED, finished_at=now, leased_until=None))


def retry(job: Job, *, now: datetime) -> bool:
    """Let a failed job try again from its first attempt. Returns False when it had not failed."""
    failed = Job.objects.filter(pk=job.pk, state=Job.State.FAILED)
    try:
        with transaction.atomic():
            return bool(
                failed.update(state=Job.State.WAITING, run_at=now, attempts=0, finished_at=None)
            )
    except IntegrityError:  # the same work waits already
        return False


def _waiting_with(key: str, *, run_at: datetime) -> Job | None:
    """The waiting job of a key, locked until the caller's transaction ends."""
    waiting = Job.objects.filter(key=key, state=Job.State.WAITING)
    job = waiting.select_for_update().first()
    if job is not None and run_at < job.run_at:
        job.run_at = run_at
        job.save(update_fields=["run_at"])
    return job
