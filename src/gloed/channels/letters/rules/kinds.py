"""Whether a person wrote a mail, or a machine did: decisions on the head of it."""

import re
from email.message import Message

from gloed.loop.letters.rules import Kind

_AUTO_SUBJECT = re.compile(
    r"^\s*(?:auto(?:matic|matisch)?[- ]?(?:reply|response|antwoord|antwort)|automatisch antwoord|"
    r"automatische (?:antwort|reactie)|out of (?:the )?office|afwezig|niet aanwezig|"
    r"abwesenheit|buiten kantoor)",
    re.IGNORECASE,
)
_BOUNCE_SENDER = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon)@", re.IGNORECASE)
_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_AUTO_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "X-Mail-Autoreply")


def kind_of(message: Message, *, sender: str) -> Kind:
    """What a mail is: a letter of a person, an automatic reply, or news that one bounced.

    By RFC 3834 (Auto-Submitted), RFC 3464 (reports of delivery) and the habits of those who know
    neither. Nothing of the last two is ever answered or taken for the customer's own words.
    """
    if _is_report(message) or _BOUNCE_SENDER.match(sender):
        return Kind.BOUNCE
    submitted = _first(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted not in ("", "no"):
        return Kind.AUTO_REPLY
    if any(message.get(name) is not None for name in _AUTO_HEADERS):
        return Kind.AUTO_REPLY
    if _first(message, "Precedence").strip().lower() in _BULK or message.get("List-Id") is not None:
        return Kind.AUTO_REPLY
    if _first(message, "Return-Path").strip() == "<>":
        return Kind.AUTO_REPLY
    if _AUTO_SUBJECT.match(_first(message, "Subject")):
        return Kind.AUTO_REPLY
    return Kind.LETTER


def _is_report(message: Message) -> bool:
    if message.get_content_type() != "multipart/report":
        return False
    kind = message.get_param("report-type")
    return not isinstance(kind, str) or kind.lower() == "delivery-status"


def _first(message: Message, name: str) -> str:
    """The first header of a name as text; one that cannot be read is as good as none."""
    try:
        value = message.get(name)
    except (ValueError, LookupError, IndexError):
        return ""
    return "" if value is None else str(value)
