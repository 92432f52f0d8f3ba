"""A real worker process for the test that kills it while it sends; `prepare N` or `work`."""

import os
import sys
from dataclasses import replace
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "gloed.project.settings"
django.setup()

from django.utils import timezone  # noqa: E402 - Django is set up first

from gloed.base import jobs  # noqa: E402
from gloed.base.models import Organisation  # noqa: E402
from gloed.base.worker import Worker, process  # noqa: E402
from gloed.channels.email.tasks import SEND  # noqa: E402
from gloed.fieldwork import operations as fieldwork  # noqa: E402
from gloed.fieldwork.models import Wave  # noqa: E402
from gloed.fieldwork.operations import sending  # noqa: E402
from gloed.people import operations as people  # noqa: E402
from gloed.people.models import Person, Suppression  # noqa: E402
from gloed.surveys import operations as surveys  # noqa: E402

DOMAINS = 200
SHORT = timedelta(seconds=2)


def prepare(count):
    """A wave to so many people; every tenth of the first hundred wants no surveys."""
    now = timezone.now()
    organisation = Organisation.objects.create(name="Mortal", created_at=now)
    content = surveys.usual_content(organisation, "nps")
    survey = surveys.create_survey(organisation, title="x", content=content, now=now)
    survey = surveys.open_survey(survey, now=now)
    addresses = [f"p{number}@d{number % DOMAINS}.example" for number in range(count)]
    Person.objects.bulk_create(
        [
            Person(
                organisation=organisation,
                name=f"Person {number}",
                email=address,
                email_key=address,
                language="nl" if number % 2 else "en",
                created_at=now,
            )
            for number, address in enumerate(addresses)
        ],
        batch_size=1000,
    )
    for address in addresses[:100:10]:
        reason = Suppression.Reason.OPT_OUT
        people.suppress(organisation, address, reason=reason, source="page", now=now)
    wave = Wave.objects.create(
        organisation=organisation, survey=survey, name="x", channel="email", created_at=now
    )
    fieldwork.start_wave(wave, now=now)
    fieldwork.write_wave(wave.pk, now=now)


def work():
    """A worker whose leases are short, so that what a dead one held is soon free."""
    sending.LEASE = SHORT
    process.SCHEDULES_EVERY = 0.3
    task = jobs.REGISTRY.tasks[SEND]
    jobs.REGISTRY.tasks[SEND] = replace(
        task, lease=SHORT, period=timedelta(seconds=0.3), max_attempts=50
    )
    worker = Worker()
    worker.stop_on_signals()
    worker.run()


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        work()
