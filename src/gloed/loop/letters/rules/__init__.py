"""Letters as plain values: what comes in, whose it is, and what may be done with one."""

from gloed.loop.letters.rules.incoming import (
    MOST_AN_HOUR,
    Became,
    Incoming,
    Kind,
    Parcel,
    verdict_on,
)
from gloed.loop.letters.rules.tokens import (
    domain_of,
    message_id,
    new_token,
    reply_address,
    tokens_in,
)

__all__ = [
    "MOST_AN_HOUR",
    "Became",
    "Incoming",
    "Kind",
    "Parcel",
    "domain_of",
    "message_id",
    "new_token",
    "reply_address",
    "tokens_in",
    "verdict_on",
]
