"""A message as a mail: in the organisation's look, with a way out, and an answer that is read."""

from dataclasses import dataclass, field
from email.utils import formataddr
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from gloed.base.models import Organisation
from gloed.channels.email import look
from gloed.channels.email.letters import PICTURE
from gloed.channels.email.mails import SurveyMail, mail_to_many, own_address, own_domain
from gloed.channels.email.rules import one_line
from gloed.channels.email.rules.marks import as_plain, changed, paragraphs_of
from gloed.channels.letters.models import Mailbox
from gloed.channels.told_back.models import Told, Wording
from gloed.channels.told_back.rules import message_id, reply_address
from gloed.surveys.looks import ShownLook, find_logo, look_of_all
from gloed.surveys.rules.piping import replaced, tidied, values_of


@dataclass(frozen=True, slots=True)
class Message:
    """One person's message, before it is a mail."""

    subject: str
    html: str
    text: str


@dataclass(slots=True)
class Writer:
    """Writes the messages of one round; the look of each organisation is read once."""

    looks: dict[int, ShownLook] = field(default_factory=dict)
    boxes: dict[int, Mailbox | None] = field(default_factory=dict)

    def box(self, organisation: Organisation) -> Mailbox | None:
        """Where answers to this organisation are read; None where nobody reads them."""
        if organisation.pk not in self.boxes:
            found = Mailbox.objects.in_use().filter(organisation=organisation).first()
            self.boxes[organisation.pk] = found
        return self.boxes[organisation.pk]

    def look(self, organisation: Organisation) -> ShownLook:
        """How mails of this organisation look."""
        if organisation.pk not in self.looks:
            self.looks[organisation.pk] = look_of_all(organisation)
        return self.looks[organisation.pk]

    def message(
        self,
        wording: Wording,
        organisation: Organisation,
        *,
        name: str,
        attributes: dict[str, Any],
        leave: str,
    ) -> Message:
        """The words of a group, filled in for one person; `leave` is the way out."""
        values = values_of(name=name, organisation=organisation.name, attributes=attributes)

        def fill(text: str) -> str:
            return tidied(replaced(text, lambda mark, other: values.get(mark, "") or other))

        shown = self.look(organisation)
        paragraphs = changed(paragraphs_of(wording.body), fill)
        context = {
            "language": wording.language,
            "subject": one_line(fill(wording.subject)),
            "organisation": organisation.name,
            "paragraphs": paragraphs,
            "text": as_plain(paragraphs),
            "logo": {
                "kind": "logo",
                "source": f"cid:{PICTURE}" if shown.logo_digest else "",
                "width": shown.logo_width,
                "height": shown.logo_height,
                "name": shown.logo_text or organisation.name,
            },
            "leave": leave,
            "is_read": self.box(organisation) is not None,
        }
        with translation.override(wording.language):
            html = look.drawn("told_back/mail.html", context, accent=shown.accent)
            text = render_to_string("told_back/mail.txt", context)
        return Message(str(context["subject"]), html, text.strip() + "\n")

    def mail(self, told: Told, wording: Wording, *, email: str, name: str) -> SurveyMail:
        """The mail of one person, ready to be handed over."""
        organisation = told.telling.organisation
        notice = told.notice
        leave = leave_address(notice.token)
        attributes = dict(told.person.attributes) if told.person else {}
        message = self.message(wording, organisation, name=name, attributes=attributes, leave=leave)
        sender, box = one_line(organisation.name), self.box(organisation)
        return mail_to_many(
            (message.subject, message.html, message.text),
            to=email,
            sender=(sender, own_address()),
            reply_to=formataddr((sender, _answer_to(box, notice.public_id))) if box else "",
            list_name=f"told-{organisation.pk}",
            leave=leave,
            language=wording.language,
            picture=self.logo(organisation),
            headers={
                "Message-ID": message_id(notice.public_id, own_domain()),
                "Feedback-ID": f"told{told.telling_id}:told:org{organisation.pk}:gloed",
            },
        )

    def logo(self, organisation: Organisation) -> tuple[bytes, str] | None:
        """The organisation's logo, which stands inside the mail, and its content type."""
        shown = self.look(organisation)
        return find_logo(shown.logo_digest) if shown.logo_digest else None


def _answer_to(box: Mailbox, notice: UUID) -> str:
    return reply_address(box.address, notice) if box.has_plus else box.address


def leave_address(token: str) -> str:
    """Where somebody says that they want no more mail; a mail program posts there too."""
    return f"{settings.BASE_URL}{reverse('told_back:leave', args=[token])}"
