"""Databases of their own for processes that a test starts and kills."""

import os
import secrets
import sqlite3
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest


def server():
    """The PostgreSQL server of DATABASE_URL; empty where it names none."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


@contextmanager
def new_on(url):
    """A new, empty database on that server: `with new_on(server()) as its_url`."""
    name = f"gloed_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def own_database(engine, folder):
    """A database on "sqlite" or "postgresql", with the environment that leads to it."""
    if engine == "sqlite":
        yield Database({"GLOED_DATA": str(folder), "DATABASE_URL": ""}, folder / "gloed.sqlite3")
        return
    if not server():
        pytest.skip("DATABASE_URL names no PostgreSQL server")
    with new_on(server()) as url:
        yield Database({"GLOED_DATA": str(folder), "DATABASE_URL": url})


class Database:
    """What is looked at from outside, each time over a connection of its own."""

    def __init__(self, environment, file=None):
        self.environment, self._file = environment, file

    def rows(self, sql):
        return self._on_sqlite(sql) if self._file else self._on_postgresql(sql)

    def _on_sqlite(self, sql):
        connection = sqlite3.connect(self._file, timeout=30)
        try:
            found = connection.execute(sql).fetchall()
            connection.commit()
        finally:
            connection.close()
        return found

    def _on_postgresql(self, sql):
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []
