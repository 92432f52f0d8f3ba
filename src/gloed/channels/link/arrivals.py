"""Who wants to know that somebody arrived from a link with a rating: channels that send links.

A visit records no answer. It tells people from machines, which follow every link of a mail.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """A personal link was opened with a rating; the scale has so many steps."""

    invitation_id: int
    token: str
    channel: str
    rating: int
    steps: int
    at: datetime


Listener = Callable[[Arrival], None]
_LISTENERS: dict[str, Listener] = {}


def listen(channel: str, listener: Listener) -> None:
    """Hear of arrivals on the links of a channel; called from its AppConfig.ready."""
    _LISTENERS[channel] = listener


def tell(arrival: Arrival) -> None:
    """Tell the channel that sent the link, if it wants to know."""
    listener = _LISTENERS.get(arrival.channel)
    if listener is not None:
        listener(arrival)
