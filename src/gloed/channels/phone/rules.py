"""How long a person is kept for one caller, and what becomes of a call: plain values."""

from datetime import datetime, timedelta
from enum import StrEnum

HELD = timedelta(minutes=20)
"""So long a person is kept for the colleague who has them on the screen."""
AGAIN = timedelta(hours=3)
MOST_TRIES = 4


class Outcome(StrEnum):
    """What became of one attempt. Stored: never rename one."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    CALL_BACK = "call_back"
    REFUSED = "refused"
    NO_MORE = "no_more"
    WRONG_NUMBER = "wrong_number"
    GIVEN_BACK = "given_back"


def next_try(tries: int, *, now: datetime) -> datetime | None:
    """When somebody who did not pick up is called again; None after the last try.

    >>> next_try(4, now=datetime.min) is None
    True
    """
    return None if tries >= MOST_TRIES else now + AGAIN


def dialled(number: str) -> str:
    """A number as a telephone dials it: digits, and a plus in front.

    >>> dialled("06 - 12 34 56 78"), dialled("+31 (0)20 123")
    ('0612345678', '+3120123')
    """
    text = number.strip().replace("(0)", "")
    digits = "".join(sign for sign in text if sign.isdecimal() and sign.isascii())
    return f"+{digits}" if text.startswith("+") else digits
