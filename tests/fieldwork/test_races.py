"""Fifty processes ask the same person at the same instant: one invitation is open."""

import sqlite3
import subprocess
import sys

import pytest
from django.db import IntegrityError, connection

from gloed.fieldwork import operations
from gloed.fieldwork.models import Invitation
from tests.fieldwork.conftest import MAIL, NOW

PROCESSES = 50

ASK = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "gloed.project.settings"
import django
django.setup()
from datetime import datetime
from django.db import connections
connections.settings["default"]["NAME"] = {name!r}
from gloed.fieldwork import operations
from gloed.people.models import Person
from gloed.surveys.models import Survey
begins, children = time.time() + 1, []
for number in range({processes}):
    child = os.fork()
    if child:
        children.append(child)
        continue
    survey, person = Survey.objects.get(pk={survey}), Person.objects.get(pk={person})
    time.sleep(max(0, begins - time.time()))
    asked = operations.ask_one(survey, person, channel="link", now=datetime.fromisoformat({now!r}))
    os.write(1, (str(asked.skip or "asked") + chr(10)).encode())
    os._exit(0)
for child in children:
    os.waitpid(child, 0)
"""


@pytest.mark.django_db(transaction=True)
def test_fifty_processes_leave_exactly_one_invitation(survey, person, tmp_path):
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        name = str(_on_disk(tmp_path))
    code = ASK.format(
        name=name, survey=survey.pk, person=person.pk, now=NOW.isoformat(), processes=PROCESSES
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    said = sorted(ended.stdout.split())
    assert said == ["asked", *["open_invitation"] * (PROCESSES - 1)], ended.stderr
    _count_on_disk(name)


def _on_disk(folder):
    """The test database of SQLite, which lives in memory, as a file that others can open."""
    path = folder / "race.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    return path


def _count_on_disk(name):
    if connection.vendor == "sqlite":
        with sqlite3.connect(name) as database:
            (count,) = database.execute(
                "SELECT count(*) FROM fieldwork_invitation WHERE is_open"
            ).fetchone()
    else:
        count = Invitation.objects.filter(is_open=True).count()
    assert count == 1


@pytest.mark.django_db
def test_the_database_itself_allows_one_open_invitation(survey, person):
    operations.ask_one(survey, person, channel=MAIL.name, now=NOW)
    with pytest.raises(IntegrityError):
        Invitation.objects.create(
            organisation=survey.organisation,
            survey=survey,
            person=person,
            channel="link",
            is_open=True,
            created_at=NOW,
        )
