"""The connector of every system that can post JSON."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gloed.integrations.connectors.shape import (
    Access,
    Arriving,
    Given,
    Happening,
    Known,
    Memory,
    NotTaken,
    Outcome,
    Passed,
    Setting,
    Taken,
)
from gloed.integrations.inbound.rules import Means, Read, What, read
from gloed.integrations.webhooks.rules import Told
from gloed.people.rules import PersonData

SIGNATURES = ("X-Signature-256", "X-Hub-Signature-256", "X-Signature")


class Inbound:
    """A secret address, and a mapping made by pointing at what came."""

    name = "inbound"
    label = _("Any system that can post")
    text = _(
        "A shop, a planning tool, a telephone exchange: it posts JSON to an address of its own, "
        "and you point out which field is what."
    )
    icon = "inbox"
    group = "pipeline"
    settings = (
        Setting(
            "secret",
            _("Shared secret"),
            _("Only where the other side signs with HMAC-SHA256; the address is secret anyway."),
            is_secret=True,
            is_required=False,
        ),
    )
    hears: Sequence[str] = ()
    takes_in = True
    needs_person = False

    def check(self, given: Mapping[str, str]) -> str:
        """Nothing can be wrong with it."""
        return ""

    def tell(self, access: Access, told: Told, memory: Memory) -> Outcome:
        """It is told nothing."""
        return Outcome(is_refused=True, reply="it hears nothing")

    def try_out(self, access: Access) -> Outcome:
        """There is nobody to call."""
        return Outcome(is_done=True)

    def take(self, access: Access, arriving: Arriving, memory: Memory) -> Sequence[Taken]:
        """What a body becomes by the mapping; a list of bodies is taken one by one."""
        if secret := access.get("secret"):
            check_signature(secret, arriving)
        body = body_of(arriving)
        bodies = body[:200] if isinstance(body, list) else [body]
        return [taken_of(one, access.mapping, arriving) for one in bodies]

    def fields(self, access: Access) -> Sequence[tuple[str, str]]:
        """Nothing goes there."""
        return ()


def check_signature(secret: str, arriving: Arriving) -> None:
    """Raise NotTaken unless one of the usual headers holds the HMAC-SHA256 of the body."""
    meant = hmac.new(secret.encode(), arriving.body, hashlib.sha256).hexdigest()
    given = [arriving.headers.get(name, "").removeprefix("sha256=") for name in SIGNATURES]
    if not any(hmac.compare_digest(meant, one.lower()) for one in given if one.isascii()):
        raise NotTaken


def body_of(arriving: Arriving) -> Any:
    """The body as JSON or as a form. Raises NotTaken."""
    try:
        text = arriving.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotTaken from None
    if "form-urlencoded" in arriving.headers.get("Content-Type", ""):
        return dict(parse_qsl(text, max_num_fields=200))
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise NotTaken from None
    if not isinstance(found, dict | list):
        raise NotTaken
    return found


def taken_of(body: Any, mapping: Mapping[str, str], arriving: Arriving) -> Taken:
    """What one body becomes."""
    text = json.dumps(body, sort_keys=True, default=str)
    key = f"sha256-{hashlib.sha256(text.encode()).hexdigest()}"
    if not mapping.get("what"):
        return Passed(key, gettext("Kept to point at: say which field is what."))
    found = read(body, mapping)
    key = found.get(Means.ID) or key
    at = found.at or arriving.now
    if found.what is What.PERSON:
        return Known(person_of(found), key, found.get(Means.ACCOUNT))
    if found.what is What.ANSWER:
        if found.rating is None:
            return Passed(key, gettext("There is no whole number where the rating should be."))
        return Given(
            person_of(found),
            key,
            mapping.get("survey", ""),
            found.rating,
            at,
            found.get(Means.WORDS),
        )
    return Happening(found.get(Means.KIND), person_of(found), key, at, dict(found.properties))


def person_of(found: Read) -> PersonData:
    """Who it is about."""
    return PersonData(
        external_id=found.get(Means.EXTERNAL_ID)[:200],
        name=found.get(Means.NAME)[:200],
        email=found.get(Means.EMAIL)[:254],
        phone=found.get(Means.PHONE)[:40],
        language=found.get(Means.LANGUAGE)[:8],
        attributes=dict(found.attributes),
    )


CONNECTOR = Inbound()
