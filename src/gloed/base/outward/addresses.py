"""Which addresses may be called: decisions on plain values, without a network."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
LONGEST = 4096
PORTS = {"http": 80, "https": 443}
FIRST_FREE_PORT = 1024
"""Below it only 443 is open to everybody: the rest are the doors of mail, files and log-ins."""
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE = IPv6Network("::/96")


class Refusal(StrEnum):
    """Why an address is not called."""

    UNREADABLE = "unreadable"
    NOT_HTTPS = "not_https"
    HAS_LOGIN = "has_login"
    PORT = "port"
    PRIVATE = "private"
    NO_HOST = "no_host"


class BadAddress(Exception):
    """An address that is not called; `reason` says why. The text names no more than the host."""

    def __init__(self, reason: Refusal, host: str = "") -> None:
        super().__init__(f"{host or 'an address'} is not called: {reason.value}")
        self.reason, self.host = reason, host


@dataclass(frozen=True, slots=True)
class Destination:
    """An address read into its parts; `host` is lower case and without brackets."""

    scheme: str
    host: str
    port: int
    target: str
    is_allowed: bool

    @property
    def is_encrypted(self) -> bool:
        """Whether it is spoken to in TLS."""
        return self.scheme == "https"

    @property
    def host_header(self) -> str:
        """The Host header: name, and port where it is not the usual one."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One allowed place: a host name or a network, on one port or on all."""

    host: str
    network: IPv4Network | IPv6Network | None
    port: int | None


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be called although it is private or unencrypted."""

    entries: tuple[_Entry, ...] = ()

    def names(self, host: str, port: int) -> bool:
        """Whether this very host is written down."""
        return any(
            entry.host == host and entry.port in (None, port)
            for entry in self.entries
            if entry.network is None
        )

    def holds(self, address: Address, port: int) -> bool:
        """Whether this address lies in a network that is written down."""
        return any(
            entry.network is not None
            and entry.network.version == address.version
            and address in entry.network
            and entry.port in (None, port)
            for entry in self.entries
        )


NOTHING = Allowed()


def read_allowed(parts: Iterable[str]) -> Allowed:
    """Read hosts, host:port, networks and addresses. Raises ValueError for what is none of them.

    >>> bool(read_allowed(["10.1.0.0/16"]).holds(ip_address("10.1.2.3"), 443))
    True
    """
    return Allowed(tuple(_entry(part.strip().lower()) for part in parts if part.strip()))


def _entry(text: str) -> _Entry:
    try:
        return _Entry("", ip_network(text), None)
    except ValueError:
        pass
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(f"“{text}” is no host, address or network") from None
    if not host or parts.path or parts.query or parts.username is not None or " " in text:
        raise ValueError(f"“{text}” is no host, address or network")
    try:
        return _Entry("", ip_network(host), port)
    except ValueError:
        return _Entry(host, None, port)


def read_address(url: str, allowed: Allowed = NOTHING) -> Destination:
    """Read an address as far as that goes without looking its host up. Raises BadAddress."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadAddress(Refusal.UNREADABLE) from None
    host = (parts.hostname or "").lower().rstrip(".")
    if len(url) > LONGEST or parts.scheme not in PORTS or not host or not _is_plain(url):
        raise BadAddress(Refusal.UNREADABLE, host)
    if parts.username is not None or parts.password is not None:
        raise BadAddress(Refusal.HAS_LOGIN, host)
    port = PORTS[parts.scheme] if port is None else port
    is_allowed = allowed.names(host, port) or _is_in(allowed, host, port)
    if parts.scheme != "https" and not is_allowed:
        raise BadAddress(Refusal.NOT_HTTPS, host)
    if port != PORTS["https"] and port < FIRST_FREE_PORT and not is_allowed:
        raise BadAddress(Refusal.PORT, host)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(parts.scheme, host, port, target, is_allowed)


def _is_plain(url: str) -> bool:
    """No blanks, no line ends, no letters that have to be encoded first."""
    return url.isascii() and all("!" <= sign <= "~" for sign in url) and "\\" not in url


def _is_in(allowed: Allowed, host: str, port: int) -> bool:
    try:
        return allowed.holds(ip_address(host), port)
    except ValueError:
        return False


def check_addresses(
    destination: Destination, addresses: Sequence[Address], allowed: Allowed = NOTHING
) -> None:
    """Refuse a host unless every one of its addresses may be called. Raises BadAddress.

    One private address among public ones is how a name is turned against its caller, so one is
    enough to refuse. A host that is written down may be private or on this machine, but never
    link-local: there the metadata services of clouds live.
    """
    if not addresses:
        raise BadAddress(Refusal.NO_HOST, destination.host)
    is_named = allowed.names(destination.host, destination.port)
    for address in addresses:
        for one in _meant(address):
            if allowed.holds(one, destination.port) or is_public(one):
                continue
            if is_named and not _is_never(one):
                continue
            raise BadAddress(Refusal.PRIVATE, destination.host)


def is_public(address: Address) -> bool:
    """Whether an address lies in the open internet.

    >>> is_public(ip_address("169.254.169.254")), is_public(ip_address("93.184.216.34"))
    (False, True)
    """
    return all(
        one.is_global and not one.is_multicast and not one.is_reserved for one in _meant(address)
    )


def _is_never(address: Address) -> bool:
    return address.is_link_local or address.is_multicast or address.is_unspecified


def _meant(address: Address) -> tuple[Address, ...]:
    """An address, or the IPv4 address that an IPv6 address only wraps; of a tunnel both ends."""
    if isinstance(address, IPv4Address):
        return (address,)
    plain = IPv6Address(int(address))  # without a zone
    if plain.ipv4_mapped is not None:
        return (plain.ipv4_mapped,)
    if plain.sixtofour is not None:
        return (plain, plain.sixtofour)
    if plain.teredo is not None:
        return (plain, *plain.teredo)
    if any(plain in network for network in _NAT64):
        return (IPv4Address(int(plain) & 0xFFFFFFFF),)
    if plain in _COMPATIBLE and int(plain) > 1:
        return (plain, IPv4Address(int(plain) & 0xFFFFFFFF))
    return (plain,)
