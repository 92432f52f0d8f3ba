"""Sending a wave to 10,000 people by mail.

A real worker, the ledger on SQLite with every commit on disk, and an SMTP server on the same
machine. The first wave is sent in peace, which gives the rate; during the second the server kills
the worker with -9 twice, each time between taking a mail and saying so. Bare smtplib, with the same
mail to the same server and no ledger, is measured in the same run.
"""

import os
import signal
import smtplib
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from benchmarks.ratios import Figure
from benchmarks.server import free_port, gloed

PEOPLE = 10_000
WANT_NONE = 10
BARE = 2_000
SHARE = 0.2
SCRIPT = Path(__file__).parent.parent / "tests" / "channels" / "email" / "mortal_sender.py"


class Sink:
    """Counts mails by address, and kills its guest after so many."""

    def __init__(self, deaths: tuple[int, ...] = ()) -> None:
        self.times: Counter[str] = Counter()
        self.deaths = set(deaths)
        self.guest: subprocess.Popen[bytes] | None = None
        self.first = self.last = 0.0
        self.sample = b""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take one mail."""
        self.first = self.first or time.perf_counter()
        self.last = time.perf_counter()
        self.sample = self.sample or envelope.content
        self.times[envelope.rcpt_tos[0]] += 1
        if self.guest is not None and self.times.total() in self.deaths:
            self.guest.send_signal(signal.SIGKILL)
            self.guest.wait()
        return "250 kept"


@contextmanager
def server(sink: Sink) -> Iterator[int]:
    """A mail server on this machine; yields its port."""
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield int(controller.port)
    finally:
        controller.stop()


def send_wave(sink: Sink) -> Counter[str]:
    """Send a whole wave into the sink; the ledger's dispositions."""
    with tempfile.TemporaryDirectory(prefix="gloed-benchmark-") as folder, server(sink) as port:
        environment = {
            **os.environ,
            "GLOED_DATA": folder,
            "GLOED_LOG_LEVEL": "error",
            "DATABASE_URL": "",
            "EMAIL_URL": f"smtp+plain://127.0.0.1:{port}",
            "GLOED_MAIL_FROM": "Gloed <vraag@gloed.example>",
            "GLOED_MAIL_PER_MINUTE": "0",
        }
        gloed(environment, "prepare")
        command = [sys.executable, str(SCRIPT)]
        subprocess.run([*command, "prepare", str(PEOPLE)], env=environment, check=True)
        while _dispositions(folder)["created"]:
            if sink.guest is None or sink.guest.poll() is not None:
                sink.guest = subprocess.Popen([*command, "work"], env=environment)
            time.sleep(0.25)
        if sink.guest is not None:
            sink.guest.terminate()
            sink.guest.wait(timeout=30)
        return _dispositions(folder)


def _dispositions(folder: str) -> Counter[str]:
    connection = sqlite3.connect(Path(folder) / "gloed.sqlite3", timeout=30)
    try:
        sql = "SELECT disposition, count(*) FROM fieldwork_invitation GROUP BY disposition"
        return Counter(dict(connection.execute(sql).fetchall()))
    finally:
        connection.close()


def bare_rate(mail: bytes) -> float:
    """Mails a second through smtplib alone."""
    sink = Sink()
    with server(sink) as port, smtplib.SMTP("127.0.0.1", port) as connection:
        start = time.perf_counter()
        for number in range(BARE):
            connection.sendmail("vraag@gloed.example", [f"p{number}@d.example"], mail)
        return BARE / (time.perf_counter() - start)


def run() -> list[Figure]:
    """A wave in peace, and one whose worker is killed twice."""
    calm, deadly = Sink(), Sink(deaths=(PEOPLE // 3, PEOPLE * 2 // 3))
    send_wave(calm)
    rate = calm.times.total() / (calm.last - calm.first)
    ledger = send_wave(deadly)
    wanted = PEOPLE - WANT_NONE
    once = [sum(times == 1 for times in sink.times.values()) for sink in (calm, deadly)]
    target = SHARE * bare_rate(calm.sample)
    return [
        Figure("mails sent", rate, "mails/s", target, f"{SHARE:.0%} of bare smtplib", True),
        Figure("addresses mailed exactly once", once[0], "people", wanted, "all asked", True),
        Figure("the same, killed -9 twice", once[1], "people", wanted, "all asked", True),
        Figure("most mails to one address", max(deadly.times.values()), "mails", 1, "one each"),
        Figure("lines in the ledger", ledger.total(), "lines", PEOPLE, "the segment", True),
    ]
