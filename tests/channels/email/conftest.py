"""An open survey, people to ask, and a mail server on this machine."""

from datetime import timedelta

import pytest

from tests.channels.email.post_office import NOW, mail_server, open_survey
from tests.record import put_person


@pytest.fixture
def office(settings):
    """A running mail server, and settings that lead to it."""
    with mail_server(settings) as box:
        yield box


@pytest.fixture
def survey(organisation):
    """An open NPS survey in Dutch and English."""
    return open_survey(organisation, "nps")


@pytest.fixture
def ask(organisation, survey):
    """Make somebody and ask them by mail: `ask("nia@example.org")` gives the invitation."""
    from gloed.fieldwork import operations
    from gloed.fieldwork.models import Invitation

    def make(address, *, name="", language="nl", about=None, now=NOW):
        person = put_person(organisation, address, name=name, language=language, now=now)
        asked = operations.ask_one(about or survey, person, channel="email", now=now)
        return Invitation.objects.get(pk=asked.invitation_id)

    return make


@pytest.fixture
def send():
    """Send what is due at a moment: `send(minutes=5)` is five minutes after NOW."""
    from gloed.channels.email import operations

    def at(*, progress=lambda _done: None, **later):
        moment = NOW + timedelta(**later)
        return operations.send_due(
            now=lambda: moment, within=timedelta(seconds=45), progress=progress
        )

    return at
