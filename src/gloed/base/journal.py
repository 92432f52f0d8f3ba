"""News travels upwards through the journal.

An operation appends in its own transaction; the worker hands entries to the subscribers of higher
rooms in batches, in the order of their ids. Handing out is at least once, and two workers may hand
out two batches at the same time, so every subscriber must be idempotent and must read the record
for the present truth. A subscriber that fails is tried again on its own and holds nobody up; work
that is slow or leaves the house (mail, webhooks) belongs in a job that the subscriber enqueues.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from gloed.base import bulk
from gloed.base.models import JournalEntry, Organisation

Handler = Callable[[Sequence[JournalEntry]], None]

# the columns of one entry; every answer writes one, so it goes round the ORM
_COLUMNS = ("organisation_id", "kind", "subject", "payload", "at")
SUBSCRIBERS: dict[str, tuple[frozenset[str], Handler]] = {}


def append(
    kind: str,
    *,
    organisation: Organisation | int,
    subject: object,
    at: datetime,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry. Call it inside the transaction of what it tells about."""
    row = (
        organisation if isinstance(organisation, int) else organisation.pk,
        kind,
        str(subject),
        bulk.as_json(payload or {}),
        bulk.moment(at),
    )
    bulk.append_rows(JournalEntry, _COLUMNS, [row])


def append_many(
    kind: str,
    *,
    organisation: Organisation | int,
    subjects: Iterable[object],
    at: datetime,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry per subject with few statements, all with the same kind and payload."""
    pk = organisation if isinstance(organisation, int) else organisation.pk
    shared = dict(payload or {})
    entries = (
        JournalEntry(organisation_id=pk, kind=kind, subject=str(subject), payload=shared, at=at)
        for subject in subjects
    )
    JournalEntry.objects.bulk_create(entries, batch_size=500)


def subscribe(name: str, kinds: Sequence[str], handler: Handler) -> None:
    """Register a subscriber under a stable name; called from a room's AppConfig.ready.

    The name stands in the retry jobs on the database: renaming it strands those.
    """
    if name in SUBSCRIBERS and SUBSCRIBERS[name][1] is not handler:
        raise ValueError(f"a subscriber is already registered as {name}")
    SUBSCRIBERS[name] = (frozenset(kinds), handler)
