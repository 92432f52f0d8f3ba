"""An answer to begin with, and improvements made from plain values."""

import pytest

from tests.conftest import NOW
from tests.record import open_survey, put_answer


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def survey(organisation):
    """An open NPS survey in Dutch and English."""
    return open_survey(organisation)


@pytest.fixture
def say(survey):
    """Put a response into the record: `say("Te duur", 3)`."""

    def put(words, rating=3, **fields):
        return put_answer(survey, rating, words, **({"language": "en"} | fields))

    return put


@pytest.fixture
def improve(organisation):
    """Note an improvement: `improve("Answer within a day", due_on=...)`."""
    from gloed.loop.improvements.operations import create_improvement

    def make(title="Answer within a day", **values):
        return create_improvement(organisation, {"title": title, **values}, by=None, now=NOW)

    return make
