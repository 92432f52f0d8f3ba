"""A Gloed of its own for a benchmark: data folder, organisation, open survey, web process."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.environment import postgresql

PREPARE = """
import django; django.setup()
from django.utils import timezone
from gloed.base.models import Organisation
from gloed.surveys import operations
from gloed.surveys.rules import Metric
now = timezone.now()
organisation = Organisation.objects.create(name="Benchmark", created_at=now)
content = operations.usual_content(organisation, Metric.NPS)
survey = operations.create_survey(organisation, title="Benchmark", content=content, now=now)
print(operations.open_survey(survey, now=now).slug)
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A prepared installation: its environment and the slug of its open survey."""

    environment: dict[str, str]
    folder: Path
    slug: str


@contextlib.contextmanager
def installation(database: str) -> Iterator[Place]:
    """An empty installation on "sqlite" or "postgresql" with one open survey."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gloed-benchmark-")))
        environment = {
            **os.environ,
            "GLOED_DATA": str(folder),
            "GLOED_LOG_LEVEL": "error",
            "DJANGO_SETTINGS_MODULE": "gloed.project.settings",
        }
        environment.pop("DATABASE_URL", None)
        if database == "postgresql":
            environment["DATABASE_URL"] = stack.enter_context(postgresql.server(durable=True))
        gloed(environment, "prepare")
        command = [sys.executable, "-c", PREPARE]
        made = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        yield Place(environment, folder, made.stdout.strip())


@contextlib.contextmanager
def web(place: Place, *verb: str) -> Iterator[int]:
    """A running server (`web` unless told otherwise); yields its port."""
    port = free_port()
    program = Path(sys.executable).parent / "gloed"
    command = [str(program), *(verb or ("web",)), "--port", str(port)]
    with subprocess.Popen(command, env=place.environment, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/accounts/login/")
            yield port
        finally:
            server.terminate()
            server.wait(timeout=30)


def load(
    place: Place,
    port: int,
    *,
    clients: int,
    seconds: float,
    tokens: Path | None = None,
    words: str = "",
) -> dict[str, float]:
    """Post answers from `clients` connections in a process of their own; its figures.

    With a file of tokens each answer is that of the next invitation; all have the same `words`.
    """
    command = [sys.executable, "-m", "benchmarks.load", "127.0.0.1", str(port)]
    command += [f"/s/{place.slug}/", str(clients), str(seconds)]
    command += ["--words", words] if words else []
    command += ["--tokens", str(tokens)] if tokens else []
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def gloed(environment: dict[str, str], *words: str) -> str:
    """Run one verb of the installed command and return what it printed."""
    program = Path(sys.executable).parent / "gloed"
    command = [str(program), *words]
    return subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True
    ).stdout


def wait_for(address: str, *, patience: float = 60) -> float:
    """Wait until an address answers; seconds waited."""
    start = time.perf_counter()
    while time.perf_counter() - start < patience:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return time.perf_counter() - start
        time.sleep(0.02)
    raise TimeoutError(address)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
