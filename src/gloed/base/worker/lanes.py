"""The lanes of a worker: the journal, short, long and outward work. Each has its own thread.

`turn` does what is there and tells whether there was anything. `beat` is called every half second
by another thread while a turn lasts: it renews leases, writes progress and notices a cancellation.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from gloed.base.jobs import REGISTRY, Cancelled, Interrupted, JobRun, Pace
from gloed.base.models import Job, JournalEntry
from gloed.base.worker import claims, delivery
from gloed.base.worker.running import attempt

BATCH = 16
PATIENCE = 1.0
"""Seconds after which a lane gives the rest of its batch back, so that others can take it."""

FULL_ENOUGH = 100
"""So many entries make a batch that is worth its round past every subscriber."""
GATHER = 0.25
"""Seconds in which news gathers after a smaller batch."""

Clock = Callable[[], datetime]


class Lane(Protocol):
    """What a thread of the worker turns."""

    name: str
    rest: float
    """Seconds to let work gather after a turn that did something."""

    def turn(self) -> bool:
        """Do what is due; False when there was nothing."""

    def beat(self) -> None:
        """Keep alive what the present turn holds."""


class JournalLane:
    """Hands out the journal."""

    name = "journal"

    def __init__(self, *, now: Clock) -> None:
        self.now = now
        self.rest = 0.0
        self._held: list[JournalEntry] = []
        self._renewed = 0.0

    def turn(self) -> bool:
        """Hand out one batch of entries."""
        entries = delivery.claim(now=self.now())
        self._held, self._renewed = entries, time.monotonic()
        self.rest = 0.0 if len(entries) >= FULL_ENOUGH else GATHER
        try:
            if entries:
                delivery.hand_out(entries, now=self.now)
        finally:
            self._held = []
        return bool(entries)

    def beat(self) -> None:
        """Renew the lease of a batch that takes long."""
        held = self._held
        if held and time.monotonic() - self._renewed > delivery.LEASE.total_seconds() / 3:
            delivery.renew(held, now=self.now())
            self._renewed = time.monotonic()


class JobLane:
    """Does jobs of one pace: short ones in small batches, the others one at a time."""

    def __init__(
        self, pace: Pace, *, worker: str, now: Clock, stopping: threading.Event | None = None
    ) -> None:
        self.name = pace.value
        self.worker = worker
        self.now = now
        self.rest = 0.0
        self._pace = pace
        self._in_batches = pace is Pace.SHORT
        self._stopping = stopping or threading.Event()
        self._since = 0.0
        self._held: dict[int, JobRun] = {}
        self._written: dict[int, tuple[int, int | None]] = {}
        self._gone: dict[int, type[Exception]] = {}

    def turn(self) -> bool:
        """Claim a batch and do it; what there is no time for goes back."""
        kinds = REGISTRY.kinds(self._pace)
        limit = BATCH if self._in_batches else 1
        jobs = claims.claim(kinds, worker=self.worker, now=self.now(), limit=limit)
        self._gone, self._written, self._since = {}, {}, time.monotonic()
        self._held = {
            job.pk: JobRun(job, now=self.now, on_progress=self._on_progress) for job in jobs
        }
        try:
            for run in list(self._held.values()):
                self._do(run)
                self._held.pop(run.job.pk)
        finally:
            self._held = {}
        return bool(jobs)

    def beat(self) -> None:
        """Look whether the held jobs are still ours, renew their leases, write their progress."""
        held = dict(self._held)
        if not held or time.monotonic() - self._since < PATIENCE:
            return
        self._notice_the_gone(held)
        ours = {pk: run for pk, run in held.items() if pk not in self._gone}
        self._renew([run.job for run in ours.values()])
        for pk, run in ours.items():
            now_at = (run.done, run.total)
            if now_at != self._written.get(pk, (0, None)):
                claims.note_progress(run, worker=self.worker)
                self._written[pk] = now_at

    def _do(self, run: JobRun) -> None:
        if run.job.pk in self._gone:
            return
        late = self._in_batches and time.monotonic() - self._since > PATIENCE
        if self._stopping.is_set() or late:
            claims.put_back(run.job, worker=self.worker, now=self.now(), counts=False)
            return
        attempt(run, worker=self.worker, now=self.now)

    def _notice_the_gone(self, held: dict[int, JobRun]) -> None:
        rows = Job.objects.filter(pk__in=held).values_list("pk", "state", "leased_by", "attempts")
        seen = {pk: (state, by, attempts) for pk, state, by, attempts in rows}
        for pk, run in held.items():
            ours = (Job.State.RUNNING, self.worker, run.job.attempts)
            if seen.get(pk) != ours:
                state = seen[pk][0] if pk in seen else Job.State.CANCELLED
                self._gone[pk] = Cancelled if state == Job.State.CANCELLED else Interrupted

    def _renew(self, jobs: list[Job]) -> None:
        soon = [job for job in jobs if self._is_due_for_renewal(job)]
        if soon:
            now = self.now()
            claims.renew(soon, worker=self.worker, now=now)
            for job in soon:
                job.leased_until = now + REGISTRY.get(job.kind).lease

    def _is_due_for_renewal(self, job: Job) -> bool:
        lease = REGISTRY.get(job.kind).lease
        return job.leased_until is None or job.leased_until - self.now() < lease * 2 / 3

    def _on_progress(self, run: JobRun) -> None:
        if (reason := self._gone.get(run.job.pk)) is not None:
            raise reason
        if self._stopping.is_set():
            raise Interrupted
