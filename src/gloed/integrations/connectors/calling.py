"""How a connector calls the other side: JSON through the guarded client, judged in one way."""

import json
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from gloed.base.outward import BadAddress, Bounds, NotReached, Reply, call, read_address
from gloed.base.outward.addresses import check_addresses
from gloed.base.outward.client import configured
from gloed.integrations.connectors.shape import Outcome, Unusable

BOUNDS = Bounds(connect=5.0, read=15.0, total=20.0, reply=1_000_000)
REFUSES = frozenset({400, 409, 413, 415, 422})
"""The other side understood us and will never take this one."""


def checked_address(name: str, address: str) -> str:
    """The host of an address that may be called. Raises Unusable for the setting `name`."""
    allowed = configured()
    try:
        destination = read_address(address, allowed)
        with suppress(ValueError):
            check_addresses(destination, [ip_address(destination.host)], allowed)
    except BadAddress:
        raise Unusable(name, _("This is no address that can be called.")) from None
    return urlsplit(address).hostname or ""


def ask(
    method: str, address: str, body: Any = None, *, headers: Mapping[str, str] | None = None
) -> Reply:
    """Call with JSON and read the reply. Raises NotReached."""
    sent = {"Accept": "application/json", **(headers or {})}
    raw = b""
    if body is not None:
        raw = json.dumps(body, default=str).encode()
        sent.setdefault("Content-Type", "application/json")
    return call(method, address, headers=sent, body=raw, bounds=BOUNDS)


def told_of(
    method: str, address: str, body: Any = None, *, headers: Mapping[str, str] | None = None
) -> Outcome:
    """The same, as what became of telling."""
    try:
        return outcome_of(ask(method, address, body, headers=headers))
    except NotReached as trouble:
        return Outcome(reply=trouble.trouble.value)


def outcome_of(reply: Reply) -> Outcome:
    """What a reply means for a piece of news."""
    return Outcome(
        is_done=reply.is_success,
        is_refused=reply.status in REFUSES,
        status=reply.status,
        reply=reply.body[:300].decode("utf-8", "replace"),
        retry_after=reply.headers.get("Retry-After", ""),
    )


def json_of(reply: Reply) -> dict[str, Any]:
    """The reply as an object; empty where it is none."""
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
