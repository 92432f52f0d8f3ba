"""What a provider's answer means for one message: sent, sent again, or never again."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

RESTS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15))


class Fate(StrEnum):
    """What became of handing over one message."""

    SENT = "sent"
    REFUSED = "refused"  # for good: this number or this text
    LATER = "later"  # certainly not taken
    UNCERTAIN = "uncertain"  # it may have been taken


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message. `problem` holds codes alone, never words or numbers.

    `is_ours` tells that the next message would probably fare the same.
    """

    fate: Fate
    problem: str = ""
    is_ours: bool = False


def outcome_of_status(status: int, *, is_understood: bool = True) -> Outcome:
    """What the HTTP status of a provider means.

    Only what surely was not taken is tried again: a wrong key, too many at once, or a provider
    that says it is not there. A gateway that broke off may have passed the message on.

    >>> outcome_of_status(503).fate.value, outcome_of_status(502).fate.value
    ('later', 'uncertain')
    """
    if 200 <= status < 300:
        return Outcome(Fate.SENT) if is_understood else Outcome(Fate.REFUSED, "declined")
    problem = f"http {status}"
    if status in (401, 402, 403, 407) or 300 <= status < 400:
        return Outcome(Fate.LATER, problem, is_ours=True)
    if status in (425, 429, 503):
        return Outcome(Fate.LATER, problem, is_ours=True)
    if status >= 500 or status == 408:
        return Outcome(Fate.UNCERTAIN, problem, is_ours=True)
    return Outcome(Fate.REFUSED, problem)


def rest_after(troubles: int) -> timedelta:
    """How long to leave a provider alone after so many troubles in a row (from 1).

    >>> rest_after(1).seconds, rest_after(99).seconds
    (60, 900)
    """
    return RESTS[min(max(troubles, 1), len(RESTS)) - 1]
