"""What a mail server's answer means, and the names a mail goes by: decisions on plain values."""

import re
from enum import StrEnum
from uuid import UUID

from gloed.channels.outcomes import Fate, Outcome

_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
MOST_TROUBLES = 3
"""So many mails in a row that failed through no fault of their address: the server needs a rest."""


class Stage(StrEnum):
    """How far handing over had come when the server answered."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    BODY = "body"


def outcome_of(stage: Stage, code: int, text: str) -> Outcome:
    """What a refusal means (RFC 5321 and the enhanced codes of RFC 3463).

    >>> outcome_of(Stage.RECIPIENT, 550, "5.1.1 no such user").fate.value
    'bounced'
    >>> outcome_of(Stage.RECIPIENT, 450, "4.2.0 greylisted").fate.value
    'later'
    """
    found = _ENHANCED.search(text)
    enhanced = found.group() if found else ""
    problem = f"{code} {enhanced}".strip()
    is_permanent = 500 <= code < 600
    if stage is Stage.RECIPIENT:
        if not is_permanent:
            return Outcome(Fate.LATER, problem, is_ours=code == 421)
        # a full mailbox, or a rule of theirs about us, says nothing against the address
        is_about_us = code == 552 or enhanced.startswith("5.7.") or enhanced == "5.2.2"
        return Outcome(Fate.REFUSED if is_about_us else Fate.BOUNCED, problem)
    if stage is Stage.BODY and is_permanent:
        return Outcome(Fate.REFUSED, problem, is_ours=True)
    return Outcome(Fate.LATER, problem, is_ours=True)


def message_id(invitation: UUID, reminder: int, domain: str) -> str:
    """The Message-ID of an invitation's mail: always the same for the same mail."""
    return f"<{invitation.hex}.{reminder}@{domain}>"


def one_line(text: str) -> str:
    """Text that may stand in a header."""
    return " ".join(text.split())
