"""A letter as a mail: its headers, and the bytes that go over the line."""

from email.message import Message
from email.mime.image import MIMEImage
from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import utf8_charset_qp

from gloed.channels.email import rules
from gloed.channels.email.letters import PICTURE, Letter, fill, leave_address
from gloed.channels.email.providers import headers_for
from gloed.fieldwork.operations import DueInvitation
from gloed.surveys.rules.piping import values_of

LONGEST_LINE = 998  # RFC 5322


class SurveyMail(EmailMultiAlternatives):
    """A mail that arrives as it was signed.

    Each header stays on one line: a folded address is useless to some programs. The bodies are
    plain letters (quoted-printable), so that no server on the way has to write them anew, which
    would break the DKIM signature. A picture is part of the mail, never fetched.
    """

    encoding = utf8_charset_qp
    mixed_subtype = "related"

    # the stubs tell of Django 6, which hands a policy in
    def message(self, **kwargs: Any) -> Message:  # type: ignore[override]
        """The message as it is written on the line."""
        message = super().message(**kwargs)
        message.policy = message.policy.clone(max_line_length=LONGEST_LINE)
        return message


def own_address() -> str:
    """The address that mails come from where a survey has none of its own."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def own_domain() -> str:
    """The domain that our mails come from."""
    return rules.domain_of(own_address()) or "localhost.localdomain"


def message_id_of(invitation: DueInvitation) -> str:
    """The Message-ID of this mail; the same one if it has to be tried again."""
    return rules.message_id(invitation.public_id, invitation.reminder, own_domain())


def thread_of(invitation: DueInvitation) -> dict[str, str]:
    """What puts a reminder under the mails before it (RFC 5322, 3.6.4); nothing for a first ask."""
    domain = own_domain()
    before = [
        rules.message_id(invitation.public_id, number, domain)
        for number in range(invitation.reminder)
    ]
    return {"In-Reply-To": before[-1], "References": " ".join(before)} if before else {}


def mail_to(invitation: DueInvitation, letter: Letter) -> SurveyMail:
    """The mail of one invitation, ready to be handed over."""
    wave = f"wave{invitation.wave_id}" if invitation.wave_id else "event"
    organisation = f"org{invitation.organisation_id}"
    own = message_id_of(invitation)
    return compose(
        letter,
        to=invitation.email,
        name=invitation.name,
        attributes=invitation.attributes,
        token=invitation.token,
        headers={
            "Message-ID": own,
            **thread_of(invitation),
            "Feedback-ID": f"{wave}:survey{invitation.survey_id}:{organisation}:gloed",
            **headers_for(settings.MAIL_PROVIDER, own),
        },
    )


def compose(
    letter: Letter,
    *,
    to: str,
    name: str,
    token: str,
    attributes: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> SurveyMail:
    """A mail with everything a large mailbox provider wants of mail that goes to many."""
    values = values_of(name=name, organisation=letter.organisation, attributes=attributes)
    filled = fill(letter, token=token, values=values)
    return mail_to_many(
        (filled.subject, filled.html, filled.text),
        to=to,
        sender=(letter.sender_name, letter.sender or own_address()),
        reply_to=letter.reply_to,
        list_name=letter.slug.lower(),
        leave=leave_address(token),
        language=letter.language,
        picture=letter.picture,
        headers=headers,
    )


def mail_to_many(
    written: tuple[str, str, str],
    *,
    to: str,
    sender: tuple[str, str],
    list_name: str,
    leave: str,
    language: str,
    picture: tuple[bytes, str] | None = None,
    reply_to: str = "",
    headers: dict[str, str] | None = None,
) -> SurveyMail:
    """A mail of those that go to many: with a way out that a mail program can take by itself.

    `written` is subject, HTML and plain text; `sender` a name and an address; `picture` the logo's
    bytes and content type; `list_name` what mail programs keep these mails apart by.
    """
    subject, html, text = written
    message = SurveyMail(
        subject,
        text,
        formataddr(sender),
        [to.strip()],
        reply_to=[reply_to] if reply_to else None,
        headers={
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"<{list_name}.{urlsplit(settings.BASE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": language,
            **(headers or {}),
        },
    )
    message.attach_alternative(html, "text/html")
    if picture is not None:
        message.attach(_inline(*picture))
    return message


def _inline(data: bytes, content_type: str) -> MIMEImage:
    kind = content_type.partition("/")[2]
    picture = MIMEImage(data, kind)
    picture["Content-ID"] = f"<{PICTURE}>"
    picture["Content-Disposition"] = f'inline; filename="{PICTURE}.{kind}"'
    return picture
