"""What the widget weighs on somebody else's page.

The script as it goes over the line, packed by gzip, and what it fetches before it can ask: its
settings with the questions in one language. Nothing else is loaded.
"""

import gzip
import subprocess
import sys
import urllib.request

from benchmarks.ratios import Figure
from benchmarks.server import Place, installation, web

LIMIT = 20_000
PREPARE = """
import django; django.setup()
from django.utils import timezone
from gloed.channels.widget import operations
from gloed.surveys.models import Survey
survey = Survey.objects.get()
values = {"name": "Benchmark", "survey": survey, "sites": ["https://example.nl"]}
print(operations.make_widget(survey.organisation, values, by=None, now=timezone.now()).key)
"""


def run() -> list[Figure]:
    """Load the script and its settings as a page does, and weigh them."""
    with installation("sqlite") as place, web(place) as port:
        base = f"http://127.0.0.1:{port}/w/v1/"
        script = _load(f"{base}gloed.js")
        settings = gzip.compress(_load(f"{base}{_widget(place)}/?l=nl"))
        return [
            Figure("widget, script", len(script), "bytes", LIMIT, "the issue's limit"),
            Figure(
                "widget, script and questions",
                len(script) + len(settings),
                "bytes",
                LIMIT,
                "the issue's limit",
            ),
        ]


def _widget(place: Place) -> str:
    made = subprocess.run(
        [sys.executable, "-c", PREPARE],
        env=place.environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.strip()


def _load(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        body: bytes = answer.read()
    return body
