"""A whole wave through a real worker that is killed with -9: everybody gets one mail."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.channels.email.post_office import PostOffice, open_office

SCRIPT = Path(__file__).parent / "mortal_sender.py"
COUNT = 300
WANT_NONE = 10
BOUNCING = "p299@d99.example"


class DeadlyOffice(PostOffice):
    """Kills its guest right after it has kept so many mails, before it says so."""

    def __init__(self, deaths):
        super().__init__()
        self.deaths = set(deaths)
        self.guest = None
        self.undecided = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        reply = await super().handle_DATA(server, session, envelope)
        if len(self.mails) in self.deaths:
            self.deaths.discard(len(self.mails))
            self.undecided.append(self.mails[-1][0])
            self.guest.send_signal(signal.SIGKILL)
            self.guest.wait()
        return reply


@pytest.fixture
def office():
    box = DeadlyOffice(deaths=[80, 190])
    box.at_rcpt[BOUNCING] = "550 5.1.1 unknown"
    with open_office(box) as box.port:
        yield box


@pytest.fixture
def run(office, tmp_path):
    """Start a process on a data folder of its own; whatever is left is killed afterwards."""
    started = []
    environment = {
        **os.environ,
        "GLOED_DATA": str(tmp_path),
        "DATABASE_URL": "",
        "EMAIL_URL": f"smtp+plain://127.0.0.1:{office.port}",
        "GLOED_MAIL_FROM": "Gloed <vraag@gloed.example>",
        "GLOED_MAIL_PER_MINUTE": "0",
    }

    def start(*words):
        command = [sys.executable, *map(str, words)]
        started.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def test_everybody_gets_one_mail_and_the_ledger_adds_up(office, run, tmp_path):
    assert run("-m", "gloed.project.cli", "prepare").wait(400) == 0
    assert run(SCRIPT, "prepare", COUNT).wait(400) == 0
    office.guest = run(SCRIPT, "work")
    deadline = time.monotonic() + 400  # a guard against hanging, no measure
    while _waiting(tmp_path):
        assert time.monotonic() < deadline, "it did not end in time"
        if office.guest.poll() is not None:
            office.guest = run(SCRIPT, "work")
        time.sleep(0.1)
    office.guest.send_signal(signal.SIGTERM)
    assert office.guest.wait(200) == 0

    assert (office.deaths, len(office.undecided)) == (set(), 2)
    times = Counter(office.addresses)
    assert set(times.values()) == {1}
    assert len(times) == COUNT - WANT_NONE - 1
    ledger = dict(_rows(tmp_path, "disposition, count(*)", "GROUP BY disposition"))
    expected = {
        "sent": COUNT - WANT_NONE - 1 - 2,
        "uncertain": 2,
        "skipped": WANT_NONE,
        "bounced": 1,
    }
    assert ledger == expected
    assert sum(ledger.values()) == COUNT
    unsure = "JOIN people_person ON people_person.id = person_id WHERE problem = 'uncertain'"
    assert sorted(_rows(tmp_path, "email", unsure)) == sorted(
        (address,) for address in office.undecided
    )


def _waiting(folder):
    return _rows(folder, "count(*)", "WHERE is_open AND sent_at IS NULL")[0][0]


def _rows(folder, columns, rest):
    connection = sqlite3.connect(folder / "gloed.sqlite3", timeout=30)
    try:
        sql = f"SELECT {columns} FROM fieldwork_invitation {rest}"
        return connection.execute(sql).fetchall()
    finally:
        connection.close()
