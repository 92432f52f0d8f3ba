"""When somebody is asked because something happened, and when it is too late to."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from gloed.fieldwork.rules.timing import Window, next_opening

LONGEST_KIND = 60
_BETWEEN = re.compile(r"[^\w]+")


def kind_of(text: str) -> str:
    """The kind of an event as it is compared and stored.

    >>> kind_of("Ticket Solved"), kind_of("ticket-solved "), kind_of("Öffnung!")
    ('ticket_solved', 'ticket_solved', 'öffnung')
    """
    return _BETWEEN.sub("_", text.strip().lower()).strip("_")[:LONGEST_KIND].rstrip("_")


@dataclass(frozen=True, slots=True)
class Delay:
    """How long after an event is asked, and how old it may be by then (None: any age).

    `opens` and `closes` are given where people are asked in working hours only.
    """

    after: timedelta = timedelta()
    within: timedelta | None = None
    opens: time | None = None
    closes: time | None = None


def due_moment(
    delay: Delay, *, occurred_at: datetime, now: datetime, zone: str, country: str
) -> datetime:
    """When the ask is due: after the delay, never in the past, in working hours where wanted.

    `zone` is that of the person.
    """
    due = max(occurred_at + delay.after, now)
    if delay.opens is None or delay.closes is None:
        return due
    window = Window(due, 1, delay.opens, delay.closes, zone, country)
    # whole minutes keep what is remembered of the opening hours small
    on_the_minute = due.replace(second=0, microsecond=0)
    return max(next_opening(replace(window, not_before=on_the_minute)), due)


def latest_moment(delay: Delay, *, occurred_at: datetime) -> datetime | None:
    """When it is too late to ask; None where it never is."""
    return None if delay.within is None else occurred_at + delay.within
