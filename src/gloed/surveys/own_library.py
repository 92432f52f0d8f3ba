"""An organisation's own library: keeping, changing and removing wordings."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.surveys.library import Entry, read_entry
from gloed.surveys.models import OwnWording

PREFIX = "own-"


def list_own(organisation: Organisation) -> QuerySet[OwnWording]:
    """The wordings an organisation kept, newest first."""
    return OwnWording.objects.filter(organisation=organisation, deleted_at=None)


def entry_of(wording: OwnWording) -> Entry:
    """A kept wording as an entry of the library."""
    return read_entry({"id": f"{PREFIX}{wording.public_id}", **wording.entry})


@transaction.atomic
def keep_wording(
    organisation: Organisation,
    *,
    entry: Mapping[str, Any],
    note: str = "",
    wording: OwnWording | None = None,
    by: Staff | None = None,
    now: datetime,
) -> OwnWording:
    """Keep a wording, or change one that was kept; surveys that use it keep their copy."""
    kept = wording or OwnWording(organisation=organisation, created_at=now)
    kept.kind, kept.note, kept.entry, kept.changed_at = entry["kind"], note, dict(entry), now
    kept.save()
    _audit(kept, "library.kept", by, now)
    return kept


@transaction.atomic
def remove_wording(wording: OwnWording, *, by: Staff | None = None, now: datetime) -> None:
    """Take a wording out of the library; `restore_wording` brings it back."""
    wording.deleted_at = now
    wording.save(update_fields=["deleted_at"])
    _audit(wording, "library.removed", by, now)


@transaction.atomic
def restore_wording(wording: OwnWording, *, by: Staff | None = None, now: datetime) -> None:
    """Undo `remove_wording`."""
    wording.deleted_at = None
    wording.save(update_fields=["deleted_at"])
    _audit(wording, "library.restored", by, now)


def _audit(wording: OwnWording, action: str, by: Staff | None, now: datetime) -> None:
    if by is None:
        return
    words = entry_of(wording).in_language(by.language or "en")
    audit.record(by, action, words.text, {}, organisation=wording.organisation, at=now)
