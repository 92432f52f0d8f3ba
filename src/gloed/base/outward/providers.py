"""Apprise behind our own door: it knows how each service wants to be spoken to, we do the call.

Apprise opens its connections with `requests`. The module of a service we use gets a stand-in
instead, which takes the calls of the present message alone and makes them through the guarded
client: pinned, bounded, to public hosts unless the settings allow more.
"""

import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

from gloed.base.outward.client import Bounds, NotReached, call

LANGUAGE_OF_HTTP = ("get", "post", "put", "patch", "delete", "head")


@dataclass(slots=True)
class Exchange:
    """One message on its way: what may be called for it, and what came of that.

    `is_meant` looks at address and body of each call, `bounds` are read when it is made. A stopped
    exchange counts the calls and makes none: so an address is tried without calling anybody.
    """

    bounds: Callable[[], Bounds]
    is_meant: Callable[[str], bool] = lambda _said: True
    most: int = 1
    calls: int = 0
    status: int | None = None
    reply: bytes = b""
    retry_after: str = ""
    trouble: NotReached | None = None
    is_stopped: bool = False


_NOW: ContextVar[Exchange | None] = ContextVar("gloed_provider_exchange", default=None)


@contextmanager
def speaking(exchange: Exchange) -> Iterator[Exchange]:
    """What a service's module calls within belongs to this exchange."""
    token = _NOW.set(exchange)
    try:
        yield exchange
    finally:
        _NOW.reset(token)


def plugin_of(address: str) -> Any:
    """The service's own part of Apprise, made safe; None where the address is not whole."""
    plugin = _apprise().instantiate(address, suppress_exceptions=True)
    if plugin is None:
        return None
    module: Any = sys.modules[type(plugin).__module__]
    real = getattr(module, "requests", None)
    if real is None:  # it speaks by other means, around the door
        return None
    if not isinstance(real, Requests):
        module.requests = Requests(real)
    plugin.request_rate_per_sec = 0  # the pace is ours
    return plugin


@cache
def _apprise() -> Any:
    """The library, with all its services loaded, and silent: it logs addresses with their keys."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some of its parts import what Python is about to drop
        from apprise import Apprise  # noqa: PLC0415 - heavy, only where a message is sent or tested

        Apprise.instantiate("json://localhost", suppress_exceptions=True)
    silenced = logging.getLogger("apprise")
    silenced.setLevel(logging.CRITICAL + 1)
    silenced.propagate = False
    return Apprise


class Requests:
    """What a service's module sees as `requests`: the same names, and one guarded way out."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        if name in LANGUAGE_OF_HTTP:
            return lambda url, **wishes: self.request(name.upper(), url, **wishes)
        if name in ("Session", "session"):
            raise AttributeError(name)  # a way around the door
        return getattr(self._real, name)

    def request(self, method: str, url: str, **wishes: Any) -> Any:
        """One call of the present message; everything else is refused."""
        exchange = _NOW.get()
        if exchange is None:
            raise self._real.ConnectionError("no message is being sent")
        exchange.calls += 1
        if exchange.is_stopped or exchange.calls > exchange.most:
            raise self._real.ConnectionError("no further call for this message")
        known = {
            name: wishes[name]
            for name in ("headers", "data", "json", "params", "auth")
            if wishes.get(name) is not None
        }
        prepared = self._real.Request(method, url, **known).prepare()
        body = prepared.body or b""
        body = body.encode() if isinstance(body, str) else bytes(body)
        if not exchange.is_meant(f"{prepared.url}{body.decode(errors='replace')}"):
            raise self._real.ConnectionError("not the recipient that was meant")
        return self._answer(exchange, method, str(prepared.url), dict(prepared.headers), body)

    def _answer(
        self, exchange: Exchange, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> Any:
        headers = {k: v for k, v in headers.items() if k.lower() not in ("content-length", "host")}
        try:
            reply = call(method, url, headers=headers, body=body, bounds=exchange.bounds())
        except NotReached as trouble:
            exchange.trouble = trouble
            raise self._real.ConnectionError("not reached") from None
        exchange.status, exchange.reply = reply.status, reply.body
        exchange.retry_after = reply.headers.get("Retry-After", "")
        response = self._real.Response()
        response.status_code = reply.status
        response._content = reply.body  # noqa: SLF001 - how a Response of requests is filled
        response.headers.update(reply.headers)
        response.encoding = "utf-8"
        return response
