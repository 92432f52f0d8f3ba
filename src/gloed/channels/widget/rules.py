"""Which sites may ask, whom a site says its visitor is, and who is no person: plain decisions."""

import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from gloed.people.rules import PersonData, is_address
from gloed.responses.rules import FAST_BELOW, Signal
from gloed.surveys.rules import LONGEST

MOST_SITES, MOST_PAGES, PAGE_LIMIT = 20, 20, 200
VALID_FOR = timedelta(hours=24)
AHEAD = timedelta(minutes=5)
PERSON_LIMIT = 4_000
_SITE = re.compile(r"(https?)://(\*\.)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(:[0-9]{1,5})?")
_OWN_MACHINE = re.compile(r"localhost|127\.0\.0\.1|.*\.localhost|.*\.test")


class NotSigned(Exception):
    """An identity nobody signed with the secret, or signed too long ago."""


def read_site(text: str) -> str | None:
    """A site as it is compared, or None for what is none: scheme, host and port, no path.

    Plain http only on a developer's own machine; `*.` stands for every name below a domain.

    >>> read_site("www.Example.nl/shop"), read_site("https://*.example.nl")
    ('https://www.example.nl', 'https://*.example.nl')
    >>> read_site("http://example.nl"), read_site("http://localhost:3000"), read_site("https://*.nl")
    (None, 'http://localhost:3000', None)
    """
    text = text.strip().lower()
    if "://" not in text:
        text = f"https://{text}"
    scheme, _, rest = text.partition("://")
    found = _SITE.fullmatch(f"{scheme}://{re.split('[/?#]', rest, maxsplit=1)[0]}")
    if found is None:
        return None
    scheme, star, host, port = found[1], found[2] or "", found[3], found[4] or ""
    is_own = _OWN_MACHINE.fullmatch(host) is not None
    if (scheme == "http" and not is_own) or ("." not in host and not is_own):
        return None
    if {"https": ":443", "http": ":80"}[scheme] == port:
        port = ""
    return f"{scheme}://{star}{host}{port}"


def is_allowed(origin: str, sites: Iterable[str]) -> bool:
    """Whether a page of this origin may carry the widget.

    >>> is_allowed("https://shop.example.nl", ["https://*.example.nl"])
    True
    >>> is_allowed("https://example.nl", ["https://*.example.nl"])
    False
    >>> is_allowed("https://evil-example.nl", ["https://*.example.nl"])
    False
    """
    origin = origin.lower()
    for site in sites:
        scheme, _, host = site.partition("://")
        if origin == site:
            return True
        own_scheme, _, own_host = origin.partition("://")
        if host.startswith("*.") and own_scheme == scheme and own_host.endswith(host[1:]):
            return len(own_host) > len(host) - 1
    return False


def read_page(text: str) -> str | None:
    """A pattern for the path of a page (`*` stands for anything), or None for what is none.

    >>> read_page("shop/*"), read_page("https://example.nl/thanks"), read_page("a b")
    ('/shop/*', '/thanks', None)
    """
    text = re.sub(r"^https?://[^/]*", "", text.strip())
    text = text if text.startswith(("/", "*")) else f"/{text}"
    return text if re.fullmatch(r"[^\s?#]{1,200}", text) else None


def sign_person(person: Mapping[str, Any], secret: str, *, now: datetime) -> str:
    """What a website puts into its page to say whom it knows there.

    The fields as JSON in base64url, a dot, and the HMAC-SHA256 of that part in hexadecimal.
    """
    data = json.dumps({**person, "at": int(now.timestamp())}, separators=(",", ":"))
    body = urlsafe_b64encode(data.encode()).decode().rstrip("=")
    return f"{body}.{_signature(body, secret)}"


def _signature(body: str, secret: str) -> str:
    return hmac.new(secret.encode(), body.encode(), sha256).hexdigest()


def read_person(signed: str, secret: str, *, now: datetime) -> PersonData:
    """Whom a website says its visitor is. Raises NotSigned for anything it did not sign lately."""
    body, _, signature = signed.partition(".")
    if len(signed) > PERSON_LIMIT or not signed.isascii():
        raise NotSigned("unreadable")
    if not hmac.compare_digest(_signature(body, secret), signature):
        raise NotSigned("another secret, or changed")
    try:
        sent = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        signed_at = datetime.fromtimestamp(int(sent["at"]), UTC)
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        raise NotSigned("unreadable") from None
    if not -AHEAD <= now - signed_at <= VALID_FOR:
        raise NotSigned("too old")
    return _person(sent)


def _person(sent: Mapping[str, Any]) -> PersonData:
    def text(name: str, limit: int) -> str:
        value = sent.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        return value.strip()[:limit] if isinstance(value, str) else ""

    email = text("email", 254)
    person = PersonData(
        external_id=text("id", 120),
        name=text("name", 200),
        email=email if is_address(email) else "",
        language=text("language", 8),
        attributes=_attributes(sent.get("attributes")),
    )
    if not (person.external_id or person.email):
        raise NotSigned("nobody")
    return person


def _attributes(sent: object) -> dict[str, Any]:
    if not isinstance(sent, dict):
        return {}
    plain = {
        str(name)[:60]: value
        for name, value in sent.items()
        if isinstance(value, int | float) or (isinstance(value, str) and len(value) <= 200)
    }
    return dict(list(plain.items())[:20])


def seconds_taken(took: int | None) -> int | None:
    """Whole seconds from seen to answered, of milliseconds; None where it lay open for long.

    >>> seconds_taken(42_900), seconds_taken(None), seconds_taken(10**9)
    (42, None, None)
    """
    return took // 1_000 if took is not None and took <= LONGEST * 1_000 else None


def signals_of(took: int | None, *, is_trapped: bool) -> frozenset[Signal]:
    """What is odd about an answer: too fast to read, or the field nobody sees was filled in.

    An app that tells neither is not suspected for it.
    """
    found = set()
    if took is not None and took < FAST_BELOW.total_seconds() * 1_000:
        found.add(Signal.FAST)
    if is_trapped:
        found.add(Signal.TRAP_FILLED)
    return frozenset(found)
