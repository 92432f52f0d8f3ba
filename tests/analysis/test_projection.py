"""The projection equals the record, whatever happened and wherever it was killed."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gloed.analysis import manifest, projection, store, tasks
from gloed.analysis.manifest import GRACE
from gloed.analysis.models import Mark
from gloed.analysis.projection import Busy, Changes
from gloed.analysis.queries import Query, run

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def projected(organisation):
    """How often each (local day, rating, region) stands in the projection."""
    result = run(store.projection_of(organisation), Query(by=("attr:region", "response")))
    found = Counter()
    for cell in result.cells:
        for value, count in zip(cell.histogram.values, cell.histogram.counts, strict=True):
            found[(cell.group[1], value, cell.group[0])] += count
        found[(cell.group[1], None, cell.group[0])] += cell.histogram.missing
    return +found


def recounted(organisation):
    """The same, counted plainly in the record."""
    from gloed.responses.models import Response

    found = Counter()
    for response in Response.objects.filter(organisation=organisation, withdrawn_at=None):
        rating = response.answers.filter(question__position=1).first()
        key = (str(response.public_id), rating.rating if rating else None)
        found[(*key, response.attributes.get("region"))] += 1
    return found


def catch_up(organisation):
    """What the worker does with the marks, without a worker."""
    marks = list(Mark.objects.filter(organisation=organisation))
    projection.project(organisation, tasks._changes(marks), now=NOW)
    Mark.objects.all().delete()


def mark(organisation, *, response=None, month=""):
    Mark.objects.create(
        organisation=organisation, response_id=response.pk if response else None, month=month
    )


STEP = st.tuples(
    st.sampled_from(["answer", "correct", "move", "withdraw", "restore", "import", "undo", "erase",
                     "project", "twice", "compact"]),
    st.integers(0, 10),
    st.integers(0, 400),
    st.sampled_from(["N", "Z", None, "ongeveer ☂"]),
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, min_size=1, max_size=25))
def test_the_projection_equals_the_record(steps, organisation, make_survey, answer):
    from gloed.responses.models import Response

    organisation.responses.all().delete()
    survey = organisation.surveys.first() or make_survey(organisation)
    projection.project(organisation, Changes(everything=True), now=NOW)
    for kind, rating, days, region in steps:
        at = None if days == 400 else NOW - timedelta(days=days, hours=rating)
        responses = list(Response.objects.filter(organisation=organisation).order_by("pk"))
        chosen = responses[days % len(responses)] if responses else None
        month = _month(at)
        if kind == "answer":
            fields = {"attributes": {"region": region}}
            mark(organisation, response=answer(survey, rating, at=at, words="x", **fields))
        elif kind == "import":
            for number in range(3):
                answer(survey, (rating + number) % 11, at=at, attributes={"region": region})
            mark(organisation, month=month)
        elif kind == "project":
            catch_up(organisation)
        elif kind == "compact":
            for _ in range(projection.MOST_SMALL + 1):
                mark(organisation, response=answer(survey, rating, at=at))
                catch_up(organisation)
        elif chosen is not None:
            _change(kind, chosen, rating, at, region, organisation)
    catch_up(organisation)
    assert projected(organisation) == recounted(organisation)


def _month(at):
    return at.strftime("%Y-%m") if at else "undated"


def _change(kind, response, rating, at, region, organisation):
    if kind == "correct":
        response.answers.filter(question__position=1).update(rating=rating)
    elif kind == "move":
        response.responded_at = at
    elif kind == "withdraw":
        response.withdrawn_at = NOW
    elif kind == "restore":
        response.withdrawn_at = None
    elif kind == "erase":
        response.person, response.attributes = None, {}
    elif kind == "undo":
        mark(organisation, month=_month(response.responded_at))
        response.delete()
        return
    if kind != "twice":
        response.save()
    mark(organisation, response=response)


@pytest.fixture
def filled(organisation, make_survey, spread, rebuild):
    """A projection of a few months."""
    spread(make_survey(organisation), {9: 40, 5: 20, 0: 10}, attributes={"region": "N"})
    rebuild(organisation)
    return organisation


def test_news_is_appended_and_old_files_stay(filled, answer):
    before = manifest.read(projection.folder_of(filled))
    response = answer(filled.surveys.get(), 10)
    projection.project(filled, Changes(responses={response.pk}), now=NOW)
    after = manifest.read(projection.folder_of(filled))
    assert {part.path for part in before.parts} < {part.path for part in after.parts}
    assert after.rows == before.rows + 1
    assert after.version != before.version


def test_news_told_twice_is_counted_once(filled, answer):
    response = answer(filled.surveys.get(), 10)
    for _ in range(3):
        projection.project(filled, Changes(responses={response.pk}), now=NOW)
    assert projected(filled) == recounted(filled)


def test_many_small_files_are_put_together(filled, answer):
    survey = filled.surveys.get()
    for _ in range(2 * projection.MOST_SMALL):
        response = answer(survey, 10)
        projection.project(filled, Changes(responses={response.pk}), now=NOW)
    parts = manifest.read(projection.folder_of(filled)).parts
    assert max(Counter(part.month for part in parts).values()) <= projection.MOST_SMALL
    assert projected(filled) == recounted(filled)


def test_files_let_go_are_deleted_after_a_while_and_no_sooner(filled, rebuild):
    folder = projection.folder_of(filled)
    old = {part.path for part in manifest.read(folder).parts}
    rebuild(filled)
    assert projection.sweep(filled, now=NOW) is True
    assert all((folder / path).exists() for path in old)
    assert projection.sweep(filled, now=datetime.now(UTC) + GRACE * 2) is False
    assert not any((folder / path).exists() for path in old)
    assert manifest.read(folder).retired == {}
    assert projected(filled) == recounted(filled)


def test_two_workers_never_write_the_same_projection(filled):
    with projection.writing(filled), pytest.raises(Busy), projection.writing(filled):
        pass


def test_readers_never_see_half_a_change(filled):
    """A reader goes on counting while the whole projection is written again and again."""
    source = store.projection_of(filled)
    expected = run(source, Query()).merged()
    seen, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            seen.append(run(store.projection_of(filled), Query()).merged())
            stop.wait(0.01)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(5):
        projection.project(filled, Changes(everything=True), now=NOW)
    stop.set()
    reader.join()
    assert seen
    assert all(histogram == expected for histogram in seen)


def test_a_projection_that_was_lost_is_made_again(filled, answer):
    folder = projection.folder_of(filled)
    (folder / manifest.NAME).unlink()
    response = answer(filled.surveys.get(), 3)
    projection.project(filled, Changes(responses={response.pk}), now=NOW)
    assert projected(filled) == recounted(filled)


KILLED = """
import os, signal, sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from gloed.analysis import manifest, projection
from gloed.base.models import Organisation
settings.PROJECTION = Path(sys.argv[1])
where = sys.argv[3]
calls = 0
def die(*args, **kwargs):
    global calls
    calls += 1
    if calls == int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args, **kwargs)
