"""Statements that come with every answer: planned once for each connection.

PostgreSQL reads and plans a statement each time it is sent as text, which takes longer than doing
what it says. SQLite's driver keeps what it has read by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from psycopg import Cursor


@contextmanager
def prepared_cursor() -> Iterator[Any]:
    """A cursor for statements whose text is always the same, values apart.

    The settings let PostgreSQL's driver prepare nothing by itself; what goes through here it does.
    """
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield cursor
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, _cursor_class()(connection.connection) as own:
        plain: Any = own  # Django's wrappers take any cursor
        is_logged = connection.queries_logged
        yield connection.make_debug_cursor(plain) if is_logged else connection.make_cursor(plain)


@cache
def _cursor_class() -> "type[Cursor[Any]]":
    from psycopg import Cursor  # noqa: PLC0415 - only where PostgreSQL is used

    class Prepared(Cursor[Any]):
        """Prepares whatever it is asked to execute."""

        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            return super().execute(query, params, **options | {"prepare": True})

    return Prepared
