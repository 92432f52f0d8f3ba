"""A whole Gloed for a test: `gloed serve` in a process of its own, on a data folder of its own."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.databases import new_on, server

KEPT = {"PATH", "HOME", "LANG", "PYTHONPATH", "TMPDIR"}
PATIENCE = 400.0
PASSWORD = "kolen-in-de-kachel-7"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can log in, and the organisation they begin in."""

    email: str
    password: str = PASSWORD
    organisation: str = ""


@dataclass(slots=True)
class House:
    """One installation: where its data are, how its server is reached."""

    data: Path
    environment: dict[str, str]
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """The address of the server, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the server said."""
        return self.data.with_suffix(".log")

    def start(self, *words: str) -> None:
        """Start web and worker on a free port and wait until a page is answered."""
        self.port = free_port()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                _command("serve", "--port", str(self.port), *words),
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.data.parent,
            )
        until(self._answers, "the first page of the server", self.log)

    def stop(self) -> None:
        """End the server, which ends its web process and its worker."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=60)
            self.process = None

    def gloed(self, *words: object, stdin: str = "") -> str:
        """Run one verb of the command to its end; returns what it printed."""
        done = subprocess.run(
            _command(*map(str, words)),
            check=False,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            cwd=self.data.parent,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def owner(self, organisation: str) -> Account:
        """An owner with an organisation of this name, made by the command."""
        email = f"owner-{secrets.token_hex(4)}@example.org"
        words = ("admin", "create", "--email", email, "--organisation", organisation)
        self.gloed(*words, "--password-stdin", stdin=f"{PASSWORD}\n")
        return Account(email, PASSWORD, organisation)

    def run_inside(self, code: str, *words: str) -> str:
        """Run a few lines of Python in the installation, for what no page can arrange."""
        set_up = "import sys, django\ndjango.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", set_up + code, *words],
            check=False,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "gloed.project.settings"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            cwd=self.data.parent,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(f"{self.url}/accounts/login/", timeout=10) as page:
                return page.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


@contextlib.contextmanager
def house(folder: Path, **settings: str) -> Iterator[House]:
    """An empty installation below `folder`, with a database of its own; it is not started."""
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    data = folder / "data"
    with _database() as address:
        made = House(
            data,
            {**kept, "GLOED_DATA": str(data), "PYTHONFAULTHANDLER": "1", **address, **settings},
        )
        try:
            yield made
        finally:
            made.stop()


@contextlib.contextmanager
def _database() -> Iterator[dict[str, str]]:
    """A new database where DATABASE_URL names a PostgreSQL server; else the embedded one."""
    if not server():
        yield {}
        return
    with new_on(server()) as url:
        yield {"DATABASE_URL": url}


def until(condition, what: str, log: Path | None = None, *, patience: float = PATIENCE) -> float:
    """Wait until something is so; seconds waited."""
    began = time.monotonic()
    while not condition():
        told = log.read_text(encoding="utf-8") if log else ""
        assert time.monotonic() - began < patience, f"{what} did not come in time\n{told}"
        time.sleep(0.1)
    return time.monotonic() - began


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "gloed.project.cli", *words]
