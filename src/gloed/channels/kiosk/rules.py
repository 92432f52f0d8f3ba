"""What a kiosk brings, and when it was said: decisions on plain values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gloed.channels.in_app.rules import SentAnswers, Unreadable, read_answers, whole_of

MOST_AT_ONCE = 50
OLDEST = timedelta(days=400)
QUIET_FOR = timedelta(minutes=10)
PIN = re.compile(r"[0-9]{4,8}")


@dataclass(frozen=True, slots=True)
class Brought:
    """One answer out of a kiosk's queue, and how long ago it was given."""

    key: str
    sent: SentAnswers
    age: timedelta


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a kiosk brings at once; `unreadable` are the keys of what nobody can read."""

    brought: tuple[Brought, ...]
    unreadable: tuple[str, ...]
    waiting: int


def read_delivery(sent: Mapping[str, Any]) -> Delivery:
    """Read a delivery: each answer by itself, so that a broken one holds up no other.

    The tablet's clock may be wrong; what counts is how long ago, by its own clock, it was given.
    Raises Unreadable when there is no list of answers.
    """
    items = sent.get("answers")
    if not isinstance(items, list) or len(items) > MOST_AT_ONCE:
        raise Unreadable("answers")
    sent_at = whole_of(sent, "sent_at") or 0
    brought, unreadable = [], []
    for item in items:
        if not isinstance(item, dict):
            raise Unreadable("answers")
        key = str(item.get("key", ""))[:64]
        try:
            given_at = whole_of(item, "at")
            age = timedelta(milliseconds=max(sent_at - (given_at or sent_at), 0))
            brought.append(Brought(key, read_answers(item), min(age, OLDEST)))
        except Unreadable:
            unreadable.append(key)
    waiting = min(whole_of(sent, "waiting") or 0, 1_000_000)
    return Delivery(tuple(brought), tuple(unreadable), waiting)


def was_open_then(
    *, is_open: bool, opened_at: datetime | None, closed_at: datetime | None, given_at: datetime
) -> bool:
    """Whether a survey took answers at the moment one was given at the desk.

    An answer that waited for the network is not late: it was given when the survey was open.
    """
    if is_open:
        return True
    return opened_at is not None and closed_at is not None and opened_at <= given_at <= closed_at


def is_silent(heard_at: datetime | None, *, now: datetime) -> bool:
    """Whether nothing was heard of a kiosk for so long that somebody should look."""
    return heard_at is not None and now - heard_at > QUIET_FOR
