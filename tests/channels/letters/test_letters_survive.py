"""Letters out and answers in through a real worker that is killed with -9: each of them once."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

import pytest

from gloed.loop.letters.rules import reply_address
from tests.channels.email.post_office import open_office
from tests.channels.email.test_a_wave_survives import DeadlyOffice
from tests.channels.letters.imap_house import ImapHouse

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).parent / "mortal_writer.py"
COUNT = 30


class DeadlyHouse(ImapHouse):
    """Kills its guest while it hands over the body of certain mails."""

    deaths = frozenset()
    guest = None

    def _told(self, words):
        told = super()._told(words)
        uid = words.split()[2] if words.startswith("UID FETCH") else ""
        if "BODY.PEEK[]" in words and uid in self.deaths:
            self.deaths = self.deaths - {uid}
            self.guest.send_signal(signal.SIGKILL)
            self.guest.wait()
        return told


@pytest.fixture
def house(tmp_path):
    folder = tmp_path / "certificate"
    folder.mkdir()
    made = DeadlyHouse(folder)
    made.deaths = frozenset({"7", "21"})
    yield made
    made.stop()


@pytest.fixture
def office():
    box = DeadlyOffice(deaths=[9, 20])
    with open_office(box) as box.port:
        yield box


@pytest.fixture
def run(office, house, tmp_path):
    """Start a process on a data folder of its own; whatever is left is killed afterwards."""
    started = []
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "GLOED_DATA": str(tmp_path),
        "DATABASE_URL": "",
        "EMAIL_URL": f"smtp+plain://127.0.0.1:{office.port}",
        "GLOED_MAIL_FROM": "Gloed <vraag@gloed.example>",
        "GLOED_OUTWARD_HOSTS": f"localhost:{house.port}",
        "SSL_CERT_FILE": str(house.certificate),
    }

    def start(*words, **more):
        command = [sys.executable, *map(str, words)]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, **more)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def test_everybody_gets_one_letter_and_every_answer_is_there_once(office, house, run, tmp_path):
    assert run("-m", "gloed.project.cli", "prepare").wait(400) == 0
    told, _nothing = run(
        SCRIPT, "prepare", COUNT, house.port, stdout=subprocess.PIPE, text=True
    ).communicate(timeout=400)
    for address, token in json.loads(told.splitlines()[-1]).items():
        house.put(answer(address, token))
    guest = office.guest = house.guest = run(SCRIPT, "work")
    deadline = time.monotonic() + 400  # a guard against hanging, no measure
    while _rows(tmp_path, "count(*)", "WHERE state = 'waiting'") != [(0,)] or _rows(
        tmp_path, "count(*)", "WHERE kind = 'answer'"
    ) != [(COUNT,)]:
        assert time.monotonic() < deadline, "it did not end in time"
        if guest.poll() is not None:
            guest = office.guest = house.guest = run(SCRIPT, "work")
        time.sleep(0.1)
    guest.send_signal(signal.SIGTERM)
    assert guest.wait(200) == 0

    assert (office.deaths, len(office.undecided), house.deaths) == (set(), 2, frozenset())
    times = Counter(office.addresses)
    assert (len(times), set(times.values())) == (COUNT, {1})
    states = dict(_rows(tmp_path, "state, count(*)", "WHERE kind = 'reply' GROUP BY state"))
    assert states == {"sent": COUNT - 2, "uncertain": 2}
    every = _rows(tmp_path, "thread_id, count(*)", "WHERE kind = 'answer' GROUP BY thread_id")
    assert [count for _thread, count in every] == [1] * COUNT
    lines = _rows(tmp_path, "kind, count(*)", "GROUP BY kind", table="cases_caseevent")
    counted = dict(lines)
    assert (counted["letter_sent"], counted["letter_received"]) == (COUNT, COUNT)


def answer(address, token):
    made = EmailMessage()
    made["From"], made["To"] = address, reply_address("service@gloed.example", token)
    made["Message-ID"] = f"<{token}@example.org>"
    made.set_content("Thanks.")
    return made


def _rows(folder, columns, rest, table="letters_letter"):
    connection = sqlite3.connect(folder / "gloed.sqlite3", timeout=30)
    try:
        return connection.execute(f"SELECT {columns} FROM {table} {rest}").fetchall()
    finally:
        connection.close()
