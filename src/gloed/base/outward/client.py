"""The call itself: resolved once, pinned, bounded, and silent about what it carries."""

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any

from gloed.base.outward.addresses import (
    Address,
    Allowed,
    BadAddress,
    Destination,
    Refusal,
    check_addresses,
    read_address,
    read_allowed,
)

AGENT = "Gloed"
PIECE = 65_536
Resolve = Callable[[str, int], Sequence[Address]]


class Trouble(StrEnum):
    """Why there is no reply."""

    REFUSED = "refused"  # by ourselves: the address may not be called
    UNKNOWN_HOST = "unknown_host"
    NO_CONNECTION = "no_connection"
    NOT_TRUSTED = "not_trusted"  # its certificate
    BROKEN = "broken"  # the connection ended or fell silent after we began to send
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"


_CERTAIN = frozenset(
    {Trouble.REFUSED, Trouble.UNKNOWN_HOST, Trouble.NO_CONNECTION, Trouble.NOT_TRUSTED}
)


class NotReached(Exception):
    """There is no whole reply. The text names the host, never path, query, headers or body."""

    def __init__(self, trouble: Trouble, host: str, *, may_have_arrived: bool) -> None:
        super().__init__(f"{host or 'an address'}: {trouble.value}")
        self.trouble, self.host = trouble, host
        self.may_have_arrived = may_have_arrived
        """False only where it is certain that nothing arrived: sending again doubles nothing."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long (seconds) and how much (bytes) a call may take."""

    connect: float = 5.0
    read: float = 10.0  # silence between two pieces of a reply
    total: float = 30.0
    reply: int = 1_000_000


USUAL = Bounds()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. Redirects come back as they are: nobody follows them."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def is_success(self) -> bool:
        """Whether it was accepted (2xx)."""
        return 200 <= self.status < 300


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    bounds: Bounds = USUAL,
    allowed: Allowed | None = None,
    resolve: Resolve | None = None,
) -> Reply:
    """Call another system and read its whole reply. Raises NotReached.

    `allowed` is by default what the settings allow; `resolve` is for tests. No cookie, no proxy,
    no retry, no compression.
    """
    allowed = configured() if allowed is None else allowed
    try:
        destination = read_address(url, allowed)
        addresses = _looked_up(destination, resolve or _resolve, bounds)
        check_addresses(destination, addresses, allowed)
    except BadAddress as refusal:
        trouble = Trouble.UNKNOWN_HOST if refusal.reason is Refusal.NO_HOST else Trouble.REFUSED
        raise NotReached(trouble, refusal.host, may_have_arrived=False) from None
    sent = {"User-Agent": AGENT, "Accept-Encoding": "identity", **(headers or {})}
    sent["Host"] = destination.host_header
    return _Call(destination, addresses, bounds).run(method, sent, body)


def configured() -> Allowed:
    """What `GLOED_OUTWARD_HOSTS` allows."""
    from django.conf import settings  # noqa: PLC0415 - the settings check addresses before Django

    return read_allowed(settings.OUTWARD_HOSTS)


def _looked_up(destination: Destination, resolve: Resolve, bounds: Bounds) -> Sequence[Address]:
    """Every address of the host. A thread, because looking a name up knows no time limit."""
    try:
        return [ip_address(destination.host)]
    except ValueError:
        pass
    found: list[Sequence[Address]] = []

    def look() -> None:
        try:
            found.append(resolve(destination.host, destination.port))
        except (OSError, ValueError):  # no such name
            found.append([])

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(bounds.connect)
    return found[0] if found else []


def _resolve(host: str, port: int) -> Sequence[Address]:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    texts = dict.fromkeys(str(row[4][0]) for row in rows)
    return [ip_address(text) for text in texts]


class _Call:
    """One call to one of the addresses that were looked at, ended by a clock of its own."""

    def __init__(
        self, destination: Destination, addresses: Sequence[Address], bounds: Bounds
    ) -> None:
        self.destination, self.addresses, self.bounds = destination, addresses, bounds
        self.is_over = False
        self.connection: Any = None

    def run(self, method: str, headers: Mapping[str, str], body: bytes) -> Reply:
        watch = threading.Timer(self.bounds.total, self._stop)
        watch.daemon = True
        watch.start()
        try:
            self._connect()
            return self._exchange(method, headers, body)
        finally:
            watch.cancel()
            if self.connection is not None:
                self.connection.close()

    def _connect(self) -> None:
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - heavy; most never call anybody

        trouble = Trouble.NO_CONNECTION
        for address in self.addresses:
            if self.is_over:
                break
            self.connection = _connection(self.destination, address, self.bounds)
            try:
                self.connection.connect()
            except (HTTPError, HTTPException, OSError) as problem:
                self.connection.close()
                trouble = _why_not(problem)
            else:
                return
        raise self._not_reached(trouble)

    def _exchange(self, method: str, headers: Mapping[str, str], body: bytes) -> Reply:
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - heavy, see above

        try:
            self.connection.sock.settimeout(self.bounds.read)
            self.connection.request(
                method,
                self.destination.target,
                body=body or None,
                headers=dict(headers),
                preload_content=False,
                decode_content=False,
                enforce_content_length=True,
            )
            response = self.connection.getresponse()
            text = self._read(response)
        except (HTTPError, HTTPException, OSError, ValueError) as problem:
            timed_out = isinstance(problem, TimeoutError) or "timed out" in str(problem)
            raise self._not_reached(Trouble.TOO_SLOW if timed_out else Trouble.BROKEN) from None
        if self.is_over:  # cut off by our own clock: what was read may be half
            raise self._not_reached(Trouble.TOO_SLOW)
        return Reply(response.status, dict(response.headers), text)

    def _read(self, response: Any) -> bytes:
        pieces, size = [], 0
        while piece := response.read(min(PIECE, self.bounds.reply + 1)):
            pieces.append(piece)
            size += len(piece)
            if size > self.bounds.reply:
                raise self._not_reached(Trouble.TOO_LARGE)
        return b"".join(pieces)

    def _not_reached(self, trouble: Trouble) -> NotReached:
        trouble = Trouble.TOO_SLOW if self.is_over and trouble is Trouble.BROKEN else trouble
        return NotReached(trouble, self.destination.host, may_have_arrived=trouble not in _CERTAIN)

    def _stop(self) -> None:
        """Time is up: whoever waits on the connection is woken."""
        self.is_over = True
        sock = getattr(self.connection, "sock", None)
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:  # it ended in this very moment
                return


def _connection(destination: Destination, address: Address, bounds: Bounds) -> Any:
    """A connection to this address and no other; the certificate must be the host's."""
    from urllib3.connection import HTTPConnection, HTTPSConnection  # noqa: PLC0415 - heavy, see above

    host, port, timeout = str(address), destination.port, bounds.connect
    if not destination.is_encrypted:
        return HTTPConnection(host, port, timeout=timeout)
    return HTTPSConnection(
        host,
        port,
        timeout=timeout,
        server_hostname=destination.host,
        assert_hostname=destination.host,
        cert_reqs="CERT_REQUIRED",
    )


def _why_not(problem: BaseException) -> Trouble:
    import ssl  # noqa: PLC0415 - comes with urllib3, which is only loaded here

    seen: BaseException | None = problem
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return Trouble.NOT_TRUSTED
        seen = seen.__cause__ or seen.__context__
    return Trouble.NOT_TRUSTED if "certificate" in str(problem).lower() else Trouble.NO_CONNECTION
