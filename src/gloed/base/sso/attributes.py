"""Whose address and name stand among what a SAML service tells: decisions on plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

ADDRESS = (
    "urn:oid:0.9.2342.19200300.100.1.3",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "mail",
    "email",
    "emailaddress",
)
NAME = (
    "urn:oid:2.16.840.1.113730.3.1.241",
    "http://schemas.microsoft.com/identity/claims/displayname",
    "displayname",
    "name",
    "urn:oid:2.5.4.3",
    "cn",
)
FIRST = (
    "urn:oid:2.5.4.42",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
    "givenname",
    "firstname",
)
LAST = (
    "urn:oid:2.5.4.4",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
    "sn",
    "surname",
    "lastname",
)
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
LONGEST_UID = 191  # what allauth keeps


@dataclass(frozen=True, slots=True)
class NameId:
    """What the service calls the person itself, and what kind of name that is."""

    value: str = ""
    format: str = ""


def address_of(told: Mapping[str, Sequence[str]], name_id: NameId, *, called: str = "") -> str:
    """The address somebody comes with; `called` names the attribute where the usual do not do.

    >>> address_of({"mail": ["Anna@Example.org"]}, NameId("7"))
    'anna@example.org'
    >>> address_of({}, NameId("anna@example.org"))
    'anna@example.org'
    """
    found = _first(told, (called,) if called else ADDRESS)
    if not found and not called and name_id.format != TRANSIENT and "@" in name_id.value:
        found = name_id.value
    return found.strip().lower()


def name_of(told: Mapping[str, Sequence[str]], *, called: str = "") -> str:
    """The name somebody is shown by.

    >>> name_of({"givenName": ["Anna"], "sn": ["de Vries"]})
    'Anna de Vries'
    """
    whole = _first(told, (called,) if called else NAME)
    if whole or called:
        return whole
    return f"{_first(told, FIRST)} {_first(told, LAST)}".strip()


def uid_of(name_id: NameId, address: str) -> str:
    """What the account is known by from now on: a name that lasts, else the address.

    >>> uid_of(NameId("_a1", TRANSIENT), "anna@example.org")
    'anna@example.org'
    """
    uid = address if not name_id.value or name_id.format == TRANSIENT else name_id.value
    return uid if len(uid) <= LONGEST_UID else sha256(uid.encode()).hexdigest()


def _first(told: Mapping[str, Sequence[str]], names: Sequence[str]) -> str:
    known = {name.casefold(): values for name, values in told.items()}
    for name in names:
        for value in known.get(name.casefold(), ()):
            if isinstance(value, str) and value.strip():
                return value.strip()
    return ""
