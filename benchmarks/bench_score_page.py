"""The score page over a million answers, and accepting answers while it is being loaded.

A million answers of two years go through the bulk door into the record and from there into the
projection, as an import does. One logged-in connection then asks a running `gloed web` for the
page. *First* is its first page of a process that showed the list of scores. *After news* is the
page after one more answer was given and projected, which it must count. *Warm* is the same page
again. Every answer has thirteen attributes. DuckDB alone answers one histogram over the same files
in the same run.

A page that is open asks for nothing by itself, so accepting is measured while somebody opens the
page every ten seconds, and, harder than the target asks, while a crowd loads it every second, each
time from a projection that is new. Quiet, open and crowd take turns.

`python -m benchmarks.bench_score_page 10000000` measures the page over another number of answers
(ten million take 12 GB of disk and a quarter of an hour).
"""

import http.client
import json
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from benchmarks.bench_start import memory_of_webs
from benchmarks.ratios import Figure, median_seconds
from benchmarks.server import Place, installation, load, web

ANSWERS = 1_000_000
LIMITS = {ANSWERS: 0.2, 10 * ANSWERS: 0.5}
"""Seconds for the page over so many answers: the targets."""
OPENED_EVERY = 10.0
RELOADED_EVERY = 1.0
RUNS = 9
EMAIL, PASSWORD = "owner@example.org", "kolen-in-de-kachel-7"

FILL = """
import django; django.setup()
import sys, time, random
from datetime import timedelta
from django.utils import timezone
from gloed.analysis import projection
from gloed.base.models import JournalEntry, Organisation
from gloed.responses.operations import receive_many
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys.models import Survey

dice, now, wanted = random.Random(1), timezone.now(), int(sys.argv[1])
house, survey = Organisation.objects.get(), Survey.objects.get()
REGIONS = ("north", "east", "south", "west", "centre", "islands")
PRODUCTS = ("gas", "power", "heat", "solar")
MORE = tuple(f"attribute {number}" for number in range(11))

def answers():
    for number in range(wanted):
        region, product = dice.choice(REGIONS), dice.choice(PRODUCTS)
        rating = min(10, max(0, round(dice.gauss(7.2 - (region == "east"), 2.3))))
        given = [GivenAnswer(1, rating=rating)]
        if number % 20 == 0:
            given.append(GivenAnswer(2, verbatim=f"Because of {product} in the {region}."))
        yield IncomingAnswer(
            answers=tuple(given), source="benchmark", source_id=str(number),
            responded_at=now - timedelta(minutes=dice.randrange(60 * 24 * 730)),
            attributes={"region": region, "product": product}
            | dict.fromkeys(MORE[number % 7 :], str(number % 9)),
            team=f"Team {number % 8}", touchpoint="The bill",
            language=("nl", "en")[number % 5 == 0], channel=("email", "link")[number % 3 == 0],
        )

for _progress in receive_many(survey, answers(), batch=None, now=now):
    pass
JournalEntry.objects.filter(delivered_at=None).update(delivered_at=now)
projection.project(house, projection.Changes(everything=True), now=now)
print(survey.public_id, projection.folder_of(house))
"""

NEWS = """
import django; django.setup()
import sys
from django.utils import timezone
from gloed.analysis import projection
from gloed.base.models import JournalEntry, Organisation
from gloed.responses.models import Response
from gloed.responses.operations import receive_many
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys.models import Survey

house, survey = Organisation.objects.get(), Survey.objects.get()
for line in sys.stdin:
    now = timezone.now()
    given = IncomingAnswer(answers=(GivenAnswer(1, rating=9),), source="news", source_id=line,
                           responded_at=now, attributes={"region": "east"})
    for _progress in receive_many(survey, [given], batch=None, now=now):
        pass
    newest = Response.objects.order_by("-pk").values_list("pk", flat=True)[0]
    projection.project(house, projection.Changes(responses={newest}), now=now)
    JournalEntry.objects.filter(delivered_at=None).update(delivered_at=now)
    print("told", flush=True)
"""


