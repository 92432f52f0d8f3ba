"""Waiting to write on SQLite: whoever comes second goes on when the first is done, or is told."""

import contextlib
import sqlite3
import threading
import time

import pytest
from django.db import OperationalError, connection, transaction

from gloed.base.models import Organisation

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="PostgreSQL lets many writers in at a time"
    ),
]


@pytest.fixture
def neighbour():
    """Another connection to the same file, as another process has one."""
    other = sqlite3.connect(
        connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False
    )
    yield other
    other.close()


def test_a_transaction_waits_until_another_has_ended(neighbour, organisation):
    neighbour.execute("BEGIN IMMEDIATE")
    neighbour.execute("UPDATE base_organisation SET name = 'Between'")
    order = []

    def let_go():
        order.append("first")
        neighbour.execute("COMMIT")

    timer = threading.Timer(0.3, let_go)
    timer.start()
    with transaction.atomic():
        order.append("second")
        assert Organisation.objects.get(pk=organisation.pk).name == "Between"
    timer.join()
    assert order == ["first", "second"]


def test_whoever_waits_too_long_is_told_and_can_write_later(neighbour, monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.2)
    neighbour.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        raise AssertionError("somebody else is writing")
    assert time.monotonic() - began >= 0.2
    neighbour.execute("ROLLBACK")
    with transaction.atomic():
        assert connection.in_atomic_block


def test_threads_take_turns_and_none_is_left_out(organisation):
    names = [f"number {place}" for place in range(6)]

    def write(name):
        try:
            for _ in range(5):
                with transaction.atomic():
                    row = Organisation.objects.get(pk=organisation.pk)
                    row.name = f"{row.name}, {name}"
                    row.save()
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    organisation.refresh_from_db()
    assert sorted(organisation.name.split(", ")[1:]) == sorted(names * 5)


def test_a_connection_that_is_closed_halfway_passes_its_turn(organisation):
    def leave():
        with contextlib.suppress(Exception), transaction.atomic():
            organisation.save()
            connection.close()

    thread = threading.Thread(target=leave)
    thread.start()
    thread.join()
    with transaction.atomic():
        assert Organisation.objects.select_for_update().get(pk=organisation.pk)


def test_a_single_statement_still_waits_as_long_as_a_transaction():
    with transaction.atomic():
        pass
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (connection.settings_dict["OPTIONS"]["timeout"] * 1000,)
