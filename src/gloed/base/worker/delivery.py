"""Handing out the journal: at least once, in batches, nobody held up by another's mishap."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from gloed.base import jobs
from gloed.base.journal import SUBSCRIBERS, Handler
from gloed.base.models import JournalEntry
from gloed.base.worker.problems import hide_secrets

BATCH = 500
LEASE = timedelta(seconds=15)
RETRY_KIND = "base.hand_out_again"

logger = logging.getLogger(__name__)


def claim(*, now: datetime, limit: int = BATCH) -> list[JournalEntry]:
    """Take the oldest entries that nobody has handed out and nobody is handing out."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    queue = JournalEntry.objects.filter(free, delivered_at=None)
    if not queue.exists():
        return []
    with transaction.atomic():
        entries = list(queue.select_for_update(skip_locked=True).order_by("id")[:limit])
        renew(entries, now=now)
    return entries


def renew(entries: Sequence[JournalEntry], *, now: datetime) -> None:
    """Extend the lease of entries that are being handed out."""
    undelivered = JournalEntry.objects.filter(delivered_at=None)
    undelivered.filter(pk__in=[entry.pk for entry in entries]).update(leased_until=now + LEASE)


def hand_out(entries: Sequence[JournalEntry], *, now: Callable[[], datetime]) -> None:
    """Give each subscriber its entries; who fails gets them again by a job of its own."""
    failed: list[tuple[str, list[int]]] = []
    for name, (kinds, handler) in list(SUBSCRIBERS.items()):
        mine = [entry for entry in entries if entry.kind in kinds]
        if mine and not _accepted(name, handler, mine):
            failed.append((name, [entry.pk for entry in mine]))
    with transaction.atomic():
        moment = now()
        for name, ids in failed:
            enqueue_again(name, ids, now=moment)
        JournalEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(
            delivered_at=moment, leased_until=None
        )


def enqueue_again(name: str, ids: Sequence[int], *, now: datetime) -> None:
    """Let a subscriber have its entries again, in two halves: so one bad entry ends up alone."""
    middle = (len(ids) + 1) // 2
    for half in (ids[:middle], ids[middle:]):
        if half:
            payload = {"subscriber": name, "entries": list(half)}
            jobs.enqueue(RETRY_KIND, payload, now=now, run_at=now + timedelta(seconds=1))


@jobs.task(RETRY_KIND, max_attempts=12)
def hand_out_again(run: jobs.JobRun) -> None:
    """Give one subscriber the entries it failed on; many that fail together are halved again."""
    name, ids = run.payload["subscriber"], run.payload["entries"]
    if name not in SUBSCRIBERS:
        raise LookupError(f"nobody is subscribed as {name}")
    handler = SUBSCRIBERS[name][1]
    entries = list(JournalEntry.objects.filter(pk__in=ids).order_by("id"))
    if len(entries) == 1:
        handler(entries)
    elif entries and not _accepted(name, handler, entries):
        enqueue_again(name, [entry.pk for entry in entries], now=run.now())


def _accepted(name: str, handler: Handler, entries: Sequence[JournalEntry]) -> bool:
    try:
        handler(entries)
    except Exception as problem:
        logger.warning(
            "%s could not take %d journal entries and gets them again: %s",
            name,
            len(entries),
            hide_secrets(str(problem)),
            exc_info=True,
        )
        return False
    return True
