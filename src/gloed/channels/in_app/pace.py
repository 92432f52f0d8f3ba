"""How fast one address may knock, and who is knocking.

Counted in memory, for each web process by itself: it keeps a script that went wild from filling the
record, at no cost to anybody else. A shop or a school behind one address stays far below it.
"""

import time
from collections import Counter
from threading import Lock

from django.conf import settings
from django.http import HttpRequest

MOST_KNOWN = 20_000
_lock = Lock()
_minute = 0
_knocks: Counter[tuple[str, str]] = Counter()


def is_too_fast(request: HttpRequest, what: str, *, per_minute: int) -> bool:
    """Whether this address asked for `what` more than so often within this minute."""
    global _minute  # noqa: PLW0603 - one count for the process
    with _lock:
        minute = int(time.monotonic() // 60)
        if minute != _minute or len(_knocks) > MOST_KNOWN:
            _minute = minute
            _knocks.clear()
        knock = (what, address_of(request))
        _knocks[knock] += 1
        return _knocks[knock] > per_minute


def address_of(request: HttpRequest) -> str:
    """The network address of the visitor; behind a trusted proxy the one it names last."""
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        forwarded = request.headers.get("X-Forwarded-For", "")
        if forwarded:
            return forwarded.rpartition(",")[2].strip()[:64]
    return str(request.META.get("REMOTE_ADDR", ""))


def forget() -> None:
    """Begin to count anew."""
    with _lock:
        _knocks.clear()
