"""Workers are killed with -9 in the middle; nothing is lost and nothing happens twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.databases import own_database

pytestmark = pytest.mark.database
SCRIPT = Path(__file__).parent / "mortal_worker.py"
COUNT = 250
TABLES = ("atomic_effect", "careful_effect", "news_effect")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    with own_database(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def run(database):
    """Start a Python process on that database; whatever is left is killed afterwards."""
    started = []

    def start(*words):
        process = subprocess.Popen(
            [sys.executable, *map(str, words)],
            env={**os.environ, **database.environment},
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_until(condition, *, seconds=90):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def finished(process):
    _out, problems = process.communicate(timeout=400)
    assert process.returncode == 0, problems.decode()


def test_killed_workers_lose_nothing_and_do_nothing_twice(database, run):
    def effects():
        return sum(database.rows(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES)

    finished(run("-m", "gloed.project.cli", "prepare"))
    finished(run(SCRIPT, "prepare", COUNT))
    workers = [run(SCRIPT, "work") for _ in range(2)]
    total = COUNT * len(TABLES)
    for share in (0.05, 0.3, 0.55, 0.8):
        wait_until(lambda share=share: effects() >= share * total)
        victim = workers.pop(0)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        assert effects() < total, "it was to be killed in the middle"
        workers.append(run(SCRIPT, "work"))
    undone = "SELECT count(*) FROM base_job WHERE state <> 'done' AND kind LIKE 'mortal%'"
    unheard = "SELECT count(*) FROM base_journalentry WHERE delivered_at IS NULL"
    wait_until(lambda: database.rows(undone) == database.rows(unheard) == [(0,)])
    for table in TABLES:
        times = Counter(number for (number,) in database.rows(f"SELECT n FROM {table}"))
        assert times == dict.fromkeys(range(COUNT), 1), table
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(200) == 0
