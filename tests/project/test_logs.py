"""What the log says when a page is refused."""

import io
import logging

import pytest
from django.urls import reverse

from gloed.project.logs import OneLineRefusal


@pytest.fixture
def said():
    """What the console would show of Django's own notices."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(OneLineRefusal())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


def test_a_refused_page_is_one_line(said, client_of, organisation):
    viewer = client_of(organisation, "viewer")
    assert viewer.get(reverse("surveys:create")).status_code == 403
    assert said.getvalue().splitlines() == ["Forbidden (Permission denied): /surveys/new/"]


def test_what_went_wrong_keeps_its_trace(said):
    try:
        int("broken")
    except ValueError:
        logging.getLogger("django.request").exception("Oh", extra={"status_code": 500})
    assert "ValueError: " in said.getvalue()


def test_the_console_uses_it(settings):
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["refusal"]
