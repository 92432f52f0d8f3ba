"""What somebody answered to a message, as a provider tells it."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from gloed.channels.sms.rules.told import told_of

FROM = ("from", "originator", "msisdn", "sender", "source", "from_number", "mobile")
TEXT = ("body", "text", "message", "payload", "content", "sms", "message_body")
STOP = frozenset({"stop", "stopall", "stoppen", "afmelden", "unsubscribe"})
STOP_ALONE = frozenset({"end", "quit", "cancel", "uit", "weg", "afmeld", "revoke", "optout"})
START_ALONE = frozenset({"start", "unstop", "hervat", "hervatten", "aanmelden"})
_WORD = re.compile(r"[^\W\d_]+")
DEEPEST = 4


class Reply(StrEnum):
    """What somebody wants with it."""

    STOP = "stop"
    START = "start"


def wish_of(text: str) -> Reply | None:
    """What a text asks for: the opt-out word stands first, whatever follows; else nothing.

    >>> wish_of(" Stop. Geen sms meer!"), wish_of("I cannot stop praising you")
    (<Reply.STOP: 'stop'>, None)
    """
    words = [word.lower() for word in _WORD.findall(text)]
    if not words:
        return None
    if words[0] in STOP or (len(words) == 1 and words[0] in STOP_ALONE):
        return Reply.STOP
    return Reply.START if len(words) == 1 and words[0] in START_ALONE else None


def read_reply(body: bytes, content_type: str, query: str = "") -> tuple[str, str]:
    """From whom and what, of a form or JSON as providers send them; empty for what is missing."""
    fields = _flat(told_of(body, content_type, query), DEEPEST)
    sender = next((fields[name] for name in FROM if fields.get(name)), "")
    words = next((fields[name] for name in TEXT if fields.get(name)), "")
    return sender, words


def _flat(told: Any, deep: int) -> dict[str, str]:
    """The texts of a small tree by their lower-case names; the outermost wins."""
    found: dict[str, str] = {}
    if isinstance(told, list):
        told = told[0] if told else {}
    if not isinstance(told, Mapping) or not deep:
        return found
    for name, value in told.items():
        if isinstance(value, str | int):
            found.setdefault(str(name).lower(), str(value))
    for value in told.values():
        for name, text in _flat(value, deep - 1).items():
            found.setdefault(name, text)
        number = value.get("number") if isinstance(value, Mapping) else None
        if isinstance(number, str):
            found.setdefault("from", number)
    return found
