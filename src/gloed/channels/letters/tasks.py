"""Work for the worker: letters out, and answers in."""

from collections.abc import Sequence
from datetime import timedelta

from gloed.base import jobs
from gloed.base.models import JournalEntry
from gloed.channels.letters import fetching, sending
from gloed.loop.letters.operations.writing import UNDO_WITHIN

SEND, FETCH = "letterbox.send", "letterbox.fetch"
ROUND = timedelta(seconds=30)


@jobs.task(SEND, outward=True, every=timedelta(seconds=30), lease=timedelta(minutes=2))
def send(run: jobs.JobRun) -> None:
    """Hand over the letters whose moment has come."""
    sending.send_due(now=run.now, within=ROUND)


@jobs.task(FETCH, outward=True, every=timedelta(minutes=1), lease=timedelta(minutes=2))
def fetch(run: jobs.JobRun) -> None:
    """Look into the mailboxes for answers."""
    fetching.fetch_all(now=run.now)


def send_soon(entries: Sequence[JournalEntry]) -> None:
    """A letter is ready: send it when the moment to take it back has passed."""
    at = max(entry.at for entry in entries)
    jobs.enqueue(SEND, now=at, run_at=at + UNDO_WITHIN, key=f"{SEND}:soon")
