"""Who is the same person, and which address is one: decisions on plain values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

_ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s.,;<>\"]{2,}")


def is_address(text: str) -> bool:
    """Whether text looks like an e-mail address: one @, a dot after it, no blanks."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def email_key(address: str) -> str:
    """The address as it is compared; empty for what is no address.

    >>> email_key("  Anna@Example.NL "), email_key("n/a")
    ('anna@example.nl', '')
    """
    key = address.strip().lower()
    return key if is_address(key) else ""


def phone_key(number: str) -> str:
    """A telephone number as it is compared, however it was written; empty for what is none.

    >>> phone_key("06 1234 5678"), phone_key("+31 6-12345678"), phone_key("112")
    ('612345678', '612345678', '')
    """
    digits = re.sub(r"\D", "", number)
    return digits[-9:] if len(digits) >= 9 else ""


def erased_key(organisation: int, kind: str, value: str) -> str:
    """What is kept of an erased identity: enough to recognise it, not enough to read it.

    `kind` is "email" (value as `email_key` gives it), "phone" (as `phone_key` gives it) or "id" (an
    external id). Salted by the organisation, so that two organisations' lists cannot be laid beside
    each other.
    """
    digest = sha256(f"gloed:{organisation}:{kind}:{value}".encode()).hexdigest()
    return f"sha256:{digest}"


def may_lift(reason: str, source: str) -> bool:
    """Whether a colleague may let an address be asked again.

    What they wrote down themselves, and a mail that bounced; who opted out with their own hand can
    only come back with their own hand, and who was erased is not asked again.

    >>> may_lift("opt_out", "staff:phone"), may_lift("bounce", "mail"), may_lift("opt_out", "page")
    (True, True, False)
    """
    return reason == "bounce" or (reason == "opt_out" and source.startswith("staff:"))


@dataclass(frozen=True, slots=True)
class PersonData:
    """What a delivery knows of a person. All empty: somebody without a name."""

    external_id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


def short_id(external_id: str) -> str:
    """An external id as it is stored: whole up to 120 characters, a digest beyond."""
    text = external_id.strip()
    return text if len(text) <= 120 else "sha256-" + sha256(text.encode()).hexdigest()
