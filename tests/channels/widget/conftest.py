"""An open survey, a widget that asks it on one website, and a page of that site."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SITE = "https://www.example.nl"


@pytest.fixture
def survey(organisation):
    """An open NPS survey in Dutch and English."""
    from gloed.surveys import operations

    content = operations.usual_content(organisation, "nps")
    made = operations.create_survey(organisation, title="Klanten", content=content, now=NOW)
    return operations.open_survey(made, now=NOW)


@pytest.fixture
def make_widget(organisation, survey):
    """Make a widget for the survey: `make_widget(share=50)`."""
    from gloed.channels.widget import operations

    def make(**values):
        values = {"name": "Winkel", "sites": [SITE], "survey": survey, **values}
        return operations.make_widget(organisation, values, by=None, now=timezone.now())

    return make


@pytest.fixture
def widget(make_widget):
    """A widget on https://www.example.nl."""
    return make_widget()


class Page:
    """A page of a website, as the widget's script speaks to us."""

    def __init__(self, widget, origin=SITE):
        self.client = Client(headers={"origin": origin} if origin else {})
        self.address = f"/w/v1/{widget.key}/"

    def get(self, **query):
        """What the widget shows."""
        return self.client.get(self.address, query)

    def post(self, what, data, *, content_type="text/plain"):
        """Send JSON to one of the endpoints."""
        body = data if isinstance(data, str) else json.dumps(data)
        return self.client.post(f"{self.address}{what}/", body, content_type=content_type)

    def answer(self, rating, text=None, *, key="k" * 20, **more):
        """Answer as the script does."""
        answers = [{"position": 1, "rating": rating}]
        if text is not None:
            answers.append({"position": 2, "text": text})
        sent = {"key": key, "answers": answers, "is_complete": text is not None, **more}
        return self.post("answers", sent)


@pytest.fixture
def page(widget):
    """A page of the listed site."""
    return Page(widget)


@pytest.fixture
def page_of():
    """A page of any site: `page_of(widget, "https://elsewhere.example")`."""
    return Page
