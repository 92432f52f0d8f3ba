"""The address of a wall and what its feed says: plain decisions."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

SLUG_LENGTH, SHORTEST_SLUG = 60, 3
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Order(StrEnum):
    """In which order it stands there. Stored: never rename one."""

    OWN = "own"
    NEWEST = "newest"


def is_slug(text: str) -> bool:
    """Whether it can stand in an address.

    >>> is_slug("noorderlicht-energie"), is_slug("Klanten!"), is_slug("-a-")
    (True, False, False)
    """
    return SHORTEST_SLUG <= len(text) <= SLUG_LENGTH and _SLUG.fullmatch(text) is not None


def feed_of(
    organisation: str, statement: str, quotes: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """The feed as it is written: version 1. Fields may be added, none is renamed or dropped."""
    return {
        "version": 1,
        "organisation": organisation,
        "statement": statement,
        "quotes": [dict(one) for one in quotes],
    }


def quote_in_feed(
    identity: object, words: str, name: str, language: str, agreed_at: datetime
) -> dict[str, str]:
    """One of them, on the day it was agreed to."""
    return {
        "id": str(identity),
        "words": words,
        "name": name,
        "language": language,
        "agreed_on": agreed_at.date().isoformat(),
    }


def as_bytes(feed: Mapping[str, Any]) -> bytes:
    """The feed as JSON."""
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()


def tag_of(body: bytes) -> str:
    """What tells versions apart: another one as soon as a letter differs."""
    return f'"{sha256(body).hexdigest()[:20]}"'
