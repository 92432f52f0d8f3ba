"""What a mail provider's news of one mail means for its invitation: decisions on plain values."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

_OURS = re.compile(r"<?(?P<key>[0-9a-f]{32})\.(?P<number>\d)@[^<>\s]+>?")
_ABOUT_THE_ADDRESS = frozenset({"bounced", "invalid"})
_SOFT_TYPES = frozenset({"SoftBounce", "Transient", "Undetermined", "Temporary"})
_SOFT_EVENTS = frozenset({"soft_bounce", "deferred", "deferral"})
_HARD_CLASSES = frozenset({"10", "30"})  # SparkPost: invalid recipient, no such mailbox


class News(StrEnum):
    """What became of a mail after it was handed over."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"  # the address takes no mail, now or ever
    COMPLAINED = "complained"
    LEFT = "left"  # unsubscribed at the provider
    LOST = "lost"  # did not arrive, through no fault of the address


def meaning(event: str, reason: str, raw: Mapping[str, Any]) -> News | None:
    """What an event means, by anymail's names for event and reason; None: nothing to write down.

    Opens and clicks tell nothing that we want to know: mail programs and scanners make them too.

    >>> meaning("bounced", "bounced", {"Type": "HardBounce"}).value
    'bounced'
    >>> meaning("bounced", "bounced", {"Type": "SoftBounce"}).value
    'lost'
    """
    if event == "delivered":
        return News.DELIVERED
    if event == "complained":
        return News.COMPLAINED
    if event == "unsubscribed" or reason == "unsubscribed":
        return News.LEFT
    if event in ("bounced", "rejected", "failed"):
        is_dead = reason in _ABOUT_THE_ADDRESS and is_for_good(raw)
        is_dead = is_dead or (event == "bounced" and not reason and is_for_good(raw))
        return News.BOUNCED if is_dead else News.LOST
    return None


def is_for_good(raw: Mapping[str, Any]) -> bool:
    """Whether a bounce, as its provider wrote it, is for good: a full mailbox is not.

    >>> is_for_good({"bounce": {"bounceType": "Transient"}}), is_for_good({"event": "hard_bounce"})
    (False, True)
    """
    data = raw.get("data")
    bounce = raw.get("bounce") or (data.get("bounce") if isinstance(data, Mapping) else None) or {}
    kinds = {raw.get("Type"), bounce.get("bounceType"), bounce.get("type")}
    if kinds & _SOFT_TYPES or raw.get("event") in _SOFT_EVENTS:
        return False
    if raw.get("hard_bounce") is False:
        return False
    inner = raw.get("msys")
    if isinstance(inner, Mapping):
        events = [one for one in inner.values() if isinstance(one, Mapping)]
        return all(str(one.get("bounce_class", "10")) in _HARD_CLASSES for one in events)
    return True


def invitation_of(*texts: str | None) -> UUID | None:
    """The invitation that one of these names: our word in the metadata, or a Message-ID of ours.

    >>> invitation_of(None, "<0123456789abcdef0123456789abcdef.1@a.nl>").hex[:4]
    '0123'
    """
    for text in texts:
        found = _OURS.fullmatch((text or "").strip())
        if found:
            return UUID(found["key"])
    return None
