"""The connector of pipelines that speak the Segment spec."""

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gloed.integrations.connectors.calling import checked_address, told_of
from gloed.integrations.connectors.shape import (
    Access,
    Arriving,
    Happening,
    Known,
    Memory,
    NotTaken,
    Outcome,
    Passed,
    Setting,
    Taken,
)
from gloed.integrations.inbound.rules import moment_of
from gloed.integrations.webhooks.rules import News, Told
from gloed.people.rules import PersonData

USUAL = "https://api.segment.io"
LARGEST = 4_000_000
MOST = 500
EVENTS = {
    News.INVITATION_SENT.value: "Survey Sent",
    News.INVITATION_BOUNCED.value: "Email Bounced",
    News.RESPONSE_CREATED.value: "Survey Responded",
    News.PERSON_UNSUBSCRIBED.value: "Survey Unsubscribed",
}
RESERVED = {"email", "name", "phone", "firstName", "lastName", "createdAt", "company"}


class Segment:
    """Events of customers in, answers out."""

    name = "segment"
    label = _("Segment or RudderStack")
    text = _(
        "Whom your pipeline knows and what happened to them comes in, and may lead to a question; "
        "answers go back as events."
    )
    icon = "workflow"
    group = "pipeline"
    guide = _(
        "Use it as a webhook destination, or as the host of a Segment library: it adds /v1/batch "
        "by itself."
    )
    settings = (
        Setting(
            "endpoint",
            _("Where answers go (data plane)"),
            _("Left empty: Segment itself."),
            is_required=False,
            placeholder=USUAL,
        ),
        Setting(
            "write_key",
            _("Write key for answers"),
            _("Of a source that you made for Gloed; left empty, nothing goes out."),
            is_secret=True,
            is_required=False,
        ),
        Setting(
            "shared_secret",
            _("Shared secret of the webhook destination"),
            _("Where it is given, what is not signed with it is refused."),
            is_secret=True,
            is_required=False,
        ),
    )
    hears: Sequence[str] = tuple(EVENTS)
    takes_in = True
    needs_person = False

    def check(self, given: Mapping[str, str]) -> str:
        """Where answers go."""
        return checked_address("endpoint", given.get("endpoint") or USUAL)

    def tell(self, access: Access, told: Told, memory: Memory) -> Outcome:
        """One track call; the message id is that of the news, so that a repetition does no harm."""
        return self._send(access, EVENTS.get(told.news, told.news), told)

    def try_out(self, access: Access) -> Outcome:
        """An event that says that Gloed is there, of nobody."""
        return self._send(access, "Gloed Connected", None)

    def take(self, access: Access, arriving: Arriving, memory: Memory) -> Sequence[Taken]:
        """One call, or a batch of them."""
        if secret := access.get("shared_secret"):
            meant = hmac.new(secret.encode(), arriving.body, hashlib.sha1).hexdigest()
            if not hmac.compare_digest(meant, arriving.headers.get("X-Signature", "").lower()):
                raise NotTaken
        found = _body(arriving)
        batch = found.get("batch")
        calls = batch if isinstance(batch, list) else [found]
        return [_taken(one, arriving) for one in calls[:MOST] if isinstance(one, dict)]

    def fields(self, access: Access) -> Sequence[tuple[str, str]]:
        """A pipeline takes what it is given."""
        return ()

    def _send(self, access: Access, event: str, told: Told | None) -> Outcome:
        key = access.get("write_key")
        if not key:
            return Outcome(is_refused=True, reply=gettext("There is no write key."))
        data = dict(told.data) if told else {}
        person = data.pop("person", None) or {}
        call: dict[str, Any] = {
            "type": "track",
            "event": event,
            "properties": data,
            "messageId": f"gloed-{data.get('id', 'test')}-{told.news if told else 'test'}",
            "context": {"library": {"name": "gloed"}},
        }
        if told is not None:
            call["timestamp"] = told.at.isoformat()
        who = person.get("external_id") or person.get("email") if isinstance(person, dict) else ""
        if who:
            call["userId"] = who
        else:
            call["anonymousId"] = str(data.get("id", "gloed"))
        login = base64.b64encode(f"{key}:".encode()).decode()
        address = (access.get("endpoint") or USUAL).rstrip("/")
        return told_of(
            "POST",
            f"{address}/v1/batch",
            {"batch": [call]},
            headers={"Authorization": f"Basic {login}"},
        )


def _body(arriving: Arriving) -> dict[str, Any]:
    raw = arriving.body
    if arriving.headers.get("Content-Encoding", "") == "gzip" or raw[:2] == b"\x1f\x8b":
        try:
            raw = zlib.decompressobj(wbits=31).decompress(raw, LARGEST)
        except zlib.error:
            raise NotTaken from None
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise NotTaken from None
    if not isinstance(found, dict):
        raise NotTaken
    return found


def _taken(call: dict[str, Any], arriving: Arriving) -> Taken:
    kind = str(call.get("type", ""))
    text = json.dumps(call, sort_keys=True, default=str)
    key = str(call.get("messageId") or hashlib.sha256(text.encode()).hexdigest())
    at = moment_of(str(call.get("timestamp") or call.get("sentAt") or "")) or arriving.now
    if kind == "identify":
        return Known(_person(call, _dict(call.get("traits"))), key)
    if kind == "group":
        traits = _dict(call.get("traits"))
        account = str(traits.get("name") or call.get("groupId") or "")[:200]
        return Known(_person(call, {}), key, account)
    if kind == "track":
        traits = _dict(_dict(call.get("context")).get("traits"))
        properties = _dict(call.get("properties"))
        return Happening(
            str(call.get("event", ""))[:120], _person(call, traits), key, at, properties
        )
    return Passed(key, gettext("“%(kind)s” means nothing to Gloed.") % {"kind": kind[:40]})


def _person(call: dict[str, Any], traits: dict[str, Any]) -> PersonData:
    name = traits.get("name") or " ".join(
        str(traits[part]) for part in ("firstName", "lastName") if traits.get(part)
    )
    locale = str(_dict(call.get("context")).get("locale") or "")
    plain = {
        key[:120]: value
        for key, value in traits.items()
        if key not in RESERVED and isinstance(value, str | int | float | bool)
    }
    return PersonData(
        external_id=str(call.get("userId") or "")[:200],
        name=str(name)[:200],
        email=str(traits.get("email") or "")[:254],
        phone=str(traits.get("phone") or "")[:40],
        language=locale[:2].lower(),
        attributes=plain,
    )


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


CONNECTOR = Segment()
