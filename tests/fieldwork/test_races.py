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
KINDS = ["ticket_solved", "delivery"]

BEGIN = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "gloed.project.settings"
import django
django.setup()
from datetime import datetime
from django.db import connections
connections.settings["default"]["NAME"] = {name!r}
from gloed.base.models import Organisation
from gloed.fieldwork import operations
from gloed.people.models import Person
from gloed.people.rules import PersonData
from gloed.surveys.models import Survey
now = datetime.fromisoformat({now!r})
begins, children = time.time() + 1, []
for number in range({processes}):
    child = os.fork()
    if child:
        children.append(child)
        continue
"""
END = """
    os.write(1, (said + chr(10)).encode())
    os._exit(0)
for child in children:
    os.waitpid(child, 0)
"""
ASK = """
    survey, person = Survey.objects.get(pk={survey}), Person.objects.get(pk={person})
    time.sleep(max(0, begins - time.time()))
    asked = operations.ask_one(survey, person, channel="link", now=now)
    said = str(asked.skip or "asked")
"""
TELL = """
    house = Organisation.objects.get(pk={organisation})
    time.sleep(max(0, begins - time.time()))
    receipt = operations.receive_event(
        house, kind={kinds!r}[number % 2], person=PersonData(external_id="c0"),
        key={key!r} or str(number), occurred_at=now, now=now)
    (reacted,) = receipt.reactions
    said = str(reacted.skip or reacted.became) + ("" if receipt.is_new else "_again")
"""


@pytest.fixture
def said_by_processes(tmp_path):
    """What each of many processes says that do the same at the same instant, and the database."""

    def race(code, processes=PROCESSES, **values):
        name = str(connection.settings_dict["NAME"])
        if connection.vendor == "sqlite":
            name = str(_on_disk(tmp_path))
        values |= {"name": name, "now": NOW.isoformat(), "processes": processes}
        ended = subprocess.run(
            [sys.executable, "-c", (BEGIN + code + END).format(**values)],
            capture_output=True,
            text=True,
            check=False,
            timeout=400,
        )
        return sorted(ended.stdout.split()), ended.stderr, name

    return race


@pytest.mark.django_db(transaction=True)
def test_fifty_processes_leave_exactly_one_invitation(survey, person, said_by_processes):
    said, trouble, name = said_by_processes(ASK, survey=survey.pk, person=person.pk)
    assert said == ["asked", *["open_invitation"] * (PROCESSES - 1)], trouble
    _count_on_disk(name)


@pytest.fixture
def two_triggers(organisation, person, make_survey):
    """Two triggers that listen to different events, each asking a survey of its own."""
    for kind in KINDS:
        survey = make_survey(title=kind, kind="transactional")
        values = {"survey": survey, "name": kind, "kind": kind, "channel": "link"}
        trigger = operations.keep_trigger(organisation, values, now=NOW)
        operations.switch_trigger(trigger, to=True, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_triggers_at_the_same_instant_never_both_pass(
    organisation, two_triggers, said_by_processes
):
    values = {"organisation": organisation.pk, "kinds": KINDS, "key": ""}
    said, trouble, name = said_by_processes(TELL, processes=24, **values)
    assert said == ["asked", *["open_invitation"] * 23], trouble
    _count_on_disk(name)


@pytest.mark.django_db(transaction=True)
def test_one_event_told_by_many_processes_is_taken_in_once(
    organisation, two_triggers, said_by_processes
):
    values = {"organisation": organisation.pk, "kinds": KINDS[:1] * 2, "key": "one and the same"}
    said, trouble, name = said_by_processes(TELL, processes=16, **values)
    assert said == ["asked", *["asked_again"] * 15], trouble
    _count_on_disk(name)


def _on_disk(folder):
    """The test database of SQLite, which lives in memory, as a file that others can open."""
    path = folder / "race.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    with sqlite3.connect(path) as copy:  # as a database in use is; to turn it needs it alone
        copy.execute("PRAGMA journal_mode=WAL")
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
