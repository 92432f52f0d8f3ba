"""A colleague is invited and later forgets the password: through a real mail server."""

import email
import re
import socket
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from django.urls import reverse

from gloed.base.models import Staff


class Mailbox:
    """Keeps what the mail server is handed."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        message = email.message_from_bytes(envelope.content, policy=default)
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, message))
        return "250 kept"


@pytest.fixture
def mailbox(settings):
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=_free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.DEFAULT_FROM_EMAIL = "Gloed <gloed@example.org>"
    yield box
    server.stop()


def _free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def parts_of(message):
    plain = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    html = message.get_body(("html",)).get_content()
    [link] = set(re.findall(r"http://127\.0\.0\.1:8000[^\s\"<]+", plain))
    assert link in html
    return plain, link.removeprefix("http://127.0.0.1:8000")


def test_from_an_invitation_to_a_new_password(mailbox, alice, organisation):
    invited = {"email": "nia@example.org", "role": "viewer", "language": "nl"}
    alice.post(reverse("base:staff_invite"), invited)
    sender, recipients, message = mailbox.mails[0]
    assert (sender, recipients) == ("gloed@example.org", ["nia@example.org"])
    assert message["Subject"] == "Je uitnodiging voor Noorderlicht Energie"
    plain, link = parts_of(message)
    assert "Open deze link binnen 7 dagen; hij werkt één keer:" in plain

    nia = Client()
    assert nia.get(link).status_code == 200
    nia.post(link, {"name": "Nia Vos", "password": "vier woorden op rij"})
    assert nia.get(reverse("base:account")).status_code == 200

    later = Client()
    later.post(reverse("account_reset_password"), {"email": "nia@example.org"})
    _sender, recipients, message = mailbox.mails[1]
    assert recipients == ["nia@example.org"]
    assert message["Subject"] == "Kies een nieuw wachtwoord"
    plain, link = parts_of(message)
    assert plain.startswith("Kies een nieuw wachtwoord\n\nDag Nia Vos,")
    address = later.get(link).url
    later.post(address, {"password1": "vijf andere woorden", "password2": "vijf andere woorden"})
    assert Staff.objects.get(email="nia@example.org").check_password("vijf andere woorden")
    assert mailbox.mails[2][2]["Subject"] == "Je hebt een nieuw wachtwoord"
