"""A real worker process for the tests that kill it; run with `prepare N` or `work`.

The atomic effects go to a table without any constraint, so that a job done twice would show; the
others are careful by themselves, as a task that is not atomic has to be.
"""

import os
import sys
import time
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "gloed.project.settings"
django.setup()

from django.db import connection, transaction  # noqa: E402 - Django is set up first
from django.utils import timezone  # noqa: E402

from gloed.base import jobs, journal  # noqa: E402
from gloed.base.models import Organisation  # noqa: E402
from gloed.base.worker import Worker, delivery  # noqa: E402

SHORT_LEASE = timedelta(seconds=2)


def write(table, number):
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} VALUES (%s) ON CONFLICT DO NOTHING", [number])


@jobs.task("mortal.atomic", atomic=True, lease=SHORT_LEASE, max_attempts=50)
def atomic(run):
    write("atomic_effect", run.payload["n"])
    time.sleep(0.003)


@jobs.task("mortal.careful", lease=SHORT_LEASE, max_attempts=50)
def careful(run):
    write("careful_effect", run.payload["n"])
    time.sleep(0.003)


def take_news(entries):
    with transaction.atomic():
        for entry in entries:
            write("news_effect", int(entry.subject))
    time.sleep(0.02)


def prepare(count):
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE atomic_effect (n integer)")
        cursor.execute("CREATE TABLE careful_effect (n integer UNIQUE)")
        cursor.execute("CREATE TABLE news_effect (n integer UNIQUE)")
    with transaction.atomic():
        organisation = Organisation.objects.create(name="Mortal", created_at=now)
        for number in range(count):
            jobs.enqueue("mortal.atomic", {"n": number}, now=now)
            jobs.enqueue("mortal.careful", {"n": number}, now=now)
        journal.append_many("mortal", organisation=organisation, subjects=range(count), at=now)


def work():
    delivery.LEASE = SHORT_LEASE
    delivery.claim.__kwdefaults__["limit"] = 20
    journal.subscribe("mortal.news", ["mortal"], take_news)
    worker = Worker()
    worker.stop_on_signals()
    worker.run()


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        work()
