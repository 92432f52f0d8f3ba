"""The files that were made, or came in, and lie in the data folder for a while."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from gloed.base import jobs
from gloed.base.models import Job, Organisation, Staff
from gloed.integrations.exports.refusals import stored_sentence
from gloed.integrations.exports.staging import folder

ARCHIVE: Final = "exports.archive"
TABLE: Final = "exports.table"
BRING_IN: Final = "exports.bring_in"
KEPT_FOR: Final = timedelta(days=7)
LONGEST_WAIT: Final = timedelta(days=2)
UNTIL_WRITTEN: Final = timedelta(hours=1)
"""How long a job waits for its file; `start` brings it forward."""
MOST_SHOWN: Final = 30
AT_WORK: Final = (Job.State.WAITING, Job.State.RUNNING)


@dataclass(frozen=True, slots=True)
class Kept:
    """One piece of work and its file, as the page shows it."""

    job: Job
    by: str
    path: Path
    size: int | None
    refusal: str

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has it in hand, or will have."""
        return self.job.state in AT_WORK

    @property
    def is_ready(self) -> bool:
        """Whether the file lies there."""
        return self.size is not None and self.job.state == Job.State.DONE

    @property
    def has_failed(self) -> bool:
        """Whether it was given up for a reason that nobody expected."""
        return self.job.state == Job.State.FAILED

    @property
    def is_worth_showing(self) -> bool:
        """Whether there is anything to say about it."""
        told = self.refusal or self.job.payload.get("name_here")
        return bool(self.is_at_work or self.is_ready or self.has_failed or told)

    @property
    def until(self) -> datetime | None:
        """When the file goes by itself."""
        ended = self.job.finished_at
        return ended + KEPT_FOR if ended else None

    @property
    def told(self) -> dict[str, Any]:
        """What was asked for, and what came of it."""
        payload: dict[str, Any] = self.job.payload
        return payload


def list_kept(organisation: Organisation, *kinds: str) -> list[Kept]:
    """The newest work of these kinds: what is going on, what lies there, what was refused."""
    rows = Job.objects.filter(organisation=organisation, kind__in=kinds)
    rows = rows.exclude(state=Job.State.CANCELLED).order_by("-pk")[:MOST_SHOWN]
    people = {staff.pk: str(staff) for staff in Staff.objects.filter(pk__in=_makers(rows))}
    found = [_kept(job, people.get(job.payload.get("by"), "")) for job in rows]
    return [one for one in found if one.is_worth_showing]


def find_kept(organisation: Organisation, kind: str, public_id: UUID) -> Kept | None:
    """One of them; nothing where it is of another organisation or kind, or was deleted."""
    job = Job.objects.filter(organisation=organisation, kind=kind, public_id=public_id)
    found = job.exclude(state=Job.State.CANCELLED).first()
    return _kept(found, "") if found else None


def path_of(job: Job) -> Path:
    """Where the file of a job lies, or will lie."""
    if job.kind == BRING_IN:
        return _made(folder() / "incoming") / f"{job.public_id}.zip"
    house = job.organisation.public_id if job.organisation else "none"
    ending = job.payload.get("format", "zip") if job.kind == TABLE else "zip"
    return _made(folder() / str(house)) / f"{job.public_id}.{ending}"


def note(job: Job, **told: Any) -> None:
    """Add to what a job says of itself."""
    job.payload = {**job.payload, **told}
    job.save(update_fields=["payload"])


def start(job: Job, *, now: datetime) -> None:
    """Let the work begin: its file is there."""
    Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(run_at=now)


def throw_away(kept: Kept, *, now: datetime) -> None:
    """Delete the file, or stop the work on it; it is shown no more."""
    jobs.cancel(kept.job, now=now)
    Job.objects.filter(pk=kept.job.pk).update(state=Job.State.CANCELLED)
    kept.path.unlink(missing_ok=True)


def sweep(now: float | None = None) -> int:
    """Delete what lay long enough; how many files went."""
    moment, gone = time.time() if now is None else now, 0
    for path in folder().glob("*/*"):
        longest = LONGEST_WAIT if path.parent.name == "incoming" else KEPT_FOR
        if moment - path.stat().st_mtime > longest.total_seconds():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _kept(job: Job, by: str) -> Kept:
    path = path_of(job)
    size = path.stat().st_size if path.exists() else None
    refused = job.payload.get("refused")
    return Kept(job, by, path, size, stored_sentence(refused) if refused else "")


def _makers(rows: Any) -> set[int]:
    return {job.payload["by"] for job in rows if job.payload.get("by")}


def _made(place: Path) -> Path:
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place
