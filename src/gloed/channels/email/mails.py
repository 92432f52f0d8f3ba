"""A letter as a mail: its headers, and the bytes that go over the line."""

from email.message import Message
from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from gloed.channels.email import rules
from gloed.channels.email.letters import Letter, fill
from gloed.fieldwork.operations import DueInvitation

LONGEST_LINE = 998  # RFC 5322


class SurveyMail(EmailMultiAlternatives):
    """A mail whose headers each stay on one line: a folded address is useless to some programs."""

    # the stubs tell of Django 6, which hands a policy in
    def message(self, **kwargs: Any) -> Message:  # type: ignore[override]
        """The message as it is written on the line."""
        message = super().message(**kwargs)
        message.policy = message.policy.clone(max_line_length=LONGEST_LINE)
        return message


def own_domain() -> str:
    """The domain that our mails come from."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return rules.domain_of(address) or "localhost.localdomain"


def message_id_of(invitation: DueInvitation) -> str:
    """The Message-ID of this mail; the same one if it has to be tried again."""
    return rules.message_id(invitation.public_id, invitation.reminder, own_domain())


def mail_to(invitation: DueInvitation, letter: Letter) -> SurveyMail:
    """The mail of one invitation, ready to be handed over."""
    wave = f"wave{invitation.wave_id}" if invitation.wave_id else "event"
    organisation = f"org{invitation.organisation_id}"
    return compose(
        letter,
        to=invitation.email,
        name=invitation.name,
        token=invitation.token,
        headers={
            "Message-ID": message_id_of(invitation),
            "Feedback-ID": f"{wave}:survey{invitation.survey_id}:{organisation}:gloed",
        },
    )


def compose(
    letter: Letter, *, to: str, name: str, token: str, headers: dict[str, str] | None = None
) -> SurveyMail:
    """A mail with everything a large mailbox provider wants of mail that goes to many."""
    bodies = fill(letter, token=token, name=name)
    leave = settings.BASE_URL + reverse("own_page:home", args=[token])
    message = SurveyMail(
        letter.subject,
        bodies.text,
        formataddr((letter.sender_name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        [to.strip()],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"<{letter.slug.lower()}.{urlsplit(settings.BASE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": letter.language,
            **(headers or {}),
        },
    )
    message.attach_alternative(bodies.html, "text/html")
    return message
