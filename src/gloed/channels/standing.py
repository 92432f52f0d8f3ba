"""What stands somewhere and asks whoever comes by (kiosks, widgets): changed, away, and back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction

from gloed.base import audit
from gloed.base.models import Organisation, Staff


class Standing(Protocol):
    """A row with a name that can be taken away without being erased."""

    name: Any
    deleted_at: Any

    @property
    def organisation(self) -> Organisation:
        """Whose it is."""

    def save(self, *, update_fields: Iterable[str] | None = None) -> None:
        """Write these columns."""


@transaction.atomic
def keep_changes(
    row: Standing, changed: Mapping[str, Any], *, kind: str, by: Staff | None, now: datetime
) -> None:
    """Give it other fields; nothing is written, and nobody told, where none differs."""
    if changed:
        for name, value in changed.items():
            setattr(row, name, value)
        row.save(update_fields=list(changed))
        _record(row, f"{kind}.changed", {"fields": ", ".join(changed)}, by=by, now=now)


@transaction.atomic
def take_away(row: Standing, *, kind: str, by: Staff | None, now: datetime) -> None:
    """Let it ask nothing more; it can come back as it was."""
    if row.deleted_at is None:
        row.deleted_at = now
        row.save(update_fields=["deleted_at"])
        _record(row, f"{kind}.deleted", {}, by=by, now=now)


@transaction.atomic
def bring_back(row: Standing, *, kind: str, by: Staff | None, now: datetime) -> None:
    """Bring it back as it was."""
    if row.deleted_at is not None:
        row.deleted_at = None
        row.save(update_fields=["deleted_at"])
        _record(row, f"{kind}.restored", {}, by=by, now=now)


def _record(
    row: Standing, action: str, detail: Mapping[str, Any], *, by: Staff | None, now: datetime
) -> None:
    audit.record(by, action, row.name, dict(detail), organisation=row.organisation, at=now)
