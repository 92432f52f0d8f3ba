"""Accepting answers, each on disk before its reply.

The survey page's own form is posted to a running `gloed web` by keep-alive connections from a
second process on the same two cores, so the load generator takes its share. PostgreSQL runs with
fsync on. The limits are the targets of 300, 800 and 1,000 answers a second for 1, 8 and 64
clients. After each run the record is counted: every acknowledged answer must be there.
"""

import subprocess
import sys

from benchmarks.ratios import Figure
from benchmarks.server import Place, installation, load, web

LIMITS = {1: 300, 8: 800, 64: 1_000}
SECONDS = 6.0
COUNT = (
    "import django; django.setup();"
    "from gloed.responses.models import Response; print(Response.objects.count())"
)


def run() -> list[Figure]:
    """Measure each database at each number of clients."""
    return [figure for database in ("sqlite", "postgresql") for figure in measure(database)]


def measure(database: str) -> list[Figure]:
    """One database at 1, 8 and 64 clients."""
    figures = []
    acknowledged = 0.0
    with installation(database) as place:
        with web(place) as port:
            load(place, port, clients=8, seconds=1.0)  # warm, not counted
            acknowledged = stored(place)
            for clients, limit in LIMITS.items():
                found = load(place, port, clients=clients, seconds=SECONDS)
                acknowledged += found["answers"]
                what = f"{database}, {clients} client{'s' if clients > 1 else ''}"
                figures.append(
                    Figure(what, found["per_second"], "answers/s", limit, "target", True)
                )
        kept = stored(place)
        figures.append(
            Figure(f"{database}, answers kept of those acknowledged", kept, "answers",
                   acknowledged, "acknowledged in this run", True)
        )  # fmt: skip
    return figures


def stored(place: Place) -> int:
    """How many responses the record holds."""
    command = [sys.executable, "-c", COUNT]
    done = subprocess.run(
        command, env=place.environment, check=True, capture_output=True, text=True
    )
    return int(done.stdout)
