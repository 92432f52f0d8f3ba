"""Django's SQLite, with another way to wait for the one writer that is let in.

SQLite sleeps and looks again, longer each time, up to a tenth of a second. Where web and worker
write side by side each of them is then asleep while the door stands open: answers came in at a
third of the rate. Here a transaction, which always means to write, looks again every half
millisecond.
"""

import sqlite3
import time
from typing import Any

from django.db.backends.sqlite3 import base

NAP = 0.0005
"""Seconds between two looks at the door."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that stands at the door instead of sleeping in front of it."""

    def _start_transaction_under_autocommit(self) -> None:
        with self.wrap_database_errors:
            _wait_for_the_door(self.connection, float(self.settings_dict["OPTIONS"]["timeout"]))


def _wait_for_the_door(connection: Any, patience: float) -> None:
    """BEGIN IMMEDIATE, within so many seconds; raises sqlite3.OperationalError after that."""
    until = time.monotonic() + patience
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as problem:
                is_busy = problem.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not is_busy or time.monotonic() > until:
                    raise
                time.sleep(NAP)
            else:
                return
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
