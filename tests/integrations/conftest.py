"""The other side of a connection, a survey that is open, and answers to it."""

import pytest
from django.utils import timezone

from gloed.people.rules import PersonData
from gloed.responses import operations as responses
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys import operations as surveys
from gloed.surveys.queries import get_asked
from tests.conftest import NOW
from tests.integrations.connectors.other_side import serve


@pytest.fixture
def side(settings):
    """Another system on loopback, which this installation may call."""
    found, server = serve()
    settings.OUTWARD_HOSTS = (found.host,)
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_survey(organisation):
    """An NPS survey that takes answers."""
    content = surveys.usual_content(organisation, "nps")
    made = surveys.create_survey(organisation, title="After a visit", content=content, now=NOW)
    return surveys.open_survey(made, now=NOW)


@pytest.fixture
def give(open_survey):
    """Have Anna answer: `give(3)`."""

    def answer(rating, key="1", text="te laat, bel 06-12345678", **person):
        who = {"email": "anna@example.org", "name": "Anna de Vries", **person}
        given = IncomingAnswer(
            answers=(GivenAnswer(1, rating=rating), GivenAnswer(2, verbatim=text)),
            source="api",
            source_id=key,
            person=PersonData(**who),
        )
        return responses.receive_answer(given, survey=get_asked(open_survey.pk), now=timezone.now())

    return answer
