"""When to try again, what an endpoint wants, how a body looks: decisions on plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class News(StrEnum):
    """What can be told."""

    RESPONSE_CREATED = "response.created"
    RESPONSE_UPDATED = "response.updated"
    RESPONSE_DELETED = "response.deleted"
    INVITATION_SENT = "invitation.sent"
    INVITATION_BOUNCED = "invitation.bounced"
    PERSON_UNSUBSCRIBED = "person.unsubscribed"
    PERSON_ERASED = "person.erased"
    CASE_OPENED = "case.opened"
    CASE_OVERDUE = "case.overdue"
    CASE_CLOSED = "case.closed"
    IMPORT_FINISHED = "import.finished"
    ALERT_RAISED = "alert.raised"


DELAYS = (
    timedelta(),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after one try comes the next; after the last one it is given up."""
LONGEST_WAIT = timedelta(hours=24)
JITTER = 0.1
LARGEST = 20_000
"""Bytes of a body; a text that is longer is cut, and a link leads to all of it."""
GONE, SLOW_DOWN = 410, frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a delivery after a try."""

    is_delivered: bool = False
    next_at: datetime | None = None  # None: no further try
    ends_endpoint: bool = False


def judge(
    status: int | None, *, attempts: int, retry_after: str = "", now: datetime, draw: float | None
) -> Verdict:
    """After try number `attempts`: delivered on 2xx only; 410 ends the endpoint, so does the last.

    `status` is None without an answer; `draw` (0 to 1) spreads the tries, None does not.

    >>> from datetime import UTC
    >>> now = datetime(2026, 3, 1, tzinfo=UTC)
    >>> judge(500, attempts=1, now=now, draw=None).next_at - now
    datetime.timedelta(seconds=5)
    """
    if status is not None and 200 <= status < 300:
        return Verdict(is_delivered=True)
    if status == GONE or attempts >= len(DELAYS):
        return Verdict(ends_endpoint=True)
    wait = DELAYS[attempts]
    wait += wait * JITTER * (draw or 0.0)
    if status in SLOW_DOWN and retry_after.isascii() and retry_after.isdigit():
        wait = max(wait, min(timedelta(seconds=int(retry_after[:9])), LONGEST_WAIT))
    return Verdict(next_at=now + wait)


@dataclass(frozen=True, slots=True)
class Wish:
    """What an endpoint wants to hear of; empty sets stand for everything."""

    news: frozenset[str] = frozenset()
    bands: frozenset[str] = frozenset()
    surveys: frozenset[str] = frozenset()

    def covers(self, news: str, *, band: str = "", survey: str = "") -> bool:
        """Whether this is among it; what has no band or survey is not held back by them."""
        return (
            (not self.news or news in self.news)
            and (not self.bands or not band or band in self.bands)
            and (not self.surveys or not survey or survey in self.surveys)
        )


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of news, ready to be written down for an endpoint."""

    news: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


def flat(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same without depth: names joined by a line, lists by commas.

    >>> flat({"id": "a", "person": {"name": "Anna"}, "tags": ["x", "y"], "none": None})
    {'id': 'a', 'person_name': 'Anna', 'tags': 'x, y', 'none': None}
    """
    found: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, Mapping):
            found |= {f"{name}_{inner}": one for inner, one in flat(value).items()}
        elif isinstance(value, list | tuple):
            found[name] = ", ".join(str(one) for one in value)
        else:
            found[name] = value
    return found
