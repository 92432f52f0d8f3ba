"""Calling other systems: one guarded way out for webhooks, chat, text messages and all the rest.

    reply = call("POST", url, headers={...}, body=b"...")

An address that people typed must never make this server talk to itself or to its own network
(the metadata service of a cloud, a database without a password). So: https only, every address a
name resolves to is public and the connection goes to exactly the address that was looked at,
redirects are not followed, and time and size are bounded. `GLOED_OUTWARD_HOSTS` names what may be
called although it is private or speaks plain http.
"""

from gloed.base.outward.addresses import (
    Allowed,
    BadAddress,
    Destination,
    Refusal,
    read_address,
    read_allowed,
)
from gloed.base.outward.client import (
    Bounds,
    NotReached,
    Reply,
    Trouble,
    call,
)

__all__ = [
    "Allowed",
    "BadAddress",
    "Bounds",
    "Destination",
    "NotReached",
    "Refusal",
    "Reply",
    "Trouble",
    "call",
    "read_address",
    "read_allowed",
]
