"""What became of handing one message to whoever carries it, by mail or by telephone.

Decisions on plain values: no Django, no clock.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

RESTS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15))


class Fate(StrEnum):
    """What became of handing over one message."""

    SENT = "sent"
    BOUNCED = "bounced"  # the address takes nothing, now or ever
    REFUSED = "refused"  # this message is not taken; the address may be fine
    LATER = "later"  # certainly not taken
    UNCERTAIN = "uncertain"  # it may have been taken


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message. `problem` holds codes alone, never words: those name people.

    `is_ours` tells that the next message would probably fare the same; `given_id` is how whoever
    took it calls it from then on, where they say so.
    """

    fate: Fate
    problem: str = ""
    is_ours: bool = False
    given_id: str = ""


def rest_after(troubles: int) -> timedelta:
    """How long to leave a server alone after so many troubles in a row (from 1).

    >>> rest_after(1).seconds, rest_after(99).seconds
    (60, 900)
    """
    return RESTS[min(max(troubles, 1), len(RESTS)) - 1]
