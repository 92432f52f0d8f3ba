"""The same delivery from many sides at once, against a database on disk."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from gloed.base.models import JournalEntry, Organisation
from gloed.people.models import Person
from gloed.people.rules import PersonData
from gloed.responses.models import Answer, Response
from gloed.responses.operations import receive_answer, receive_many
from gloed.responses.rules import GivenAnswer, IncomingAnswer, Outcome
from gloed.surveys import operations as surveys
from gloed.surveys.queries import get_asked

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def survey(transactional_db):
    organisation = Organisation.objects.create(name="Noorderlicht", created_at=NOW)
    content = surveys.usual_content(organisation, "nps")
    survey = surveys.create_survey(organisation, title="x", content=content, now=NOW)
    return surveys.open_survey(survey, now=NOW)


def at_once(work, times=12):
    """Do the same work in many threads, each with its own connection."""

    def alone(number):
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(alone, range(times)))


def test_the_same_delivery_at_once_is_stored_once(survey):
    asked = get_asked(survey.pk)
    answer = IncomingAnswer(
        (GivenAnswer(1, rating=9), GivenAnswer(2, verbatim="snel")), "link", client_key="k" * 22
    )
    receipts = at_once(lambda _number: receive_answer(answer, survey=asked, now=NOW))
    assert [receipt.outcome for receipt in receipts].count(Outcome.NEW) == 1
    assert [receipt.outcome for receipt in receipts].count(Outcome.UNCHANGED) == 11
    assert len({receipt.response_id for receipt in receipts}) == 1
    assert (Response.objects.count(), Answer.objects.count()) == (1, 2)
    assert JournalEntry.objects.filter(kind="response.recorded").count() == 1


def test_the_same_new_person_at_once_is_made_once(survey):
    asked = get_asked(survey.pk)

    def deliver(number):
        answer = IncomingAnswer(
            (GivenAnswer(1, rating=9),),
            "api",
            source_id=str(number),
            person=PersonData(external_id="c1", email="anna@example.org"),
        )
        return receive_answer(answer, survey=asked, now=NOW)

    at_once(deliver)
    assert Person.objects.count() == 1
    assert Response.objects.filter(person__external_id="c1").count() == 12


def test_the_same_import_twice_at_once_is_stored_once(survey):
    def answers():
        for number in range(60):
            yield IncomingAnswer(
                (GivenAnswer(1, rating=number % 11),),
                "csv",
                source_id=str(number),
                person=PersonData(external_id=f"c{number % 20}"),
                team="Zuid",
            )

    ends = at_once(lambda _: list(receive_many(survey, answers(), now=NOW, chunk=20))[-1], times=4)
    assert sum(end.new for end in ends) == 60
    assert (Response.objects.count(), Person.objects.count()) == (60, 20)
