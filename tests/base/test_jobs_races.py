"""Several writers and workers at the same moment, on real connections of their own."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from gloed.base import jobs
from gloed.base.jobs import REGISTRY
from gloed.base.models import Job, Organisation
from gloed.base.worker import claims

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WRITERS = 6

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _task():
    known = dict(REGISTRY.tasks)
    jobs.task("t.race")(lambda run: None)
    yield
    REGISTRY.tasks.clear()
    REGISTRY.tasks.update(known)


@pytest.fixture
def together():
    """Run one function in several threads that start at the same moment."""
    gate = threading.Barrier(WRITERS)

    def run(work):
        def one(number):
            try:
                gate.wait(60)
                return work(number)
            finally:
                connection.close()

        with ThreadPoolExecutor(WRITERS) as pool:
            return list(pool.map(one, range(WRITERS)))

    return run


def test_one_waiting_job_per_key_however_many_enqueue_it(together):
    ids = together(lambda _n: {jobs.enqueue("t.race", now=NOW, key="k").pk for _ in range(5)})
    assert set.union(*ids) == {Job.objects.get().pk}


def test_no_job_is_claimed_twice(together):
    Job.objects.bulk_create(
        Job(kind="t.race", run_at=NOW, created_at=NOW, payload={"n": n}) for n in range(60)
    )

    def take(number):
        taken = []
        while found := claims.claim(["t.race"], worker=f"w{number}", now=NOW, limit=3):
            taken += [job.pk for job in found]
        return taken

    taken = [pk for some in together(take) for pk in some]
    assert len(taken) == len(set(taken))
    # whoever saw only locked rows went home early; what is left can be claimed now
    rest = claims.claim(["t.race"], worker="last", now=NOW, limit=100)
    assert len(taken) + len(rest) == 60


def test_a_job_that_was_asked_for_again_sees_what_the_asker_wrote():
    """The job waits already; it must not run before the asker's transaction is there to see."""
    jobs.enqueue("t.race", now=NOW, key="k")
    asked = threading.Event()

    def ask():
        try:
            with transaction.atomic():
                jobs.enqueue("t.race", now=NOW, key="k")
                asked.set()
                time.sleep(0.3)
                Organisation.objects.create(name="Written late", created_at=NOW)
        finally:
            connection.close()

    asker = threading.Thread(target=ask)
    asker.start()
    assert asked.wait(60)
    deadline = time.monotonic() + 60
    while not (claimed := claims.claim(["t.race"], worker="w", now=NOW, limit=1)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert Organisation.objects.filter(name="Written late").exists()
    assert Job.objects.get().pk == claimed[0].pk
    asker.join()
