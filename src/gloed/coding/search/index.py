"""Making the index and keeping it: what the database does by itself, and the worker's part.

New words wait until the worker puts them in: bringing a million answers in must not wait for an
index of words. Triggers take words that were changed, emptied or deleted out of the index in the
same transaction.
"""

from typing import Any, Protocol

from django.db import connection, transaction

from gloed.coding.rules.searching import folded
from gloed.coding.search import on_postgresql, on_sqlite

AT_ONCE = 2_000
_ANSWERS = "responses_answer"


class _Engine(Protocol):
    HAS_WAITING: str

    def ensure(self, cursor: Any) -> None: ...

    def index_waiting(self, cursor: Any, most: int) -> int: ...


def ensure_index(**_more: Any) -> None:
    """Make what is missing; called after every migration. Harmless to repeat.

    A migration that writes the table of answers anew takes SQLite's triggers with it: then every
    answer waits again.
    """
    with connection.cursor() as cursor:
        if _ANSWERS in connection.introspection.table_names(cursor):
            _engine().ensure(cursor)


def teach(connection: Any, **_more: Any) -> None:
    """Let SQLite read words that are not in the index yet as those that are; once a connection."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("coding_folded", 1, folded, deterministic=True)


def has_waiting() -> bool:
    """Whether there is something for the worker to put in."""
    with connection.cursor() as cursor:
        cursor.execute(_engine().HAS_WAITING)
        return cursor.fetchone() is not None


def index_waiting(most: int = AT_ONCE) -> int:
    """Put answers that wait into the index; how many were looked at."""
    with transaction.atomic(), connection.cursor() as cursor:
        return _engine().index_waiting(cursor, most)


def _engine() -> _Engine:
    return on_postgresql if connection.vendor == "postgresql" else on_sqlite
