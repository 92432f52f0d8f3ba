"""Answers of persons in the record, and what a test of cases needs besides."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday, 10:30 in Amsterdam


@pytest.fixture
def survey(organisation):
    """An open NPS survey in Dutch and English."""
    from gloed.surveys import operations
    from gloed.surveys.rules import Metric

    content = operations.usual_content(organisation, Metric.NPS)
    made = operations.create_survey(organisation, title="Service", content=content, now=NOW)
    return operations.open_survey(made, now=NOW)


@pytest.fixture
def make_person(organisation):
    """Somebody who can be asked: `make_person("Sanne")`."""
    from gloed.people.models import Person

    def make(name="Sanne de Wit", *, of=organisation, **fields):
        email = f"{name.split()[0].lower()}@example.org"
        return Person.objects.create(
            organisation=of,
            name=name,
            **({"email": email, "email_key": email, "created_at": NOW} | fields),
        )

    return make


@pytest.fixture
def answer(survey, make_person):
    """Put an answer of somebody into the record without telling: `answer(3, "Te duur")`."""
    from gloed.responses.models import Answer, Response

    def put(rating=3, words="", *, person=..., at=NOW, into=survey, **fields):
        version = into.versions.get()
        response = Response.objects.create(
            organisation=into.organisation,
            survey=into,
            version=version,
            person=make_person() if person is ... else person,
            key=f"test:{uuid4()}",
            source="link",
            responded_at=at,
            recorded_at=at,
            updated_at=at,
            **({"language": "nl"} | fields),
        )
        asked, opened = version.questions.order_by("position")[:2]
        Answer.objects.create(response=response, question=asked, rating=rating)
        if words:
            Answer.objects.create(response=response, question=opened, verbatim=words)
        return response

    return put


@pytest.fixture
def case(answer):
    """An open case of an answer of 3."""
    from gloed.loop.cases import operations

    return operations.open_case(answer(3, "Niemand belt terug"), now=NOW)
