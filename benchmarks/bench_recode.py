"""Coding all history anew, and searching it: 100,000 answers in words on SQLite.

The words are those of the sample organisation, repeated. Dictionaries are loaded before the clock
starts, as in a worker that has coded before. Measured in a process of its own.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.ratios import Figure

ANSWERS = 100_000
MOST_SECONDS = 240
MOST_MEGABYTES = 600
SEARCHES = ("wachttijd", "tijd", "factuur", "prijs", "monteur afspraak")
ROOT = Path(__file__).parent.parent
STATUS = Path("/proc/self/status")


def run() -> list[Figure]:
    """Measure seconds and memory."""
    with tempfile.TemporaryDirectory(prefix="gloed-bench-") as folder:
        measured = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_recode"],
            env={
                **os.environ,
                "GLOED_DATA": folder,
                "DJANGO_SETTINGS_MODULE": "gloed.project.settings",
            },
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found = json.loads(measured.stdout.splitlines()[-1])
    return [
        Figure("100,000 answers coded anew", found["seconds"], "s", MOST_SECONDS, "target"),
        Figure(
            "the same put into the index of the search", found["indexed"], "s", 60, "design limit"
        ),
        Figure(
            "a search among them, the slowest of five words", found["search"], "s", 0.05, "target"
        ),
        Figure("memory of the worker", found["megabytes"], "MB", MOST_MEGABYTES, "target"),
    ]


def main() -> None:
    """Fill a database, code it, and print what it took."""
    import django

    django.setup()
    # once the apps are registered
    from django.core.management import call_command
    from django.utils import timezone

    from gloed.coding.operations.codebook import start
    from gloed.coding.operations.coding import code_stale
    from gloed.coding.search.finding import answers_with
    from gloed.coding.search.index import index_waiting

    call_command("migrate", verbosity=0)
    organisation, first = _filled(ANSWERS)
    start(organisation, packs=["telecom_energy"], now=timezone.now())
    code_stale(organisation, responses=first)
    begin = time.perf_counter()
    code_stale(organisation)
    seconds = time.perf_counter() - begin
    begin = time.perf_counter()
    while index_waiting():
        pass
    indexed = time.perf_counter() - begin
    answers_with("rekening")[:1].count()  # the pages of the index are read once
    print(
        json.dumps(
            {
                "seconds": seconds,
                "indexed": indexed,
                "search": max(_searched(text) for text in SEARCHES),
                "megabytes": _resident(),
            }
        )
    )


def _searched(text: str) -> float:
    """Seconds until the keys of the answers that hold these words are known; middle of five."""
    # once the apps are registered
    from gloed.coding.search.finding import answers_with

    waits = []
    for _turn in range(5):
        begin = time.perf_counter()
        list(answers_with(text).values_list("response_id", flat=True))
        waits.append(time.perf_counter() - begin)
    return statistics.median(waits)


def _filled(number: int) -> tuple[Any, list[int]]:
    """An organisation with so many answers in words, and the keys of its first ones."""
    from django.utils import timezone

    from gloed.base.models import Organisation
    from gloed.channels.sample.generate import sample_organisation
    from gloed.responses.models import Response
    from gloed.responses.operations import receive_many
    from gloed.responses.rules import GivenAnswer, IncomingAnswer
    from gloed.surveys import operations as surveys
    from gloed.surveys.rules import Metric

    now = timezone.now()
    organisation = Organisation.objects.create(name="Many", created_at=now)
    content = surveys.usual_content(organisation, Metric.NPS)
    survey = surveys.create_survey(organisation, title="Many", content=content, now=now)
    surveys.open_survey(survey, now=now)
    said = [one for one in sample_organisation(today=now.date()).responses if one.verbatim]
    incoming = (
        IncomingAnswer(
            answers=(GivenAnswer(1, rating=place % 11), GivenAnswer(2, verbatim=one.verbatim)),
            source="sample",
            source_id=str(place),
            responded_at=one.answered_at,
            language=one.language,
        )
        for place in range(number)
        for one in [said[place % len(said)]]
    )
    for _progress in receive_many(survey, incoming, now=now):
        pass
    return organisation, list(Response.objects.values_list("pk", flat=True)[:200])


def _resident() -> int:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
