"""What comes in, and where it may go: never into another person's case."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Who wrote a mail."""

    LETTER = "letter"  # a person
    AUTO_REPLY = "auto_reply"  # their machine: out of office and the like
    BOUNCE = "bounce"  # a mail server: a letter did not arrive


class Became(StrEnum):
    """What became of a mail that came in."""

    PLACED = "placed"  # in its conversation
    NOTED = "noted"  # an automatic reply, or news of a bounce
    STRAY = "stray"  # it names a conversation, and another address sent it
    REPEATED = "repeated"  # it was here before
    FOREIGN = "foreign"  # it is no answer to a letter of ours
    FLOOD = "flood"  # more than a person writes


@dataclass(frozen=True, slots=True)
class Parcel:
    """Something that came with a mail: `data` only where it is small and safe."""

    name: str
    content_type: str
    size: int
    data: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail as it was read: text alone, bounded.

    `names` are the addresses it was sent to and the mails it follows on, as they were written.
    `about` is what a bounce says of the mail it is about, `problem` its status code.
    """

    kind: Kind
    tokens: tuple[str, ...]
    sender: str
    sender_name: str = ""
    subject: str = ""
    text: str = ""
    quoted: str = ""
    message_id: str = ""
    sent_at: datetime | None = None
    parcels: tuple[Parcel, ...] = ()
    is_cut: bool = False
    about: str = ""
    problem: str = ""
    names: tuple[str, ...] = ()


MOST_AN_HOUR = 20
"""More letters than this in an hour into one conversation are a machine's."""


def verdict_on(incoming: Incoming, *, known: Collection[str], lately: int) -> Became:
    """Where a mail goes whose conversation was found.

    `known` are the addresses of the customer of that case, in lower case; `lately` counts what
    came into the conversation within the hour. Only the customer's own address opens their case:
    whoever else got hold of a letter's address is set apart, for a person to judge.

    >>> verdict_on(Incoming(Kind.LETTER, ("a",), "Nia@example.org"), known={"nia@example.org"},
    ...            lately=0).value
    'placed'
    """
    if lately >= MOST_AN_HOUR:
        return Became.FLOOD
    if incoming.kind is Kind.BOUNCE:
        return Became.NOTED
    if incoming.sender.strip().lower() not in known:
        return Became.STRAY
    return Became.PLACED if incoming.kind is Kind.LETTER else Became.NOTED
