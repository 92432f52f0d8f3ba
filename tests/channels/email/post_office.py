"""A mail server on this machine that behaves as it is told, and what the tests ask about."""

import asyncio
import email
import socket
from contextlib import contextmanager
from datetime import UTC, datetime
from email.policy import default

from aiosmtpd.controller import Controller

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class PostOffice:
    """Keeps the mails it took. `says` answers RCPT or DATA by address: a reply, or silence."""

    def __init__(self):
        self.mails = []
        self.raw = []
        self.senders = []
        self.sessions = set()
        self.at_rcpt = {}
        self.at_data = {}
        self.keeps_then_silent = set()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        reply = self.at_rcpt.get(address, "250 ok")
        if reply is None:
            await asyncio.sleep(30)
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        [address] = envelope.rcpt_tos
        if (reply := self.at_data.get(address)) is not None:
            return reply
        self.sessions.add(session.peer)
        self.raw.append(envelope.original_content)
        self.senders.append(envelope.mail_from)
        self.mails.append((address, email.message_from_bytes(envelope.content, policy=default)))
        if address in self.keeps_then_silent:
            await asyncio.sleep(30)
        return "250 kept"

    @property
    def addresses(self):
        """To whom mail was taken, in the order it came."""
        return [address for address, _mail in self.mails]

    def mail_to(self, address):
        """The one mail to an address."""
        [mail] = [mail for to, mail in self.mails if to == address]
        return mail


@contextmanager
def open_office(box):
    """A post office that takes mail on a port of its own: `with open_office(box) as port`."""
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


@contextmanager
def mail_server(settings, *, patience=0.4):
    """A post office at work, and settings that lead to it; silence is borne `patience` seconds."""
    box = PostOffice()
    with open_office(box) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_TIMEOUT = patience
        settings.DEFAULT_FROM_EMAIL = "Gloed <vraag@gloed.example>"
        yield box


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def open_survey(organisation, metric):
    from gloed.surveys import operations

    content = operations.usual_content(organisation, metric)
    made = operations.create_survey(organisation, title="Klanten", content=content, now=NOW)
    return operations.open_survey(made, now=NOW)


def give_logo(survey):
    """A small red picture as the logo of a survey."""
    from io import BytesIO

    from PIL import Image

    from gloed.surveys import looks
    from gloed.surveys.logos import read_logo

    target = BytesIO()
    Image.new("RGB", (240, 80), "#b3410e").save(target, "PNG")
    logo = read_logo(target.getvalue())
    looks.change_look(
        survey.organisation, survey, accent="#1f7a6d", logo_text="", logo=logo, now=NOW
    )
