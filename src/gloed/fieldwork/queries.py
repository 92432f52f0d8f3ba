"""Reading invitations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gloed.fieldwork.models import Invitation


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """An invitation as a door needs it, with the attributes of the person as they are now."""

    id: int
    survey_id: int
    person_id: int | None
    channel: str
    language: str
    disposition: str
    expires_at: datetime | None
    attributes: dict[str, Any]


_COLUMNS = (
    "id",
    "survey_id",
    "person_id",
    "channel",
    "disposition",
    "expires_at",
    "attributes",
    "person__language",
    "person__attributes",
)


def find_invitation(token: str) -> AskedPerson | None:
    """The invitation of a token, or nothing."""
    asked = Invitation.objects.exclude(disposition=Invitation.Disposition.SKIPPED)
    row = asked.filter(token=token).values(*_COLUMNS).first()
    if row is None:
        return None
    own = row.pop("person__attributes") or {}
    language = row.pop("person__language") or ""
    return AskedPerson(**{**row, "language": language, "attributes": {**own, **row["attributes"]}})
