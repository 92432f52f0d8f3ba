"""Django's own SMTP sending, and the one thing it does not tell: how far a lost mail had come."""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from gloed.channels.email.rules import Stage, outcome_of
from gloed.channels.outcomes import Fate, Outcome

TAKES_BODY = 354


class _Watched:
    """Remembers that the server asked for the body and has not yet said what became of it."""

    is_body_away = False

    def getreply(self) -> tuple[int, bytes]:
        code, text = super().getreply()  # type: ignore[misc]  # of the class it is mixed into
        self.is_body_away = code == TAKES_BODY
        return code, text


class WatchedSMTP(_Watched, smtplib.SMTP):
    """Plain or STARTTLS."""


class WatchedSMTPS(_Watched, smtplib.SMTP_SSL):
    """Encrypted from the first byte."""


class WatchfulBackend(EmailBackend):
    """Django's backend on a connection that is watched."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """What a connection is made from."""
        return WatchedSMTPS if self.use_ssl else WatchedSMTP

    @property
    def is_body_away(self) -> bool:
        """Whether the last mail may have been taken although nobody said so."""
        return bool(getattr(self.connection, "is_body_away", False))


def hand_over(connection: Any, message: Any) -> Outcome:
    """Give one mail to an open connection, and say what became of it. Raises nothing it expects.

    A connection that broke, or that was silent too long, after the body had left counts as
    uncertain: the server may have taken the mail.
    """
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as refusal:
        code, text = next(iter(refusal.recipients.values()))
        return outcome_of(Stage.RECIPIENT, code, _text(text))
    except smtplib.SMTPSenderRefused as refusal:
        return outcome_of(Stage.SENDER, refusal.smtp_code, _text(refusal.smtp_error))
    except smtplib.SMTPResponseException as refusal:
        return outcome_of(Stage.BODY, refusal.smtp_code, _text(refusal.smtp_error))
    except (smtplib.SMTPNotSupportedError, ValueError):
        return Outcome(Fate.REFUSED, "address")  # it cannot be written down for this server
    except OSError:
        if getattr(connection, "is_body_away", False):
            return Outcome(Fate.UNCERTAIN, "connection lost", is_ours=True)
        return Outcome(Fate.LATER, "connection lost", is_ours=True)
    return Outcome(Fate.SENT)


def _text(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
