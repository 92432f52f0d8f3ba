"""An open survey, somebody who was asked, and a browser without any cookie."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.record import put_person

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def survey(organisation):
    """An open NPS survey in Dutch and English."""
    from gloed.surveys import operations
    from gloed.surveys.rules import Metric

    content = operations.usual_content(organisation, Metric.NPS)
    made = operations.create_survey(organisation, title="Relatie", content=content, now=NOW)
    return operations.open_survey(made, now=NOW)


@pytest.fixture
def ask(organisation, survey):
    """Make somebody and ask them: `ask("nia@example.org")` gives the invitation."""
    from gloed.fieldwork import operations
    from gloed.fieldwork.models import Invitation

    def make(address, *, person=None, about=None, now=NOW):
        person = person or put_person(organisation, address, name="Nia", now=now)
        asked = operations.ask_one(about or survey, person, channel="email", now=now)
        return Invitation.objects.get(pk=asked.invitation_id)

    return make


@pytest.fixture
def asked(ask):
    return ask("nia@example.org")


@pytest.fixture
def guest():
    """A mail program or a browser without any cookie; forged requests are checked for."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "nl"})


@pytest.fixture
def clock(monkeypatch):
    """Set what the pages take for now: `clock(moment)`."""
    from gloed.channels.own_page.views import own

    class Clock:
        now = staticmethod(lambda: NOW)

    def put(moment):
        monkeypatch.setattr(own.timezone, "now", lambda: moment)

    put(NOW)
    return put
