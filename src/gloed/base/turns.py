"""Taking turns at writing.

SQLite lets one writer in at a time, and a second one sleeps and looks again, longer each time:
under a crowd of short writes some wait for tenths of a second while the door stands open. Threads
of one process that queue here instead go in one after the other at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from django.db import connection

_DOOR = RLock()


@contextmanager
def a_turn() -> Iterator[None]:
    """Wrap a short outermost transaction in this. On PostgreSQL it does nothing."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with _DOOR:
        yield
