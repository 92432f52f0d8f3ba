"""Django's SQLite, with another way to wait for the one writer that is let in.

SQLite sleeps and looks again, longer each time, up to a tenth of a second. Under a crowd of short
writes, or where web and worker write side by side, everybody is then asleep while the door stands
open: answers came in at a third of the rate. Here the threads of a process queue for their turn,
and whoever is first looks at the door again every half millisecond. Every transaction is taken to
write (IMMEDIATE).
"""

import sqlite3
import time
from threading import Lock
from typing import Any

from django.db.backends.sqlite3 import base

NAP = 0.0005
"""Seconds between two looks at the door."""
_TURN = Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that takes its turn to write instead of sleeping in front of the door."""

    _has_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        with self.wrap_database_errors:
            self._take_turn(float(self.settings_dict["OPTIONS"]["timeout"]))

    def commit(self) -> None:
        """Write what was done; the next one may go in. What cannot be is rolled back next."""
        super().commit()
        self._pass_turn()

    def rollback(self) -> None:
        """Leave everything as it was; the next one may go in."""
        try:
            super().rollback()
        finally:
            self._pass_turn()

    def close(self) -> None:
        """Close the connection, also in the middle of a transaction."""
        try:
            super().close()
        finally:
            self._pass_turn()

    def _take_turn(self, patience: float) -> None:
        until = time.monotonic() + patience
        if not _TURN.acquire(timeout=patience):
            raise sqlite3.OperationalError("database is locked")
        self._has_turn = True
        try:
            _begin(self.connection, until, patience)
        except BaseException:
            self._pass_turn()
            raise

    def _pass_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            _TURN.release()


def _begin(connection: Any, until: float, patience: float) -> None:
    """BEGIN IMMEDIATE before a moment of the clock; raises sqlite3.OperationalError after it."""
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
