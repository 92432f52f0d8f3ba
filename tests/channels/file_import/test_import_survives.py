"""A process that imports is killed with -9 in the middle; the next worker finishes the work."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from tests.databases import own_database

pytestmark = pytest.mark.database
ROWS = 24_000  # large enough to be read in a process beside
COUNT = "SELECT count(*) FROM responses_response"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    with own_database(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def gloed(database):
    """Start a verb on that database; whatever is left is killed afterwards."""
    started = []

    def start(*words):
        process = subprocess.Popen(
            [sys.executable, "-m", "gloed.project.cli", *map(str, words)],
            env={**os.environ, **database.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
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
        time.sleep(0.005)


def test_an_import_that_was_killed_is_finished_by_a_worker(database, gloed, tmp_path):
    path = tmp_path / "answers.csv"
    lines = (
        f"r{n},2026-01-{1 + n % 28:02}T10:00:00Z,{n % 11},words {n},p{n % 3000}@example.org"
        for n in range(ROWS)
    )
    path.write_text("response id,time,nps,comment,email\n" + "\n".join(lines) + "\n")
    made = gloed("admin", "create", "--email", "o@example.org", "--organisation", "P",
                 "--password-stdin")  # fmt: skip
    made.communicate(b"een lang genoeg wachtwoord 7\n", timeout=400)
    assert made.returncode == 0

    importing = gloed("import", path, "--survey", "S")
    wait_until(lambda: database.rows(COUNT)[0][0] > 0)
    importing.send_signal(signal.SIGKILL)
    importing.wait()
    ((so_far,),) = database.rows(COUNT)
    assert 0 < so_far < ROWS, "it was to be killed in the middle"
    assert database.rows("SELECT state FROM file_import_import") == [("running",)]

    moment = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S+00:00")
    moment = moment if database.environment["DATABASE_URL"] else moment.removesuffix("+00:00")
    database.rows(f"UPDATE base_job SET run_at = '{moment}' WHERE kind = 'file_import.run'")
    worker = gloed("worker")
    wait_until(lambda: database.rows("SELECT state FROM file_import_import") == [("done",)])

    assert database.rows(COUNT) == [(ROWS,)]
    assert database.rows(
        "SELECT count(*), sum(rating) FROM responses_answer WHERE rating >= 0"
    ) == [(ROWS, sum(n % 11 for n in range(ROWS)))]
    assert database.rows("SELECT count(*) FROM people_person") == [(3000,)]
    ((counts,),) = database.rows("SELECT counts FROM file_import_import")
    counts = json.loads(counts) if isinstance(counts, str) else counts
    assert (counts["rows"], counts["new"], counts["unchanged"]) == (ROWS, ROWS, 0)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(200) == 0
