"""What the journal tells: who was erased, and which answers were removed with their persons."""

from collections.abc import Sequence

from django.utils import timezone

from gloed.analysis.passives import forgetting
from gloed.base.models import JournalEntry

KINDS = ("person.erased", "responses.removed")


def hear(entries: Sequence[JournalEntry]) -> None:
    """Subscriber of the journal. Harmless twice."""
    now = timezone.now()
    for entry in entries:
        if entry.kind == "person.erased":
            forgetting.forget(entry.organisation_id, entry.subject, now=now)
    for organisation in {one.organisation_id for one in entries if one.kind == KINDS[1]}:
        forgetting.tidy(organisation, now=now)
