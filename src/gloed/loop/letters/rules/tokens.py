"""How an answer finds its case: a word that nobody can guess, in the address it is sent to."""

import re
import secrets
from base64 import b32encode
from uuid import UUID

LENGTH = 20
"""100 bits in letters that survive a mail server which forgets upper case."""
_PLUS = re.compile(r"\+gl-([a-z2-7]{20})@", re.IGNORECASE)
_IDENTITY = re.compile(r"<?[0-9a-f]{32}\.([a-z2-7]{20})@[^<>\s]{1,255}>?", re.IGNORECASE)


def new_token() -> str:
    """A word for one conversation, unguessable and in lower case."""
    return b32encode(secrets.token_bytes(13)).decode().lower()[:LENGTH]


def reply_address(mailbox: str, token: str) -> str:
    """The address that answers go to: the mailbox with the conversation behind a plus.

    >>> reply_address("service@example.org", "a" * 20)
    'service+gl-aaaaaaaaaaaaaaaaaaaa@example.org'
    """
    local, _at, domain = mailbox.rpartition("@")
    return f"{local}+gl-{token}@{domain}"


def message_id(letter: UUID, token: str, domain: str) -> str:
    """The Message-ID of a letter: always the same for the same letter, and it names its thread."""
    return f"<{letter.hex}.{token}@{domain}>"


def tokens_in(*texts: str) -> tuple[str, ...]:
    """The conversations that addresses and Message-IDs name, each once, in their order.

    >>> tokens_in("Service <service+gl-aaaaaaaaaaaaaaaaaaaa@example.org>", "<other@x>")
    ('aaaaaaaaaaaaaaaaaaaa',)
    """
    found: dict[str, None] = {}
    for pattern in (_PLUS, _IDENTITY):
        for text in texts:
            found.update(dict.fromkeys(token.lower() for token in pattern.findall(text[:20_000])))
    return tuple(found)


def domain_of(address: str) -> str:
    """The domain of an address in lower case; empty where there is none.

    >>> domain_of("Nia@Example.org")
    'example.org'
    """
    return address.rpartition("@")[2].strip().lower() if "@" in address else ""
