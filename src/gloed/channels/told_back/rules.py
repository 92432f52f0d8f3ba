"""Who hears about it, in which words, and when they are asked again: plain decisions."""

import re
import unicodedata
from base64 import b32decode, b32encode
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

SLUG_LENGTH = 60
_PLUS = re.compile(r"\+gt-([a-z2-7]{26})@", re.IGNORECASE)
_IDENTITY = re.compile(r"<?([0-9a-f]{32})\.told@[^<>\s]{1,255}>?")


class Group(StrEnum):
    """How somebody raised it, the closest first. Stored: never rename one."""

    CASE = "case"
    WORDS = "words"
    THEME = "theme"


class State(StrEnum):
    """How far the telling is. Stored: never rename one."""

    DRAFT = "draft"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"


CLOSENESS = {group: place for place, group in enumerate(Group)}


@dataclass(frozen=True, slots=True)
class Raised:
    """Somebody raised it in one way; `about` is the answer's public id or the case's number."""

    person: int
    group: Group
    about: str = ""


def each_once(found: Iterable[Raised]) -> dict[int, Raised]:
    """Everybody once, by the closest way they raised it.

    >>> both = [Raised(7, Group.THEME), Raised(7, Group.CASE)]
    >>> each_once(both)[7].group.value
    'case'
    """
    closest: dict[int, Raised] = {}
    for one in found:
        held = closest.get(one.person)
        if held is None or CLOSENESS[one.group] < CLOSENESS[held.group]:
            closest[one.person] = one
    return closest


def language_for(own: str, *, written: Collection[str], usual: str) -> str:
    """The language somebody is told in: their own where it is written, else the usual one.

    >>> language_for("nl-BE", written=["en", "nl"], usual="en")
    'nl'
    """
    short = own.lower().partition("-")[0]
    if short in written:
        return short
    return usual if usual in written else min(written)


def slug_of(name: str) -> str:
    """The name of an organisation as it stands in an address.

    >>> slug_of("Café Noord & Zn.")
    'cafe-noord-zn'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH].strip("-") or "changes"


def asked_again_at(sent_at: datetime, days: int) -> datetime:
    """When somebody who was told may be asked again."""
    return sent_at + timedelta(days=days)


def message_id(notice: UUID, domain: str) -> str:
    """The Message-ID of a message: always the same for the same one."""
    return f"<{notice.hex}.told@{domain}>"


def reply_address(mailbox: str, notice: UUID) -> str:
    """The address that answers to a message go to: the mailbox, with the message behind a plus.

    >>> reply_address("service@example.org", UUID(int=7))
    'service+gt-aaaaaaaaaaaaaaaaaaaaaaaaa4@example.org'
    """
    local, _at, domain = mailbox.rpartition("@")
    word = b32encode(notice.bytes).decode().lower().rstrip("=")
    return f"{local}+gt-{word}@{domain}"


def notices_in(names: Iterable[str]) -> tuple[UUID, ...]:
    """The messages that addresses and Message-IDs name, each once, in their order.

    >>> notices_in([reply_address("a@b.nl", UUID(int=7)), message_id(UUID(int=7), "b.nl")])
    (UUID('00000000-0000-0000-0000-000000000007'),)
    """
    found: dict[UUID, None] = {}
    for name in names:
        text = name[:20_000]
        for word in _PLUS.findall(text):
            found[UUID(bytes=b32decode(f"{word.upper()}======"))] = None
        for digits in _IDENTITY.findall(text):
            found[UUID(digits)] = None
    return tuple(found)
