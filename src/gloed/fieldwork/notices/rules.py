"""Who may be told something, under the contact policy, and when."""

from dataclasses import replace
from datetime import datetime, timedelta

from gloed.fieldwork.rules import Ask, Contact, History, Kind, Policy, Skip, reason_to_skip
from gloed.fieldwork.rules.policy import without_asks

REST = timedelta(days=7)
"""Nobody gets two messages within a week; the later one waits."""
LOOK_AGAIN = timedelta(days=1)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 25, 120, 600))


def reason_not_to_tell(policy: Policy, history: History, *, at: datetime) -> Skip | None:
    """Why somebody is not written to, or None.

    What they wished and what we know of their address counts as for an ask. How often they were
    asked does not: a message takes nothing from them. A pause is no reason, see `wait_until`.
    """
    history = replace(history, pause_until=None, quarantine_until=None, offered_at=None)
    ask = Ask(0, Kind.RELATIONSHIP, Contact.EMAIL, at, "email")
    return reason_to_skip(policy, without_asks(history), ask)


def wait_until(history: History, *, at: datetime) -> datetime | None:
    """When to look again at somebody who wants a pause, or is being helped; None: nothing holds.

    A message can wait for that: it is worth as much later. A day at most, for a case may be closed.
    """
    ends = (history.pause_until, history.quarantine_until)
    last = max((end for end in ends if end is not None and at < end), default=None)
    return None if last is None else min(last, at + LOOK_AGAIN)


def first_moment(last: datetime | None, *, now: datetime) -> datetime:
    """When the next message may go to somebody who got the last one then.

    >>> first_moment(None, now=datetime(2026, 3, 2)) == datetime(2026, 3, 2)
    True
    """
    return now if last is None else max(now, last + REST)


def next_attempt(attempts: int, *, now: datetime) -> datetime | None:
    """When to try again after so many attempts in vain; None: never."""
    return now + BACK_OFF[attempts - 1] if 0 < attempts <= len(BACK_OFF) else None
