"""Answers in the record, and the worker's part of the work done at once."""

import pytest

from tests.conftest import NOW
from tests.record import open_survey, put_answer


@pytest.fixture
def survey(organisation):
    """An open NPS survey in Dutch and English."""
    return open_survey(organisation)


@pytest.fixture
def say(survey):
    """Put an answer into the record without telling: `say("Te duur", 3, language="nl")`."""
    from gloed.responses.models import Answer

    def put(words, rating=None, *, at=NOW, into=survey, **fields):
        response = put_answer(into, rating, words, at=at, **({"language": "en"} | fields))
        return Answer.objects.get(response=response, verbatim=words, rating=None)

    return put


@pytest.fixture
def codebook(organisation):
    """The organisation's codebook, as it starts."""
    from gloed.coding.operations.codebook import start

    return start(organisation, now=NOW)


@pytest.fixture
def code(organisation):
    """Do what the worker does: bring all codes up to date."""
    from gloed.coding.operations.coding import code_stale

    return lambda **kwargs: code_stale(organisation, **kwargs)
