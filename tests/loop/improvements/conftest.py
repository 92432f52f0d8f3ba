"""An answer to begin with, and improvements made from plain values."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


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
    """Put a response into the record: `say("Te duur", 3)`."""
    from gloed.responses.models import Answer, Response

    def put(words, rating=3, **fields):
        version = survey.versions.get()
        response = Response.objects.create(
            organisation=survey.organisation,
            survey=survey,
            version=version,
            key=f"test:{uuid4()}",
            source="import",
            responded_at=NOW,
            recorded_at=NOW,
            updated_at=NOW,
            **({"language": "en"} | fields),
        )
        asked, opened = version.questions.order_by("position")[:2]
        Answer.objects.create(response=response, question=asked, rating=rating)
        Answer.objects.create(response=response, question=opened, verbatim=words)
        return response

    return put


@pytest.fixture
def improve(organisation):
    """Note an improvement: `improve("Answer within a day", due_on=...)`."""
    from gloed.loop.improvements.operations import create_improvement

    def make(title="Answer within a day", **values):
        return create_improvement(organisation, {"title": title, **values}, by=None, now=NOW)

    return make
