"""What a SAML service tells about itself: fetched through the guarded client, read without traps.

The XML is a stranger's: no document type, no entities, nothing from elsewhere, at most MOST bytes.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from cryptography import x509
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from gloed.base import outward
from gloed.base.sso.rules import Gap

MOST = 300_000
BOUNDS = outward.Bounds(connect=5.0, read=10.0, total=15.0, reply=MOST)
LONGEST_ID = 300
_MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"
_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
_HERE = {"localhost", "127.0.0.1", "::1"}


class NotUsable(Exception):
    """Metadata that cannot be used; `gap` says why."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(gap.value)
        self.gap = gap


@dataclass(frozen=True, slots=True)
class Service:
    """A SAML service: who it is, where one logs in, and what it signs with (DER in base64)."""

    entity_id: str
    sign_in: str
    certificates: tuple[str, ...]


def fetch(address: str) -> Service:
    """Read the metadata at an address. Raises NotUsable."""
    try:
        reply = outward.call("GET", address, bounds=BOUNDS)
    except outward.NotReached:
        raise NotUsable(Gap.NOT_REACHED) from None
    if reply.status != 200:
        raise NotUsable(Gap.NOT_REACHED)
    return read(reply.body)


def read(xml: bytes) -> Service:
    """The one log-in service that metadata describes. Raises NotUsable."""
    entity, found = _the_one(_parsed(xml))
    name = (entity.get("entityID") or "").strip()
    sign_in = _sign_in(found)
    if not name or len(name) > LONGEST_ID or not sign_in:
        raise NotUsable(Gap.NO_WAY_IN)
    certificates = tuple(dict.fromkeys(_certificates(found)))
    if not certificates:
        raise NotUsable(Gap.NO_CERTIFICATE)
    return Service(name, sign_in, certificates)


def good_until(certificates: list[str]) -> datetime | None:
    """When the last of the certificates ends (UTC); None without any."""
    ends = [x509.load_der_x509_certificate(b64decode(one)).not_valid_after_utc
            for one in certificates]  # fmt: skip
    return max(ends, default=None)


def _parsed(xml: bytes) -> Element:
    if len(xml) > MOST:
        raise NotUsable(Gap.NOT_XML)
    try:
        parsed: Any = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise NotUsable(Gap.NOT_XML) from None
    root: Element = parsed
    return root


def _the_one(root: Element) -> tuple[Element, Element]:
    found = [
        (entity, inner)
        for entity in root.iter(f"{_MD}EntityDescriptor")
        for inner in entity.findall(f"{_MD}IDPSSODescriptor")
        if _PROTOCOL in (inner.get("protocolSupportEnumeration") or "").split()
    ]
    if not found:
        raise NotUsable(Gap.NO_SERVICE)
    if len(found) > 1:
        raise NotUsable(Gap.SEVERAL)
    return found[0]


def _sign_in(found: Element) -> str:
    for one in found.findall(f"{_MD}SingleSignOnService"):
        address = (one.get("Location") or "").strip()
        if one.get("Binding") == _REDIRECT and _may_be_visited(address):
            return address
    return ""


def _may_be_visited(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    return is_safe and bool(parts.hostname) and len(address) <= 1_000


def _certificates(found: Element) -> list[str]:
    kept = []
    for key in found.findall(f"{_MD}KeyDescriptor"):
        if key.get("use", "signing") != "signing":
            continue
        for one in key.iter(f"{_DS}X509Certificate"):
            try:
                raw = b64decode("".join((one.text or "").split()), validate=True)
                x509.load_der_x509_certificate(raw)
            except ValueError:
                continue
            kept.append(b64encode(raw).decode())
    return kept
