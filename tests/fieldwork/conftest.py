"""A survey that is open, and people who may be asked."""

from datetime import UTC, datetime

import pytest

from gloed.fieldwork import channels, operations
from gloed.fieldwork.models import Wave
from gloed.fieldwork.rules import Contact
from gloed.people.models import Person
from gloed.surveys import operations as surveys

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday, 10:30 in Amsterdam
MAIL = channels.AskChannel("test_mail", "Mail", Contact.EMAIL)


@pytest.fixture(autouse=True)
def _mail(monkeypatch):
    """A channel as the rooms above register theirs."""
    monkeypatch.setattr(channels, "_CHANNELS", dict(channels._CHANNELS))
    channels.register(MAIL)


@pytest.fixture
def make_survey(organisation):
    def make(title="Relatie", kind="relationship", metric="nps"):
        content = surveys.usual_content(organisation, metric)
        survey = surveys.create_survey(
            organisation, title=title, content=content, kind=kind, now=NOW
        )
        surveys.publish(survey, now=NOW)
        return surveys.open_survey(survey, now=NOW)

    return make


@pytest.fixture
def survey(make_survey):
    return make_survey()


@pytest.fixture
def make_people(organisation):
    def make(count, start=0, **fields):
        return Person.objects.bulk_create(
            Person(
                **{
                    "organisation": organisation,
                    "external_id": f"c{number}",
                    "name": f"Klant {number}",
                    "email": f"c{number}@example.org",
                    "email_key": f"c{number}@example.org",
                    "language": "nl",
                    "created_at": NOW,
                    "attributes": {"regio": "Noord" if number % 2 else "Zuid"},
                    **fields,
                }
            )
            for number in range(start, start + count)
        )

    return make


@pytest.fixture
def person(make_people):
    return make_people(1)[0]


@pytest.fixture
def make_wave(organisation, survey):
    def make(**fields):
        values = {
            "organisation": organisation,
            "survey": survey,
            "name": "Voorjaar",
            "channel": MAIL.name,
            "created_at": NOW,
        }
        return Wave.objects.create(**{**values, **fields})

    return make


@pytest.fixture
def count_queries(alice):
    """How many questions a page asks the database when it is opened for the second time."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(path):
        alice.get(path)
        with CaptureQueriesContext(connection) as caught:
            assert alice.get(path).status_code == 200
        return len(caught)

    return count


@pytest.fixture
def service(make_survey):
    """A survey after an interaction."""
    return make_survey(title="Service", kind="transactional")


@pytest.fixture
def make_trigger(organisation, service):
    """A trigger that asks an hour after a ticket was solved."""

    def make(is_on=True, **values):
        fields = {
            "survey": service,
            "name": "Na een storing",
            "kind": "ticket_solved",
            "channel": MAIL.name,
            "delay_minutes": 60,
            "cancelled_by": ["ticket_reopened"],
            "match_on": "ticket",
        }
        trigger = operations.keep_trigger(organisation, {**fields, **values}, now=NOW)
        if is_on:
            operations.switch_trigger(trigger, to=True, now=NOW)
        return trigger

    return make
