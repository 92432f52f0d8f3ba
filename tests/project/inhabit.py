"""Fill an installation with rows of every difficult kind; run in a process of its own."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "gloed.project.settings"
django.setup()

from django.conf import settings  # noqa: E402 - Django is set up first
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from gloed.base import jobs, journal  # noqa: E402
from gloed.base.models import Job, Membership, Organisation, Staff, Team  # noqa: E402
from gloed.people.models import Person  # noqa: E402

NOW = datetime(2026, 3, 2, 9, 30, 12, 345678, tzinfo=UTC)
TEXTS = ("Zoë & “Søn”", "line\nbreak\ttab", "🔥 \\ ' \" %s", "null", "")

house = Organisation.objects.create(name="Noorderlicht", created_at=NOW)
staff = Staff.objects.create_user("alice@example.org", "correct horse", name=TEXTS[0])
Staff.objects.filter(pk=staff.pk).update(date_joined=NOW - timedelta(days=900))
membership = Membership.objects.create(organisation=house, staff=staff, role="owner")
membership.teams.set([Team.objects.create(organisation=house, name=name) for name in TEXTS])
for number, text in enumerate(TEXTS * 300):
    Person.objects.create(
        organisation=house,
        name=text,
        email=f"p{number}@example.org",
        created_at=NOW + timedelta(microseconds=number),
        attributes={"text": text, "nested": {"zz": [1, 2.5, None, True], "a": "2026-03-02"}},
    )
jobs.enqueue("base.clean_up", {"b": 1, "a": text}, now=NOW, run_at=NOW, organisation=house)
Job.objects.create(kind="t", state="done", run_at=NOW, created_at=NOW, finished_at=NOW, key="k")
journal.append("t.news", organisation=house, subject="x", at=NOW, payload={"é": 1})
session = SessionStore()
session["organisation"] = str(house.public_id)
session.create()
uploads = Path(settings.UPLOADS) / "2026" / "03"
uploads.mkdir(parents=True)
(uploads / "antwoorden é.csv").write_bytes(bytes(range(256)))
(Path(settings.DATA) / "sample-log-in").write_text("alice\n", encoding="utf-8")
