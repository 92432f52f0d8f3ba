"""How much one guest, who has no account here, may ask in a minute.

Tokens are 128 random bits and not to be guessed; the limit keeps a page that does work for every
opening from being leant on, and a script that went wild from filling the record. A shop or a school
behind one address stays far below it. Counted in memory, for each web process by itself.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

WINDOW = 60.0
MOST_KEPT = 10_000


class Limiter:
    """Counts by key within windows of a minute; the keys longest unused are forgotten first."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def allows(self, key: str, most: int) -> bool:
        """Count one more for this key; False when that is more than `most` within the window."""
        now = self._clock()
        with self._lock:
            began, count = self._counts.pop(key, (now, 0))
            if now - began >= WINDOW:
                began, count = now, 0
            self._counts[key] = began, count + 1
            if len(self._counts) > MOST_KEPT:
                self._counts.popitem(last=False)
        return count < most

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._counts.clear()


GUESTS = Limiter()
OPENINGS, CHANGES, STRANGERS = 120, 40, 60
"""Per minute: openings and changes with one token, unknown tokens from one network address."""


def is_too_fast(request: HttpRequest, what: str, *, per_minute: int) -> bool:
    """Whether the network address of this visitor asked for `what` more often than that."""
    return not GUESTS.allows(f"{what} {get_adapter().get_client_ip(request)}", per_minute)
