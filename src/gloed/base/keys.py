"""Keys as plain values: what they look like, what is kept of them, what they open."""

import hashlib
import secrets
import string
from enum import StrEnum


class KeyKind(StrEnum):
    """Which door a key fits."""

    API = "api"
    DELIGHTED = "delighted"


class Scope(StrEnum):
    """One right of a key; a key has exactly those it was given, whoever made it."""

    READ_PEOPLE = "people:read"
    WRITE_PEOPLE = "people:write"
    WRITE_EVENTS = "events:write"
    READ_SURVEYS = "surveys:read"
    WRITE_INVITATIONS = "invitations:write"
    READ_ANSWERS = "answers:read"
    WRITE_ANSWERS = "answers:write"
    READ_SCORES = "scores:read"
    READ_THEMES = "themes:read"
    READ_WORK = "work:read"
    WRITE_WORK = "work:write"
    READ_EXPORTS = "exports:read"
    WRITE_HOOKS = "hooks:write"


READING = frozenset(scope for scope in Scope if scope.endswith(":read"))
HARMLESS = frozenset({Scope.READ_SURVEYS, Scope.READ_SCORES, Scope.READ_THEMES})


def new_key_text(kind: KeyKind) -> str:
    """A key nobody can guess: 256 random bits, or 190 in the shape of the old service."""
    if kind is KeyKind.DELIGHTED:
        return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(32))
    return f"gloed_{secrets.token_urlsafe(32)}"


def digest_of(text: str) -> str:
    """What is kept of a key. It is random, so a plain hash says nothing about it."""
    return hashlib.sha256(text.encode()).hexdigest()
