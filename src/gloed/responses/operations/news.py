"""What the journal is told about responses, and in which words (a contract with the readers).

Each entry carries {"months": ["2026-03", ...]}: the UTC months of `responded_at` before and after
the change, "undated" where there is none; "survey" is the public id where it is about one.
"""

from collections.abc import Iterable
from datetime import datetime

from gloed.base import journal
from gloed.responses.rules import months_of

RECORDED = "response.recorded"
UPDATED = "response.updated"
WITHDRAWN = "response.withdrawn"
IMPORTED = "responses.imported"
REMOVED = "responses.removed"
PERSON_ERASED = "person.erased"


def tell(
    kind: str,
    *,
    organisation: int,
    subject: object,
    moments: Iterable[datetime | None],
    survey: object = None,
    now: datetime,
) -> None:
    """Append one entry; call it in the transaction of what it tells about."""
    payload: dict[str, object] = {"months": months_of(*moments)}
    if survey is not None:
        payload["survey"] = str(survey)
    journal.append(kind, organisation=organisation, subject=subject, at=now, payload=payload)
