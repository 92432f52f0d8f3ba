"""Answers with everything done that comes of them: read, judged, and on the score page.

`gloed serve` runs as anybody runs it, web and worker on the same two cores, with a codebook and a
rule that opens a case for every score of 0, which is one in eleven. Eight clients post answers with
words for some seconds. The clock runs until the journal is told to every room, no work is due any
more and the projection counts every answer; the rate is all answers over all that time.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.ratios import Figure
from benchmarks.server import Place, installation, load, web

LIMIT = 500
CLIENTS, SECONDS = 8, 8.0
WORDS = "The bill was wrong twice, and I waited on the phone for half an hour."
READY = """
import django; django.setup()
from django.utils import timezone
from gloed.base.models import Organisation
from gloed.coding.operations import codebook
from gloed.loop.cases.models import OpeningRule
now, house = timezone.now(), Organisation.objects.get()
codebook.start(house, packs=["telecom_energy"], languages=["nl", "en"], now=now)
OpeningRule.objects.create(
    organisation=house, name="Very low", asks={"at_most": 0}, is_on=True, on_since=now, made_at=now,
)
"""
WATCH = """
import django; django.setup()
import json, sys, time
from django.utils import timezone
from gloed.analysis import queries, store
from gloed.analysis.models import Mark
from gloed.base.models import Job, JournalEntry, Organisation
from gloed.coding.models import Mention
from gloed.loop.cases.models import Case
from gloed.responses.models import Answer, Response

house = Organisation.objects.get()

def is_done():
    due = Job.objects.filter(state__in=["waiting", "running"], run_at__lte=timezone.now())
    waits = JournalEntry.objects.filter(delivered_at=None).exists() or Mark.objects.exists()
    if waits or due.exists():
        return False
    source = store.projection_of(house)
    return queries.count_responses(source, queries.Selection()) == Response.objects.count()

print("ready", flush=True)
sys.stdin.readline()
for _ in range(3000):
    if is_done():
        break
    time.sleep(0.1)
said = Answer.objects.exclude(verbatim="")
print(json.dumps({
    "responses": Response.objects.count(),
    "in time": is_done(),
    "cases": Case.objects.count(),
    "low": Answer.objects.filter(rating=0).count(),
    "unread": said.exclude(pk__in=Mention.objects.values("answer")).count(),
}), flush=True)
"""


def run() -> list[Figure]:
    """Measure each database."""
    return [figure for database in ("sqlite", "postgresql") for figure in measure(database)]


def measure(database: str) -> list[Figure]:
    """One database: the rate, and whether everything that had to come of the answers did."""
    with installation(database) as place:
        subprocess.run([sys.executable, "-c", READY], env=place.environment, check=True)
        with web(place, "serve") as port:
            load(place, port, clients=CLIENTS, seconds=1.0, words=WORDS)  # no figure
            with _watching(place) as when_done:
                before = when_done()
            with _watching(place) as when_done:
                began = time.perf_counter()
                found = load(place, port, clients=CLIENTS, seconds=SECONDS, words=WORDS)
                after = when_done()
                seconds = time.perf_counter() - began
    if not after["in time"]:
        raise RuntimeError(f"five minutes later not everything was done: {after}")
    made = after["responses"] - before["responses"]
    if made != found["answers"]:
        raise RuntimeError(f"{made} answers on record, {found['answers']} acknowledged")
    return [
        Figure(f"{database}, everything done", made / seconds, "answers/s", LIMIT, "target", True),
        Figure(f"{database}, cases opened", after["cases"], "cases", after["low"],
               "scores of 0", True),
        Figure(f"{database}, answers whose words were read", made - after["unread"], "answers",
               made, "answers with words", True),
    ]  # fmt: skip


@contextmanager
def _watching(place: Place) -> Iterator[Callable[[], dict[str, int]]]:
    """A process that stands ready; what is given waits until all is done and says what there is."""
    command = [sys.executable, "-c", WATCH]
    with subprocess.Popen(
        command, env=place.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as watcher:
        assert watcher.stdout is not None
        watcher.stdout.readline()

        def when_done() -> dict[str, int]:
            told: dict[str, int] = json.loads(watcher.communicate("\n")[0])
            return told

        yield when_done
