"""What the journal is told about letters, and in which words (a contract with the readers).

The subject is the letter's public id; the payload holds the case's public id and nothing of what
was written.
"""

from datetime import datetime
from typing import Any

from gloed.base import journal
from gloed.loop.letters.models import Letter

READY = "letter.ready"  # one of ours waits to be sent
SENT = "letter.sent"
RECEIVED = "letter.received"
BOUNCED = "letter.bounced"
SOLVED = "letter.solved"  # the customer said whether it is solved; "answer" says what


def tell(kind: str, letter: Letter, *, now: datetime, **more: Any) -> None:
    """Append one entry; call it in the transaction of what it tells about."""
    journal.append(
        kind,
        organisation=letter.organisation_id,
        subject=letter.public_id,
        payload={"case": str(letter.thread.case.public_id), **more},
        at=now,
    )