owner, name = {"file": (projection.pq, "write_table"), "sync": (manifest, "sync_folder"),
               "list": (manifest.json, "dump")}[where]
real = getattr(owner, name)
setattr(owner, name, die)
organisation = Organisation.objects.get(pk=int(sys.argv[2]))
projection.project(organisation, projection.Changes(everything=True),
                   now=django.utils.timezone.now())
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("where", "call"), [("file", 1), ("file", 3), ("sync", 2), ("list", 1)])
def test_a_killed_writer_leaves_the_old_projection_whole(filled, answer, where, call, settings):
    """kill -9 while files are written, and just before the list is replaced."""
    from django.db import connection

    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("another process cannot see a database in memory")
    before = projected(filled)
    answer(filled.surveys.get(), 10)
    environment = os.environ | {"DATABASE_URL": _address(connection)}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, settings.PROJECTION, str(filled.pk), where, str(call)],
        env=environment,
        check=False,
        capture_output=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert projected(filled) == before
    projection.project(filled, Changes(everything=True), now=NOW)
    assert projected(filled) == recounted(filled)
    projection.sweep(filled, now=datetime.now(UTC) + GRACE * 2)
    files = {p.name for p in projection.folder_of(filled).glob("*/*.parquet")}
    parts = manifest.read(projection.folder_of(filled)).parts
    assert files == {name.split("/")[1] for part in parts for name in part.files}


def test_half_a_letter_on_record_does_not_stop_the_projection(organisation, make_survey, answer):
    from django.db import connection

    from gloed.responses.models import Response

    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL itself refuses half a letter in JSON")
    answer(make_survey(organisation), 9)
    wild = {"region": "Noord\ud800", "list": ["\udfff"], "na\ud83dme": 1}
    Response.objects.filter(organisation=organisation).update(attributes=wild)
    projection.project(organisation, Changes(everything=True), now=NOW)
    assert [key[2] for key in projected(organisation)] == ["Noord"]


def _address(connection):
    parts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{parts['NAME']}"
    password = f":{parts['PASSWORD']}" if parts["PASSWORD"] else ""
    host = f"{parts['HOST'] or '127.0.0.1'}:{parts['PORT'] or 5432}"
    return f"postgresql://{parts['USER']}{password}@{host}/{parts['NAME']}"