def run() -> list[Figure]:
    """Fill an installation once, then measure page, memory and accepting beside it."""
    with _filled(ANSWERS) as (place, port, reader, path, folder):
        return [
            *_page(place, reader, path, folder, ANSWERS),
            *_accepting(place, port, reader, path, folder),
        ]


def main(words: list[str]) -> None:
    """Measure the page over a number of answers from the command line."""
    from benchmarks.__main__ import row

    answers = int(words[0])
    with _filled(answers) as (place, _port, reader, path, folder):
        for figure in _page(place, reader, path, folder, answers):
            print(row(figure))


@contextmanager
def _filled(answers: int) -> "Iterator[tuple[Place, int, Reader, str, Path]]":
    """An installation with so many answers, its port, a colleague, the page and the projection."""
    with installation("sqlite") as place:
        _make_owner(place)
        survey, folder = _fill(place, answers).split()
        with web(place) as port:
            reader = Reader(port)
            reader.log_in()
            yield place, port, reader, f"/scores/{survey}/", Path(folder)


@dataclass(slots=True)
class Reader:
    """One keep-alive connection of a colleague."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> str:
        """The page, whole."""
        return self._ask("GET", path)

    def log_in(self) -> None:
        """Through the log-in page, as everybody."""
        found = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self.get("/accounts/login/"))
        assert found is not None
        fields = {"login": EMAIL, "password": PASSWORD, "csrfmiddlewaretoken": found[1]}
        self._ask("POST", "/accounts/login/", urllib.parse.urlencode(fields))
        assert "sessionid" in self.cookies

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"Accept-Language": "en"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _sign, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        assert answer.status < 400, f"{path}: {answer.status}"
        return text


def _page(place: Place, reader: Reader, path: str, folder: Path, answers: int) -> list[Figure]:
    with _news(place) as tell:
        return _page_with_news(place, reader, path, folder, answers, tell)


def _page_with_news(
    place: Place, reader: Reader, path: str, folder: Path, answers: int, tell: Callable[[], None]
) -> list[Figure]:
    limit = LIMITS[min(LIMITS, key=lambda size: abs(size - answers))]
    reader.get("/scores/")  # loads the engine, which a fresh process has not done yet
    before = max(memory_of_webs(str(place.folder)), default=0.0)
    began = time.perf_counter()
    text = reader.get(path)
    first = time.perf_counter() - began
    assert f"{answers:,}" in text, "the page does not count every answer"

    taken = []
    for number in range(1, RUNS + 1):
        tell()
        began = time.perf_counter()
        text = reader.get(path)
        taken.append(time.perf_counter() - began)
        assert f"{answers + number:,}" in text, "the page does not count the newest answer"
    after_news = statistics.median(taken)
    after_some = max(memory_of_webs(str(place.folder)), default=0.0)
    warm_seconds = median_seconds(lambda: reader.get(path), runs=RUNS, warm=2)
    alone = median_seconds(_histogram_alone(folder), runs=RUNS, warm=2)
    narrow = []
    for region in ("north", "east", "south", "west", "centre"):
        began = time.perf_counter()
        reader.get(f"{path}?attr:region={region}&when=365d")
        narrow.append(time.perf_counter() - began)
    for _ in range(30):
        tell()
        reader.get(path)
    after_many = max(memory_of_webs(str(place.folder)), default=0.0)
    million = "a million answers" if answers == ANSWERS else f"{answers:,} answers"
    figures = [
        Figure(f"page over {million}, first", first, "s", limit, "target"),
        Figure(f"page over {million}, after news", after_news, "s", limit, "target"),
        Figure(f"page over {million}, two filters never seen before",
               statistics.median(narrow), "s", limit, "target"),
        Figure(f"page over {million}, warm", warm_seconds, "s", limit, "target"),
        Figure("page after news, beside one histogram", after_news, "s", alone * 20,
               "20 such histograms by DuckDB alone"),
        Figure("page with two new filters, beside one histogram", statistics.median(narrow), "s",
               alone * 20, "20 such histograms by DuckDB alone"),
    ]  # fmt: skip
    if before:
        figures += [
            Figure("web process after its first pages", after_some, "MB", 512 + before,
                   f"{before:.0f} MB before, and the engine's 512"),
            Figure("web process 30 news and pages later", after_many, "MB", after_some * 1.1,
                   "a tenth more: memory is flat"),
        ]  # fmt: skip
    return figures


@contextmanager
def _news(place: Place) -> Iterator[Callable[[], None]]:
    """Give one more answer and have it projected; returns when it stands there."""
    command = [sys.executable, "-c", NEWS]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=place.environment, stdin=pipe, stdout=pipe, text=True
    ) as giver:
        assert giver.stdin is not None
        assert giver.stdout is not None
        lines, told = giver.stdin, giver.stdout

        def tell() -> None:
            print(uuid.uuid4().hex, file=lines, flush=True)
            assert told.readline() == "told\n", "the newest answer was not projected"

        yield tell
        lines.close()


def _renew(folder: Path) -> None:
    """Give the projection a new version, as new answers would."""
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["version"] = uuid.uuid4().hex
    fresh = path.with_suffix(".fresh")
    fresh.write_text(json.dumps(content), encoding="utf-8")
    fresh.replace(path)


def _histogram_alone(folder: Path) -> Callable[[], object]:
    """The distribution of ratings by DuckDB itself, with as many threads as Gloed gives it."""
    database = duckdb.connect(config={"threads": 2})
    files = f"read_parquet('{folder}/*/*.parquet')"
    statement = f"SELECT rating, count(*) FROM {files} GROUP BY rating"
    return lambda: database.execute(statement).fetchall()


def _accepting(place: Place, port: int, reader: Reader, path: str, folder: Path) -> list[Figure]:
    """The slowest percent of accepting while the page is loaded, against quiet.

    Quiet and busy take turns, so that a machine that slows down slows both.
    """
    load(place, port, clients=8, seconds=2.0)  # warm, not counted
    quiet, opened, crowded = [], [], []
    for _ in range(3):
        quiet.append(load(place, port, clients=8, seconds=OPENED_EVERY)["p99"])
        with _loading(reader, path, folder, every=OPENED_EVERY):
            opened.append(load(place, port, clients=8, seconds=OPENED_EVERY)["p99"])
        with _loading(reader, path, folder, every=RELOADED_EVERY):
            crowded.append(load(place, port, clients=8, seconds=OPENED_EVERY)["p99"])
    return [
        Figure(
            f"99% of answers accepted within, {what}",
            statistics.median(busy),
            "ms",
            1.2 * statistics.median(quiet),
            "1.2 times its quiet value",
        )
        for what, busy in (
            (f"page opened every {OPENED_EVERY:.0f} s", opened),
            ("page reloaded every second", crowded),
        )
    ]


@contextmanager
def _loading(reader: Reader, path: str, folder: Path, *, every: float) -> Iterator[None]:
    """Load the page cold, again and again, so many seconds apart."""
    stopping = threading.Event()

    def again() -> None:
        stopping.wait(every / 2)  # not before the answers come
        while not stopping.is_set():
            began = time.perf_counter()
            _renew(folder)
            reader.get(path)
            stopping.wait(max(0.0, every - (time.perf_counter() - began)))

    thread = threading.Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def _make_owner(place: Place) -> None:
    program = str(Path(sys.executable).parent / "gloed")
    words = ["admin", "create", "--email", EMAIL, "--organisation", "Benchmark"]
    _run(place, [program, *words, "--password-stdin"], given=f"{PASSWORD}\n")


def _fill(place: Place, answers: int) -> str:
    """The id of the survey and the folder of the projection."""
    return _run(place, [sys.executable, "-c", FILL, str(answers)])


def _run(place: Place, command: list[str], *, given: str = "") -> str:
    done = subprocess.run(
        command, env=place.environment, input=given, text=True, check=True, stdout=subprocess.PIPE
    )
    return done.stdout


if __name__ == "__main__":
    main(sys.argv[1:])
