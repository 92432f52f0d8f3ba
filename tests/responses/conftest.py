"""A survey that is open, and answers on their way to it."""

from datetime import UTC, datetime

import pytest

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def survey(organisation):
    """An open NPS survey in Dutch and English."""
    from gloed.surveys import operations

    content = operations.usual_content(organisation, "nps")
    survey = operations.create_survey(organisation, title="Relatie", content=content, now=NOW)
    return operations.open_survey(survey, now=NOW)


@pytest.fixture
def receive(survey):
    """Deliver a rating and words under a key: `receive(9, "snel", key=...)`."""
    from gloed.responses.operations import receive_answer
    from gloed.responses.rules import GivenAnswer, IncomingAnswer
    from gloed.surveys.queries import get_asked

    def deliver(rating=None, why=None, *, key="k" * 22, now=NOW, **kwargs):
        answers = [] if rating is None else [GivenAnswer(1, rating=rating)]
        if why is not None:
            answers.append(GivenAnswer(2, verbatim=why))
        own = {} if "token" in kwargs else {"client_key": key}
        answer = IncomingAnswer(tuple(answers), "link", **own, **kwargs)
        return receive_answer(answer, survey=get_asked(survey.pk), now=now)

    return deliver
