"""How an endpoint is spoken to: the standard, or the manner of a service people came from.

A room that knows another manner registers it from its AppConfig.ready.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gloed.integrations.webhooks.models import Delivery, Endpoint
from gloed.integrations.webhooks.rules import LARGEST, Told, flat

STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How news is written, and what signs it besides the standard; None writes nothing."""

    write: Callable[[Endpoint, Told, str], str | None]
    sign: Callable[[Endpoint, bytes], Mapping[str, str]]


_dialects: dict[str, Dialect] = {}


def register(name: str, dialect: Dialect) -> None:
    """Make a manner of speaking known."""
    _dialects[name] = dialect


def write(endpoint: Endpoint, told: Told, message_id: str) -> str | None:
    """The body for an endpoint; None where its manner has no word for this news."""
    return _dialects[endpoint.dialect].write(endpoint, told, message_id)


def further_headers(endpoint: Endpoint, delivery: Delivery) -> Mapping[str, str]:
    """The headers of the manner, besides the standard ones."""
    return _dialects[endpoint.dialect].sign(endpoint, delivery.body.encode())


def _standard(endpoint: Endpoint, told: Told, message_id: str) -> str:
    if endpoint.shape == Endpoint.Shape.FLAT:
        line: dict[str, Any] = {"id": message_id, "type": told.news, "timestamp": _moment(told.at)}
        data = flat(told.data)
        line |= {("data_id" if name == "id" else name): one for name, one in data.items()}
        return _bounded(line, line)
    data = dict(told.data)
    body: dict[str, Any] = {"type": told.news, "timestamp": _moment(told.at), "data": data}
    return _bounded(body, data)


def _bounded(body: dict[str, Any], data: dict[str, Any]) -> str:
    """The body as JSON below the limit: a long text is cut, `link` leads to all of it."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode()) <= LARGEST or not isinstance(data.get("text"), str):
        return text
    spare = len(text.encode()) - LARGEST + 10
    words = data["text"].encode()[: max(0, len(data["text"].encode()) - spare * 2)]
    data["text"] = words.decode(errors="ignore") + "…"
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _nothing(_endpoint: Endpoint, _body: bytes) -> Mapping[str, str]:
    return {}


register(STANDARD, Dialect(_standard, _nothing))
