"""An open survey, people to ask, and a mail server on this machine."""

from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller

from tests.channels.email.post_office import NOW, PostOffice, free_port, open_survey


@pytest.fixture
def office(settings):
    """A running mail server, and settings that lead to it."""
    box = PostOffice()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 0.4
    settings.DEFAULT_FROM_EMAIL = "Gloed <vraag@gloed.example>"
    yield box
    server.stop()


@pytest.fixture
def survey(organisation):
    """An open NPS survey in Dutch and English."""
    return open_survey(organisation, "nps")


@pytest.fixture
def ask(organisation, survey):
    """Make somebody and ask them by mail: `ask("nia@example.org")` gives the invitation."""
    from gloed.fieldwork import operations
    from gloed.fieldwork.models import Invitation
    from gloed.people.models import Person

    def make(address, *, name="", language="nl", about=None, now=NOW):
        person = Person.objects.create(
            organisation=organisation,
            name=name,
            email=address,
            email_key=address.lower(),
            language=language,
            created_at=now,
        )
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
