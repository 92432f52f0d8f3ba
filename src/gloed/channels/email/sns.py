"""Notes of Amazon SNS: each is signed by Amazon, and one that is not is refused.

The steps are those of "Verifying the signatures of Amazon SNS messages" in Amazon's guide: the
certificate comes from Amazon's own host, and its key signed the fields in a fixed order.
"""

import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import Certificate, load_pem_x509_certificate

from gloed.base.outward import Bounds, NotReached, call

SMALL = Bounds(connect=5, read=5, total=10, reply=20_000)
HASHES = {"1": SHA1, "2": SHA256}
NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_HOST = re.compile(r"sns\.[a-z0-9-]{3,40}\.amazonaws\.com(\.cn)?")
Fetch = Callable[[str], bytes]


class NotSigned(Exception):
    """Amazon did not sign this; the text says what is wrong, never what stood in it."""


class OutOfReach(Exception):
    """Whether Amazon signed this cannot be told now: its certificate is out of reach."""


def is_of_amazon(address: str) -> bool:
    """Whether an address is one of Amazon SNS, and encrypted.

    >>> is_of_amazon("https://sns.eu-west-1.amazonaws.com/x.pem")
    True
    >>> is_of_amazon("https://sns.eu-west-1.amazonaws.com.evil.example/x.pem")
    False
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    is_plain = parts.scheme == "https" and port in (None, 443) and "@" not in parts.netloc
    return is_plain and _HOST.fullmatch(parts.hostname or "") is not None


def signed_text(note: Mapping[str, Any]) -> bytes:
    """What Amazon signs of a note: the names and values of its fields, a line each.

    >>> signed_text({"Type": "Notification", "MessageId": "1", "Message": "x"})
    b'Message\\nx\\nMessageId\\n1\\nType\\nNotification\\n'
    """
    fields = NOTIFICATION if note.get("Type") == "Notification" else CONFIRMATION
    return "".join(f"{name}\n{note[name]}\n" for name in fields if name in note).encode()


def check(note: Mapping[str, Any], *, now: datetime, fetch: Fetch | None = None) -> None:
    """Refuse a note that Amazon did not sign. Raises NotSigned, or OutOfReach."""
    address, version = str(note.get("SigningCertURL", "")), str(note.get("SignatureVersion", ""))
    if not is_of_amazon(address):
        raise NotSigned("its certificate is not at an address of Amazon SNS")
    if version not in HASHES:
        raise NotSigned("a version of signing that is not known")
    try:
        signature = b64decode(str(note.get("Signature", "")), validate=True)
    except (NoBase64, ValueError):
        raise NotSigned("no signature") from None
    certificate = _certificate(address) if fetch is None else _read(fetch(address))
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise NotSigned("its certificate is not valid now")
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise NotSigned("another kind of key")
    try:
        key.verify(signature, signed_text(note), PKCS1v15(), HASHES[version]())
    except InvalidSignature:
        raise NotSigned("another signature") from None


def open_address(address: str) -> bytes:
    """What stands at an address of Amazon. Raises NotSigned for another one, or OutOfReach."""
    if not is_of_amazon(address):
        raise NotSigned("this is no address of Amazon SNS")
    try:
        reply = call("GET", address, bounds=SMALL)
    except NotReached as problem:
        raise OutOfReach(str(problem)) from None
    if not reply.is_success:
        raise OutOfReach(f"status {reply.status}")
    return reply.body


@lru_cache(maxsize=8)
def _certificate(address: str) -> Certificate:
    return _read(open_address(address))


def _read(pem: bytes) -> Certificate:
    try:
        return load_pem_x509_certificate(pem)
    except ValueError:
        raise NotSigned("no certificate") from None
