"""What the journal is told about cases, and in which words (a contract with the readers).

The subject is the case's public id. Each entry carries {"months": ["2026-03"]}, the UTC month the
case opened in, and the public ids (or "") of "response", "person", "survey", "touchpoint" and
"team".
"""

from datetime import datetime
from typing import Any

from gloed.base import journal
from gloed.loop.cases.models import Case
from gloed.responses.rules import months_of

OPENED = "case.opened"
JOINED = "case.joined"  # "response" is the answer that joined
ASSIGNED = "case.assigned"
CONTACTED = "case.contacted"  # the customer heard from us for the first time
CAUSED = "case.caused"  # a cause was named or changed
DONE = "case.done"  # what was done was first written down
TOLD = "case.told"  # what the customer was told was first written down
GESTURE = "case.gesture"  # "gesture" says which
NO_ROOM = "case.no_room"
OVERDUE = "case.overdue"  # escalated
CLOSED = "case.closed"  # "outcome" says how
REOPENED = "case.reopened"


def tell(kind: str, case: Case, *, now: datetime, **more: Any) -> None:
    """Append one entry; call it in the transaction of what it tells about."""
    payload = {
        "months": months_of(case.opened_at),
        "response": _id(case.response),
        "person": str(case.person_key or ""),
        "survey": _id(case.survey),
        "touchpoint": _id(case.touchpoint),
        "team": _id(case.team),
    }
    journal.append(
        kind,
        organisation=case.organisation_id,
        subject=case.public_id,
        payload={**payload, **more},
        at=now,
    )


def _id(thing: Any) -> str:
    return str(thing.public_id) if thing is not None else ""
