"""Apprise behind our own door: it knows how each provider wants to be spoken to, we do the call.

Apprise opens its connections with `requests`. The modules of the providers we allow get a stand-in
instead, which takes exactly one call for each message, to the recipient that was meant, through
the guarded client: pinned, bounded, to public hosts unless the settings allow more.
"""

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

from gloed.base import outward
from gloed.channels.sms.rules import (
    BadProvider,
    Fate,
    Outcome,
    Problem,
    address_for,
    outcome_of_status,
    read_provider,
)

BOUNDS = outward.Bounds(connect=5.0, read=15.0, total=25.0, reply=200_000)
PROBE = "+31612345678"
LANGUAGE_OF_HTTP = ("get", "post", "put", "patch", "delete", "head")


@dataclass(slots=True)
class _Exchange:
    """One message on its way: what may be called for it, and what came of that."""

    number: str
    calls: int = 0
    status: int | None = None
    trouble: outward.NotReached | None = None
    is_stopped: bool = False


_NOW: ContextVar[_Exchange | None] = ContextVar("gloed_text_exchange", default=None)


def check(address: str) -> None:
    """Whether a provider's address is whole and names no recipient. Raises BadProvider.

    Nothing is called.
    """
    _scheme, kept = read_provider(address)
    plugin = _plugin(address_for(kept, PROBE))
    if plugin is None or _plugin(kept) is None:  # else the recipient filled a gap
        raise BadProvider(Problem.INCOMPLETE)
    if len(plugin) != 1:
        raise BadProvider(Problem.HAS_RECIPIENT)
    with _exchange(PROBE) as dry:
        dry.is_stopped = True
        plugin.send(body="x", title="")
        if dry.calls != 1:
            raise BadProvider(Problem.INCOMPLETE)


def hand_over(address: str, number: str, text: str) -> Outcome:
    """Give one message to its provider, and say what became of it. Raises nothing it expects."""
    plugin = _plugin(address_for(address, number))
    if plugin is None:
        return Outcome(Fate.LATER, "address", is_ours=True)
    with _exchange(number) as exchange:
        # a provider's reader may stumble over an answer nobody foresaw: the call tells, not it
        try:
            is_understood = bool(plugin.send(body=text, title=""))
        except Exception:  # noqa: BLE001 - foreign code; what matters is in the exchange
            is_understood = False
    return _outcome(exchange, is_understood=is_understood)


def _outcome(exchange: _Exchange, *, is_understood: bool) -> Outcome:
    if exchange.trouble is not None:
        problem = exchange.trouble.trouble.value
        if exchange.trouble.may_have_arrived:
            return Outcome(Fate.UNCERTAIN, problem, is_ours=True)
        return Outcome(Fate.LATER, problem, is_ours=True)
    if exchange.status is None:  # it saw beforehand that it cannot be sent
        return Outcome(Fate.REFUSED, "not called")
    return outcome_of_status(exchange.status, is_understood=is_understood)


@contextmanager
def _exchange(number: str) -> Iterator[_Exchange]:
    exchange = _Exchange(number)
    token = _NOW.set(exchange)
    try:
        yield exchange
    finally:
        _NOW.reset(token)


def _plugin(address: str) -> Any:
    """The provider's own part of Apprise, made safe; None where the address is not whole."""
    plugin = _apprise().instantiate(address, suppress_exceptions=True)
    if plugin is None:
        return None
    module: Any = sys.modules[type(plugin).__module__]
    if not isinstance(getattr(module, "requests", None), _Requests):
        module.requests = _Requests(module.requests)
    plugin.request_rate_per_sec = 0  # the pace is ours
    return plugin


@cache
def _apprise() -> Any:
    """The library, with all its providers loaded, and silent: it logs addresses with their keys."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some of its parts import what Python is about to drop
        from apprise import Apprise  # noqa: PLC0415 - heavy, only where a message is sent or tested

        Apprise.instantiate("json://localhost", suppress_exceptions=True)
    silenced = logging.getLogger("apprise")
    silenced.setLevel(logging.CRITICAL + 1)
    silenced.propagate = False
    return Apprise


class _Requests:
    """What a provider's module sees as `requests`: the same names, and one guarded way out."""

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
        if exchange.is_stopped or exchange.calls > 1:
            raise self._real.ConnectionError("one call for each message")
        known = {
            name: wishes[name]
            for name in ("headers", "data", "json", "params", "auth")
            if wishes.get(name) is not None
        }
        prepared = self._real.Request(method, url, **known).prepare()
        body = prepared.body or b""
        body = body.encode() if isinstance(body, str) else bytes(body)
        if exchange.number.lstrip("+") not in f"{prepared.url}{body.decode(errors='replace')}":
            raise self._real.ConnectionError("not the recipient that was meant")
        return self._answer(exchange, method, str(prepared.url), dict(prepared.headers), body)

    def _answer(
        self, exchange: _Exchange, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> Any:
        headers = {k: v for k, v in headers.items() if k.lower() not in ("content-length", "host")}
        try:
            reply = outward.call(method, url, headers=headers, body=body, bounds=BOUNDS)
        except outward.NotReached as trouble:
            exchange.trouble = trouble
            raise self._real.ConnectionError("not reached") from None
        exchange.status = reply.status
        response = self._real.Response()
        response.status_code = reply.status
        response._content = reply.body  # noqa: SLF001 - how a Response of requests is filled
        response.headers.update(reply.headers)
        response.encoding = "utf-8"
        return response
