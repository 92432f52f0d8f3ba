"""Letters go with the person they were written to; strays go after a while."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from gloed.base.models import JournalEntry
from gloed.loop.letters.models import FollowUp, Letter, Stray, Thread

KEEP_STRAYS = timedelta(days=30)
CHUNK = 500


def forget_people(entries: Sequence[JournalEntry]) -> None:
    """People were erased: every letter with them goes, and what they said about being helped."""
    keys = [key for entry in entries if (key := _key(entry.subject)) is not None]
    Thread.objects.filter(case__person_key__in=keys).delete()
    FollowUp.objects.filter(case__person_key__in=keys).update(words="", again_at=None)


def tidy(*, now: datetime) -> int:
    """Throw strays away that nobody placed in a month, and drafts left empty; how many went."""
    old = Stray.objects.filter(received_at__lt=now - KEEP_STRAYS, placed=None)
    gone = old.filter(pk__in=list(old.values_list("pk", flat=True)[:CHUNK])).delete()[0]
    empty = Letter.objects.filter(
        state=Letter.State.DRAFT, body="", created_at__lt=now - KEEP_STRAYS
    )
    return gone + empty.delete()[0]


def _key(subject: str) -> UUID | None:
    try:
        return UUID(subject)
    except ValueError:
        return None
