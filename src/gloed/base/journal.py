"""News travels upwards through the journal.

An operation appends in its own transaction; the worker hands entries to the subscribers of higher
rooms in batches. Handing out is at least once, so every subscriber must be idempotent.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from gloed.base.models import JournalEntry, Organisation

Handler = Callable[[Sequence[JournalEntry]], None]

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
    JournalEntry.objects.create(
        organisation_id=organisation if isinstance(organisation, int) else organisation.pk,
        kind=kind,
        subject=str(subject),
        payload=dict(payload or {}),
        at=at,
    )


def subscribe(name: str, kinds: Sequence[str], handler: Handler) -> None:
    """Register a subscriber under a stable name; called from a room's AppConfig.ready."""
    SUBSCRIBERS[name] = (frozenset(kinds), handler)
