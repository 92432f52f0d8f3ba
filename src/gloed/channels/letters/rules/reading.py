"""A mail as bytes, read into plain values: bounded, without trust, and as text alone."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from itertools import islice
from pathlib import PurePosixPath

from gloed.channels.letters.rules.kinds import kind_of
from gloed.channels.letters.rules.plain import text_of_html
from gloed.channels.letters.rules.trimming import trimmed
from gloed.loop.letters.rules import Incoming, Kind, Parcel, tokens_in

LARGEST = 10_000_000
"""Bytes of a mail that are read; what lies beyond is left out, and said."""
LONGEST = 50_000
MOST_PARTS = 100
MOST_PARCELS = 20
SAFE = {
    "image/png": (".png", b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": (".jpg", b"\xff\xd8\xff"),
    "application/pdf": (".pdf", b"%PDF-"),
}
SAFE_SIZE = 1_500_000
MOST_SAFE = 5
_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")
_ENHANCED = re.compile(r"\b[45]\.\d{1,3}\.\d{1,3}\b")


class Unreadable(Exception):
    """These bytes are no mail that can be read."""


def read_mail(data: bytes, *, recipients: tuple[str, ...] = ()) -> Incoming:
    """Read a mail. `recipients` are those of the envelope, where they are known.

    Raises Unreadable where nothing can be made of it.
    """
    is_cut = len(data) > LARGEST
    try:
        message = message_from_bytes(data[:LARGEST], policy=default)
        return _read(message, recipients, is_cut=is_cut)
    except (MessageError, RecursionError, ValueError, LookupError, AttributeError,
            IndexError, TypeError) as problem:  # fmt: skip
        raise Unreadable(type(problem).__name__) from None


def read_head(data: bytes) -> tuple[str, ...]:
    """What the head of a mail names: enough to know whether it is an answer to one of ours.

    The addresses it was sent to, and the mails it follows on. A report of delivery names those in
    its body only: for it there is nothing here that helps.
    """
    try:
        return _names(message_from_bytes(data, policy=default))
    except (MessageError, RecursionError, ValueError, LookupError, AttributeError,
            IndexError, TypeError):  # fmt: skip
        return ()


def is_report(data: bytes) -> bool:
    """Whether the head of a mail is that of a report of delivery (RFC 3464)."""
    try:
        message = message_from_bytes(data, policy=default)
        return kind_of(message, sender=parseaddr(_header(message, "From"))[1]) is Kind.BOUNCE
    except (MessageError, RecursionError, ValueError, LookupError, AttributeError,
            IndexError, TypeError):  # fmt: skip
        return False


def _read(message: EmailMessage, recipients: tuple[str, ...], *, is_cut: bool) -> Incoming:
    sender_name, sender = parseaddr(_header(message, "From"))
    kind = kind_of(message, sender=sender)
    told = list(_report_of(message)) if kind is Kind.BOUNCE else []
    body = _body(message)
    own, quoted = trimmed(_clean(_text_of(body))) if body is not None else ("", "")
    names = (*recipients, *_names(message), *told)
    return Incoming(
        kind=kind,
        tokens=tokens_in(*names),
        sender=sender.strip()[:254],
        sender_name=_clean(sender_name)[:120],
        subject=_line(_header(message, "Subject"))[:200],
        text=own[:LONGEST],
        quoted=quoted[:LONGEST],
        message_id=_line(_header(message, "Message-ID"))[:255],
        sent_at=_date(message),
        parcels=tuple(_parcels(message, body)),
        is_cut=is_cut,
        about=" ".join(told)[:2000],
        problem=_problem(told),
        names=names,
    )


def _header(message: Message, name: str) -> str:
    """A header as text, decoded as far as that goes."""
    try:
        value = message.get(name)
        return "" if value is None else str(value)
    except (ValueError, LookupError, IndexError, AttributeError):
        return ""


def _headers(message: Message, *names: str) -> list[str]:
    found: list[str] = []
    for name in names:
        try:
            found += [str(value) for value in message.get_all(name, [])]
        except (ValueError, LookupError, IndexError, AttributeError):
            continue
    return found


def _names(message: Message) -> tuple[str, ...]:
    return (*_addressed(message), *_headers(message, "In-Reply-To", "References"))


def _addressed(message: Message) -> list[str]:
    return [address for _name, address in getaddresses(_headers(message, *_TO))]


def _parts(message: Message) -> Iterator[Message]:
    return islice(message.walk(), MOST_PARTS)


def _body(message: Message) -> Message | None:
    """The part that holds the words: plain text if there is one, else HTML."""
    fallback = None
    for part in _parts(message):
        if part.is_multipart() or part.get_filename() or _is_attached(part):
            continue
        kind = part.get_content_type()
        if kind == "text/plain":
            return part
        if kind == "text/html" and fallback is None:
            fallback = part
    return fallback


def _text_of(part: Message) -> str:
    data = _payload(part)
    charset = part.get_content_charset() or "utf-8"
    try:
        text = data.decode(charset)
    except (LookupError, UnicodeDecodeError):
        text = data.decode("utf-8", "replace")
    return text_of_html(text) if part.get_content_type() == "text/html" else text


def _payload(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def _parcels(message: Message, body: Message | None) -> Iterator[Parcel]:
    """What came with it: named and weighed; kept only what is small and cannot do harm."""
    listed = kept = 0
    for part in _parts(message):
        if part is body or part.is_multipart() or listed >= MOST_PARCELS:
            continue
        name, kind = _file_name(part.get_filename() or ""), part.get_content_type()
        if not name and kind.startswith(("text/", "message/")):
            continue
        data = _payload(part)
        is_safe = kept < MOST_SAFE and _is_safe(kind, data)
        kept += is_safe
        listed += 1
        yield Parcel(name or kind, kind[:80], len(data), data if is_safe else None)


def _is_safe(kind: str, data: bytes) -> bool:
    """Whether these bytes are small and begin as what they say they are."""
    known = SAFE.get(kind)
    return known is not None and len(data) <= SAFE_SIZE and data.startswith(known[1])


def _file_name(text: str) -> str:
    """A name without a path and without signs that mislead."""
    return PurePosixPath(_line(text).replace("\\", "/")).name[:120]


def _date(message: Message) -> datetime | None:
    try:
        found = parsedate_to_datetime(_header(message, "Date"))
    except (TypeError, ValueError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _report_of(message: Message) -> Iterator[str]:
    """What a report of delivery says: the status, and which mail it is about."""
    for part in _parts(message):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for block in part.get_payload() if part.is_multipart() else []:
                yield from _headers(block, "Action", "Status") if isinstance(block, Message) else ()
        elif kind == "text/rfc822-headers":
            yield from re.findall(r"(?im)^message-id:\s*(\S{1,255})", _payload(part).decode(
                "utf-8", "replace"
            ))  # fmt: skip
        elif kind == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                yield from _headers(inner[0], "Message-ID")


def _problem(told: list[str]) -> str:
    """The status code of a bounce, without words."""
    found = _ENHANCED.search(" ".join(told))
    return found.group() if found else ""


def _clean(text: str) -> str:
    """Without signs that are not seen, or that turn the direction of reading."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _line(text: str) -> str:
    return " ".join(_clean(text).split())
