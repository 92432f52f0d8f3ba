"""A real worker process for the test that kills it among letters; `prepare N` or `work`."""

import json
import os
import sys
from dataclasses import replace
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "gloed.project.settings"
django.setup()

from django.utils import timezone  # noqa: E402 - Django is set up first

from gloed.base import jobs  # noqa: E402
from gloed.base.models import Organisation, Staff  # noqa: E402
from gloed.base.sealing import seal  # noqa: E402
from gloed.base.worker import Worker, process  # noqa: E402
from gloed.channels.letters.models import Mailbox  # noqa: E402
from gloed.channels.letters.tasks import FETCH, SEND  # noqa: E402
from gloed.loop.cases import operations as cases  # noqa: E402
from gloed.loop.letters import operations as letters  # noqa: E402
from gloed.loop.letters.operations import delivering  # noqa: E402
from gloed.people.models import Person  # noqa: E402
from tests.channels.letters.imap_house import PASSWORD, USER  # noqa: E402

SHORT = timedelta(seconds=2)


def prepare(count, port):
    """So many cases whose customers are written to; says the word of each conversation."""
    now = timezone.now()
    organisation = Organisation.objects.create(name="Mortal", created_at=now)
    staff = Staff.objects.create_user("sanne@example.org", name="Sanne")
    Mailbox.objects.create(
        organisation=organisation,
        address="service@gloed.example",
        host="localhost",
        port=port,
        user=USER,
        sealed_password=seal(PASSWORD),
        uid_validity=7,
        changed_at=now,
    )
    tokens = {}
    for number in range(count):
        address = f"p{number}@example.org"
        person = Person.objects.create(
            organisation=organisation, email=address, email_key=address, created_at=now
        )
        case = cases.open_for_person(person, because=[], now=now)
        early = now - timedelta(minutes=1)
        letters.send_reply(case, key=address, subject="x", body="x", author=staff, now=early)
        tokens[address] = case.letter_thread.token
    print(json.dumps(tokens))  # noqa: T201 - the test reads it


def work():
    """A worker whose leases are short, so that what a dead one held is soon free."""
    delivering.LEASE = SHORT
    process.SCHEDULES_EVERY = 0.3
    for kind in (SEND, FETCH):
        task = jobs.REGISTRY.tasks[kind]
        jobs.REGISTRY.tasks[kind] = replace(
            task, lease=SHORT, period=timedelta(seconds=0.3), max_attempts=50
        )
    worker = Worker()
    worker.stop_on_signals()
    worker.run()


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]), int(sys.argv[3]))
    else:
        work()
