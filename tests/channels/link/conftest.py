"""An open survey, and a respondent without a browser."""

import re
from datetime import UTC, datetime
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def open_survey(organisation):
    """Open a survey: `open_survey("csat")`."""
    from gloed.surveys import operations

    def make(metric="nps", **kwargs):
        content = operations.usual_content(organisation, metric, **kwargs)
        survey = operations.create_survey(organisation, title="Klanten", content=content, now=NOW)
        return operations.open_survey(survey, now=NOW)

    return make


@pytest.fixture
def survey(open_survey):
    """An open NPS survey in Dutch and English."""
    return open_survey()


class Respondent:
    """Somebody with a page and no script: reads fields, sends forms."""

    def __init__(self, address, *, language="nl", **kwargs):
        self.client = Client(headers={"accept-language": language}, **kwargs)
        self.address = address
        self.answer = None

    def get(self, **query):
        """Open the link."""
        self.answer = self.client.get(self.address, query)
        return self.answer

    @property
    def fields(self):
        """The hidden fields of the page in hand, and what is chosen and written."""
        text = self.answer.text
        found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))
        chosen = re.findall(r'name="rating" id="r\d+" value="(\d+)" checked', text)
        written = re.findall(r'<textarea[^>]*name="why"[^>]*>\n(.*?)</textarea>', text, re.DOTALL)
        if chosen:
            found["rating"] = chosen[0]
        if written:
            found["why"] = written[0]
        return found

    def send(self, **changes):
        """Send the form of the page in hand."""
        values = self.fields | {name: str(value) for name, value in changes.items()}
        self.answer = self.client.post(
            self.address,
            "&".join(f"{name}={value}" for name, value in values.items() if value != "None"),
            content_type="application/x-www-form-urlencoded",
        )
        return self.answer


@pytest.fixture
def respondent(survey):
    """A respondent of the open survey."""
    return Respondent(f"/s/{survey.slug}/")


@pytest.fixture
def now():
    """The present, as the pages see it."""
    return timezone.now()


@pytest.fixture
def visit(visit):
    """Open an address as somebody with a telephone: `visit(address, width=360)`."""
    return partial(visit, width=390, height=760)
