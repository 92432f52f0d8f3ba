"""Answers of persons in the record, and what a test of cases needs besides."""

import pytest

from tests.conftest import NOW
from tests.record import open_survey, put_answer


@pytest.fixture
def survey(organisation):
    """An open NPS survey in Dutch and English."""
    return open_survey(organisation)


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

    def put(rating=3, words="", *, person=..., at=NOW, into=survey, **fields):
        who = make_person() if person is ... else person
        return put_answer(
            into, rating, words or None, person=who, at=at, **({"source": "link"} | fields)
        )

    return put


@pytest.fixture
def case(answer):
    """An open case of an answer of 3."""
    from gloed.loop.cases import operations

    return operations.open_case(answer(3, "Niemand belt terug"), now=NOW)
