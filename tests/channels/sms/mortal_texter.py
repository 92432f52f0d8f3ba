"""A real process for the test that kills it while it sends; `prepare PORT N` or `work`."""

import os
import sys
import time
from datetime import UTC, datetime, timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "gloed.project.settings"
django.setup()

from gloed.base.models import Organisation, Staff  # noqa: E402 - Django is set up first
from gloed.channels.sms import operations  # noqa: E402
from gloed.fieldwork import operations as fieldwork  # noqa: E402
from gloed.fieldwork.models import Invitation  # noqa: E402
from gloed.fieldwork.operations import sending  # noqa: E402
from gloed.people.models import Person  # noqa: E402
from gloed.surveys import operations as surveys  # noqa: E402

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def prepare(port, count):
    organisation = Organisation.objects.create(name="Mortal", created_at=MONDAY)
    content = surveys.usual_content(organisation, "nps")
    survey = surveys.create_survey(organisation, title="x", content=content, now=MONDAY)
    survey = surveys.open_survey(survey, now=MONDAY)
    boss = Staff.objects.create_user("boss@example.org")
    operations.add_provider(
        organisation,
        name="Double",
        address=f"signal://127.0.0.1:{port}/+31970102030",
        takes_replies=False,
        per_minute=6000,
        by=boss,
        now=MONDAY,
    )
    for number in range(count):
        person = Person.objects.create(
            organisation=organisation, phone=f"+316100000{number:02}", created_at=MONDAY
        )
        fieldwork.ask_one(survey, person, channel="sms", now=MONDAY)


def work():
    """Send until nothing waits; time goes fast, so that what a dead one held is soon free."""
    sending.LEASE = timedelta(seconds=2)
    began = time.monotonic()

    def now():
        return MONDAY + timedelta(seconds=float(os.environ["LATER"]) + time.monotonic() - began)

    while Invitation.objects.filter(is_open=True, sent_at=None).exists():
        operations.send_due(now=now, within=timedelta(seconds=1))
        time.sleep(0.05)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]), int(sys.argv[3]))
    else:
        work()
