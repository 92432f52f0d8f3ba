"""What a provider tells of a message after it took it: it arrived, or it will not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gloed.channels.sms.rules.told import Pairs, items_of, told_of

ID_LENGTH = 120
IDS = (
    "messageid",
    "message-id",
    "message_id",
    "messageuuid",
    "message_uuid",
    "msg_id",
    "messagesid",
    "smssid",
    "sid",
    "request_id",
    "batch_id",
    "id",
)
"""How providers call the name of a message, the surest first."""
NUMBERS = ("to", "recipient", "recipient_id", "msisdn", "destination", "mobile", "phone_number")
STATES = frozenset(
    {
        "status",
        "messagestatus",
        "message_status",
        "smsstatus",
        "deliverystatus",
        "delivery_status",
        "dlr_status",
        "status_text",
        "groupname",
        "state",
        "type",
        "event",
        "event_type",
    }
)
_LOST = ("undeliv", "notdeliv", "fail", "reject", "expire", "abort", "bounce")
_LOST_ALONE = frozenset({"deleted", "cancelled", "canceled", "blocked"})
_ARRIVED = frozenset({"delivered", "delivrd", "deliverd", "read"})
_WORD = re.compile(r"[^\W\d_]+")


class Arrival(StrEnum):
    """What a report says; whatever is still on its way says nothing yet."""

    ARRIVED = "arrived"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one message, by what it may be called, and to which numbers it may have gone.

    The surest comes first.
    """

    arrival: Arrival
    ids: tuple[str, ...]
    numbers: tuple[str, ...]


def given_id(reply: bytes) -> str:
    """What a provider calls the message it just took; empty where it does not say.

    >>> given_id(b'{"account_sid": "AC1", "sid": "SM2", "status": "queued"}')
    'SM2'
    """
    named = [pair for item in items_of(told_of(reply)) for pair in item]
    return next(iter(_values(named, IDS)), "")


def read_reports(body: bytes, content_type: str, query: str = "") -> list[Report]:
    """The reports of arrival in what a provider sends; none where it is about something else."""
    found = []
    for item in items_of(told_of(body, content_type, query)):
        arrival = next(filter(None, (_arrival(*pair) for pair in item)), None)
        if arrival is not None:
            found.append(Report(arrival, _values(item, IDS), _values(item, NUMBERS)))
    return found


def _values(pairs: Sequence[tuple[str, str]] | Pairs, names: Sequence[str]) -> tuple[str, ...]:
    """What is said below these names, in their order, each once."""
    said = (value for wanted in names for name, value in pairs if name == wanted)
    return tuple(dict.fromkeys(value[:ID_LENGTH] for value in said if value.strip()))


def _arrival(name: str, value: str) -> Arrival | None:
    if name not in STATES:
        return None
    words = {word.lower() for word in _WORD.findall(value)}
    if words & _LOST_ALONE or {"not", "delivered"} <= words:
        return Arrival.LOST
    if any(word.startswith(_LOST) or word.endswith(("failed", "failure")) for word in words):
        return Arrival.LOST
    return Arrival.ARRIVED if words & _ARRIVED else None
