"""A case of somebody with a mail address, and the colleague who handles it."""

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.record import open_survey, put_person


@pytest.fixture
def person(organisation):
    return put_person(
        organisation, "nia@example.org", name="Nia de Vries", attributes={"region": "Noord"}
    )


@pytest.fixture
def survey(organisation):
    return open_survey(organisation, title="Klanten")


@pytest.fixture
def case(person, survey):
    """A case that began with a low answer."""
    from gloed.loop.cases import operations
    from gloed.people.rules import PersonData
    from gloed.responses.models import Response
    from gloed.responses.operations import receive_answer
    from gloed.responses.rules import GivenAnswer, IncomingAnswer
    from gloed.surveys.queries import get_asked

    incoming = IncomingAnswer(
        answers=(GivenAnswer(1, rating=2), GivenAnswer(2, verbatim="Niemand belde terug.")),
        source="api",
        source_id="1",
        person=PersonData(email=person.email),
        responded_at=NOW,
        language="nl",
    )
    receipt = receive_answer(incoming, survey=get_asked(survey.pk), now=NOW)
    response = Response.objects.get(public_id=receipt.response_id)
    return operations.open_case(response, now=NOW)


@pytest.fixture
def sanne(make_staff, organisation):
    staff = make_staff(organisation, "manager", email="sanne@example.org")
    staff.name = "Sanne"
    staff.save()
    return staff


@pytest.fixture
def sannes(sanne):
    """Sanne's browser."""
    from django.test import Client

    client = Client()
    client.force_login(sanne)
    return client


@pytest.fixture
def close(case, sanne):
    """Close the case at a moment, after the customer heard from us."""
    from gloed.loop.cases import operations
    from gloed.loop.cases.rules import Outcome

    def at(outcome=Outcome.SOLVED, *, was_contacted=True, **later):
        moment = NOW + timedelta(**later)
        if was_contacted:
            operations.note_contact(case, how="call", staff=sanne, now=moment)
        operations.close_case(case, outcome, staff=sanne, now=moment)
        return moment

    return at


@pytest.fixture
def run_journal():
    """Hand out what the journal holds, as a worker does."""
    from gloed.base.worker import delivery

    def run(**later):
        moment = NOW + timedelta(**later)
        while entries := delivery.claim(now=moment):
            delivery.hand_out(entries, now=lambda: moment)

    return run
