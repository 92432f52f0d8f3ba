"""Fetching mail over IMAP: encrypted, to the address that was looked at, bounded, changing nothing.

A mailbox is only read (EXAMINE, BODY.PEEK): nothing is marked as read, moved or deleted, so that it
may well be the one that colleagues look into themselves.
"""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import Any, Self

from gloed.base.outward.addresses import (
    Address,
    Allowed,
    BadAddress,
    Destination,
    check_addresses,
)
from gloed.base.outward.client import configured

SECONDS = 20
HEAD = 65_536
"""Bytes of the header lines of a mail that are looked at."""
PORTS = frozenset({993, 143})
_UIDS = re.compile(rb"\d+")
_VALIDITY = re.compile(rb"UIDVALIDITY (\d+)")
_NEXT = re.compile(rb"UIDNEXT (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"UID (\d+)")


class Trouble(StrEnum):
    """Why a mailbox could not be read."""

    REFUSED = "refused"  # by ourselves: the server may not be called
    UNKNOWN_HOST = "unknown_host"
    NO_CONNECTION = "no_connection"
    NOT_TRUSTED = "not_trusted"  # its certificate
    LOGIN = "login"
    FOLDER = "folder"
    BROKEN = "broken"


class NotFetched(Exception):
    """A mailbox could not be read; `trouble` says why. The text holds nothing of the mailbox."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Account:
    """Where a mailbox is and who opens it."""

    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one mail: its number in the folder, its size in bytes, and its header lines."""

    uid: int
    size: int
    data: bytes


class _Pinned(imaplib.IMAP4_SSL):
    """Speaks TLS from the first byte, to one address; the certificate must be the host's."""

    def __init__(self, host: str, port: int, address: Address, context: ssl.SSLContext) -> None:
        self._address = address
        super().__init__(host, port, ssl_context=context, timeout=SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((str(self._address), self.port), timeout)
        secure: socket.socket = self.ssl_context.wrap_socket(plain, server_hostname=self.host)
        return secure


class Folder:
    """An open folder of a mailbox, to be used in a `with`. Raises NotFetched."""

    def __init__(
        self,
        account: Account,
        *,
        allowed: Allowed | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.account = account
        self.allowed = configured() if allowed is None else allowed
        self.context = context or ssl.create_default_context()
        self.uid_validity = self.next_uid = 0
        self._imap: Any = None

    def __enter__(self) -> Self:
        self._imap = self._connect()
        try:
            self._enter()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_problem: object) -> None:
        if self._imap is not None:
            try:
                self._imap.logout()
            except (imaplib.IMAP4.error, OSError):
                self._imap.shutdown()
            self._imap = None

    def uids_after(self, last: int) -> list[int]:
        """The numbers of the mails behind this one, in their order."""
        told = self._ask("SEARCH", f"UID {last + 1}:*")
        found = {int(uid) for line in told if line for uid in _UIDS.findall(line)}
        return sorted(uid for uid in found if uid > last)

    def heads(self, uids: list[int]) -> Iterator[Head]:
        """Size and header lines of these mails; the bodies stay where they are."""
        told = self._ask("FETCH", _set_of(uids), f"(UID RFC822.SIZE BODY.PEEK[HEADER]<0.{HEAD}>)")
        for part in told:
            if isinstance(part, tuple):
                uid, size = _UID.search(part[0]), _SIZE.search(part[0])
                if uid is not None:
                    yield Head(int(uid[1]), int(size[1]) if size else 0, part[1])

    def body(self, uid: int, *, most: int) -> bytes:
        """A whole mail, of which at most so many bytes; empty where it is gone."""
        told = self._ask("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{most}>)")
        return next((part[1] for part in told if isinstance(part, tuple)), b"")

    def _connect(self) -> Any:
        trouble = Trouble.NO_CONNECTION
        for address in self._addresses():
            try:
                return _Pinned(self.account.host, self.account.port, address, self.context)
            except ssl.SSLError:
                trouble = Trouble.NOT_TRUSTED
            except (OSError, imaplib.IMAP4.error):
                continue
        raise NotFetched(trouble)

    def _addresses(self) -> list[Address]:
        account = self.account
        host, port = account.host.lower().rstrip("."), account.port
        if port not in PORTS and not self.allowed.names(host, port):
            raise NotFetched(Trouble.REFUSED)
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = [ip_address(text) for text in dict.fromkeys(str(row[4][0]) for row in rows)]
        except (OSError, ValueError, UnicodeError):
            raise NotFetched(Trouble.UNKNOWN_HOST) from None
        try:
            place = Destination("https", host, port, "/", self.allowed.names(host, port))
            check_addresses(place, addresses, self.allowed)
        except BadAddress:
            raise NotFetched(Trouble.REFUSED) from None
        return addresses

    def _enter(self) -> None:
        """Log in and open the folder for reading alone."""
        try:
            self._imap.login(self.account.user, self.account.password)
        except imaplib.IMAP4.error:
            raise NotFetched(Trouble.LOGIN) from None
        except (OSError, UnicodeError):
            raise NotFetched(Trouble.BROKEN) from None
        try:
            answer, _count = self._imap.select(_quoted(self.account.folder), readonly=True)
            told = b" ".join(
                part
                for name in ("UIDVALIDITY", "UIDNEXT")
                for part in (b"%s %s" % (name.encode(), value) for value in self._told(name))
            )
        except imaplib.IMAP4.error:
            raise NotFetched(Trouble.FOLDER) from None
        except OSError:
            raise NotFetched(Trouble.BROKEN) from None
        validity, following = _VALIDITY.search(told), _NEXT.search(told)
        if answer != "OK" or validity is None:
            raise NotFetched(Trouble.FOLDER)
        self.uid_validity = int(validity[1])
        self.next_uid = int(following[1]) if following else 0

    def _told(self, name: str) -> list[bytes]:
        """What the server said of a folder when it was opened."""
        _name, values = self._imap.response(name)
        return [value for value in values if isinstance(value, bytes)]

    def _ask(self, command: str, *words: str) -> list[Any]:
        try:
            answer, told = self._imap.uid(command, *words)
        except (imaplib.IMAP4.error, OSError):
            raise NotFetched(Trouble.BROKEN) from None
        if answer != "OK":
            raise NotFetched(Trouble.BROKEN)
        return list(told or [])


def _set_of(uids: list[int]) -> str:
    return ",".join(map(str, uids))


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
