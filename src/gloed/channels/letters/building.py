"""A letter as a mail: from whom, where answers go, and what puts it under the mails before it."""

import re
from email.utils import formataddr

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from gloed.channels.email.mails import SurveyMail, own_address, own_domain
from gloed.channels.email.providers import headers_for
from gloed.channels.email.rules import one_line
from gloed.channels.letters.models import Mailbox
from gloed.loop.letters.models import FollowUp, Letter
from gloed.loop.letters.operations import DueLetter
from gloed.loop.letters.rules import reply_address

_GAP = re.compile(r"\n{3,}")
MOST_REFERENCES = 20
MOST_REPEATED = 40
"""Lines of the customer's last letter that are repeated below ours."""


def domain() -> str:
    """The domain that the Message-IDs of letters name."""
    return own_domain()


def answer_to(mailbox: Mailbox | None, token: str) -> str:
    """Where an answer to a letter goes; the sender's own address where there is no mailbox."""
    if mailbox is None:
        return own_address()
    return reply_address(mailbox.address, token) if mailbox.has_plus else mailbox.address


def build(due: DueLetter, mailbox: Mailbox | None, *, message_id: str) -> SurveyMail:
    """The mail of one letter, ready to be handed over."""
    with translation.override(due.language):
        text, html = _bodies(due)
        sender = _sender_name(due, mailbox)
    message = SurveyMail(
        one_line(due.subject) or one_line(due.organisation),
        text,
        formataddr((sender, own_address())),
        [due.address],
        reply_to=[formataddr((sender, answer_to(mailbox, due.token)))],
        headers={
            "Message-ID": message_id,
            **_thread_headers(due),
            **_machine_headers(due),
            "Content-Language": due.language,
            **headers_for(settings.MAIL_PROVIDER, message_id),
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def page_of(token: str, answer: str = "") -> str:
    """The address of the page that asks whether it is solved; looking at it records nothing."""
    url = f"{settings.BASE_URL}{reverse('letterbox:solved', args=[token])}"
    return f"{url}?a={answer}" if answer else url


def _bodies(due: DueLetter) -> tuple[str, str]:
    is_question = due.kind == Letter.Kind.SOLVED
    repeated = _repeated(due.answers)
    context = {
        "due": due,
        "paragraphs": [block.split("\n") for block in _blocks(due.body)],
        "answers": _answers(due.follow_up) if is_question else [],
        "stop": page_of(due.follow_up) + "stop/" if is_question else "",
        "repeated": repeated,
        "sender": due.author or due.organisation,
    }
    text = _GAP.sub("\n\n", render_to_string("letterbox/letter.txt", context)).strip() + "\n"
    return text, render_to_string("letterbox/letter.html", context)


def _answers(token: str) -> list[tuple[str, str]]:
    """What can be answered, and the page that each leads to."""
    words = {"yes": _("Yes, solved"), "partly": _("Partly"), "no": _("No, not yet")}
    return [(page_of(token, answer.value), words[answer.value]) for answer in FollowUp.Answer]


def _blocks(text: str) -> list[str]:
    return [block for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]


def _repeated(text: str) -> str:
    """The customer's last letter with a margin, as mail programs repeat it."""
    lines = text.splitlines()[:MOST_REPEATED]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _sender_name(due: DueLetter, mailbox: Mailbox | None) -> str:
    house = (mailbox.sender_name if mailbox else "") or due.organisation
    if not due.author:
        return one_line(house)
    return one_line(_("%(name)s of %(organisation)s") % {"name": due.author, "organisation": house})


def _thread_headers(due: DueLetter) -> dict[str, str]:
    """What puts a letter under those before it (RFC 5322, 3.6.4); nothing for the first."""
    if not due.before:
        return {}
    kept = due.before if len(due.before) <= MOST_REFERENCES else (
        due.before[0], *due.before[1 - MOST_REFERENCES:]
    )  # fmt: skip
    return {"In-Reply-To": due.before[-1], "References": " ".join(kept)}


def _machine_headers(due: DueLetter) -> dict[str, str]:
    """What says that nobody wrote it by hand, so that no machine answers it (RFC 3834)."""
    if due.kind != Letter.Kind.SOLVED:
        return {}
    return {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Unsubscribe": f"<{page_of(due.follow_up)}stop/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
