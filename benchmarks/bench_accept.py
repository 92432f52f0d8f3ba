"""Accepting answers, each on disk before its reply.

The survey page's own form is posted to a running `gloed web` by keep-alive connections from a
second process on the same two cores, so the load generator takes its share. PostgreSQL runs with
fsync on. The limits are the targets of 300, 800 and 1,000 answers a second for 1, 8 and 64
clients. *By mail* means that every answer comes in under the token of another person's invitation,
which the ledger then calls answered. After each run the record is counted: every acknowledged
answer must be there.
"""

import subprocess
import sys
from pathlib import Path

from benchmarks.ratios import Figure
from benchmarks.server import Place, installation, load, web

LIMITS = {1: 300, 8: 800, 64: 1_000}
SECONDS = 6.0
INVITED = 45_000
INVITE = """
import sys, django; django.setup()
from django.utils import timezone
from gloed.fieldwork.models import Invitation
from gloed.people.models import Person
from gloed.surveys.models import Survey
now, survey, count = timezone.now(), Survey.objects.get(), int(sys.argv[1])
people = Person.objects.bulk_create(
    [
        Person(
            organisation=survey.organisation, email=f"p{n}@d.example", email_key=f"p{n}@d.example",
            created_at=now,
        )
        for n in range(count)
    ],
    batch_size=1000,
)
lines = Invitation.objects.bulk_create(
    [
        Invitation(
            organisation=survey.organisation, survey=survey, person=person, channel="email",
            disposition="sent", is_open=True, created_at=now, due_at=now, sent_at=now,
        )
        for person in people
    ],
    batch_size=1000,
)
print("\\n".join(line.token for line in lines))
"""
COUNT = (
    "import django; django.setup();"
    "from gloed.responses.models import Response; print(Response.objects.count())"
)


def run() -> list[Figure]:
    """Measure each database at each number of clients."""
    return [figure for database in ("sqlite", "postgresql") for figure in measure(database)]


def measure(database: str) -> list[Figure]:
    """One database at 1, 8 and 64 clients, over the open link and by mail."""
    figures = []
    acknowledged = 0.0
    with installation(database) as place:
        invited = invite(place)
        with web(place) as port:
            for tokens in (None, invited):
                warm = load(place, port, clients=8, seconds=1.0, tokens=tokens)  # no figure
                acknowledged += warm["answers"]
                way = " by mail" if tokens else ""
                for clients, limit in LIMITS.items():
                    found = load(place, port, clients=clients, seconds=SECONDS, tokens=tokens)
                    acknowledged += found["answers"]
                    what = f"{database}{way}, {clients} client{'s' if clients > 1 else ''}"
                    figures.append(
                        Figure(what, found["per_second"], "answers/s", limit, "target", True)
                    )
        kept = stored(place)
        figures.append(
            Figure(f"{database}, answers kept of those acknowledged", kept, "answers",
                   acknowledged, "acknowledged in this run", True)
        )  # fmt: skip
    return figures


def invite(place: Place) -> Path:
    """Invite many people; a file with their tokens."""
    command = [sys.executable, "-c", INVITE, str(INVITED)]
    done = subprocess.run(
        command, env=place.environment, check=True, capture_output=True, text=True
    )
    tokens = place.folder / "tokens"
    tokens.write_text(done.stdout, encoding="ascii")
    return tokens


def stored(place: Place) -> int:
    """How many responses the record holds."""
    command = [sys.executable, "-c", COUNT]
    done = subprocess.run(
        command, env=place.environment, check=True, capture_output=True, text=True
    )
    return int(done.stdout)
