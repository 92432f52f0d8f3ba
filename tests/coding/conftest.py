"""Answers in the record, and the worker's part of the work done at once."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def survey(organisation):
    """An open NPS survey in Dutch and English."""
    from gloed.surveys import operations
    from gloed.surveys.rules import Metric

    content = operations.usual_content(organisation, Metric.NPS)
    made = operations.create_survey(organisation, title="Service", content=content, now=NOW)
    return operations.open_survey(made, now=NOW)


@pytest.fixture
def say(survey):
    """Put an answer into the record without telling: `say("Te duur", 3, language="nl")`."""
    from gloed.responses.models import Answer, Response

    def put(words, rating=None, *, at=NOW, into=survey, **fields):
        version = into.versions.get()
        response = Response.objects.create(
            organisation=into.organisation,
            survey=into,
            version=version,
            key=f"test:{uuid4()}",
            source="import",
            responded_at=at,
            recorded_at=at,
            updated_at=at,
            **({"language": "en"} | fields),
        )
        asked, opened = version.questions.order_by("position")[:2]
        if rating is not None:
            Answer.objects.create(response=response, question=asked, rating=rating)
        return Answer.objects.create(response=response, question=opened, verbatim=words)

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
