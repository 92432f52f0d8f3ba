"""News in the old shape, signed with the project's key, for receivers that check it so."""

import hashlib
import hmac
import json
from collections.abc import Mapping

from django.utils import timezone

from gloed.base.sealing import unseal
from gloed.integrations.delighted import shapes
from gloed.integrations.delighted.models import Project, ProjectKey
from gloed.integrations.delighted.rules import unix
from gloed.integrations.webhooks import dialects
from gloed.integrations.webhooks.models import Endpoint
from gloed.integrations.webhooks.rules import News, Told
from gloed.people.models import Person
from gloed.responses.models import Response

DIALECT = "delighted"
EVENTS = {
    News.RESPONSE_CREATED: "survey_response.created",
    News.RESPONSE_UPDATED: "survey_response.updated",
    News.PERSON_UNSUBSCRIBED: "unsubscribe.created",
}
BACKFILL = 86_400  # seconds: what was given longer ago is a back-fill and floods nobody
HEADER = "X-Delighted-Webhook-Signature"


def write(endpoint: Endpoint, told: Told, message_id: str) -> str | None:
    """The old envelope; None for news it had no word for."""
    project = Project.objects.filter(public_id=endpoint.reference).first()
    if project is None or told.news not in EVENTS:
        return None
    data = _unsubscribe(told) if told.news == News.PERSON_UNSUBSCRIBED else _response(project, told)
    if data is None:
        return None
    body = {
        "event_type": EVENTS[News(told.news)],
        "event_id": hashlib.sha256(f"{endpoint.pk}:{message_id}".encode()).hexdigest(),
        "event_data": data,
    }
    return json.dumps(body, ensure_ascii=False)


def sign(endpoint: Endpoint, body: bytes) -> Mapping[str, str]:
    """HMAC-SHA256 of the raw body with the project's newest living key."""
    links = ProjectKey.objects.filter(project__public_id=endpoint.reference, key__revoked_at=None)
    newest = links.select_related("key").order_by("-pk").first()
    if newest is None:
        return {}
    return {HEADER: signature_of(unseal(newest.key.sealed), body)}


def signature_of(key: str, body: bytes) -> str:
    """The signature as receivers check it.

    >>> signature_of("testkey", b'{"a":1}')[:20]
    'sha256=447507f615c3f'
    """
    return "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def _response(project: Project, told: Told) -> Mapping[str, object] | None:
    if str(told.data.get("id", "")).startswith("ans_0000000000"):
        return _sample(project)
    public_id = str(told.data["id"]).removeprefix("ans_")
    found = Response.objects.filter(survey=project.survey, public_id=public_id)
    found = found.select_related("person").prefetch_related(
        "answers__question__wordings", "delighted_notes"
    )
    response = found.first()
    if response is None:
        return None
    age = (timezone.now() - shapes.created_at(response)).total_seconds()
    if told.news == News.RESPONSE_CREATED and response.source == "delighted" and age > BACKFILL:
        return None
    return shapes.responses(project, [response], expand={"person"})[0]


def _unsubscribe(told: Told) -> Mapping[str, object]:
    public_id = str(told.data["id"]).removeprefix("per_")
    person = Person.objects.filter(public_id=public_id).first()
    return {
        "person_id": str(person.pk) if person else "",
        "email": told.data.get("email") or None,
        "name": told.data.get("name") or None,
        "unsubscribed_at": unix(told.at),
        "person": shapes.expanded(person) if person else None,
    }


def _sample(project: Project) -> Mapping[str, object]:
    now = unix(timezone.now())
    person = {
        "id": "1",
        "name": "Anna de Vries",
        "email": "sample@example.org",
        "created_at": now,
        "phone_number": None,
    }
    return {
        "id": "1",
        "person": person,
        "survey_type": project.survey_type,
        "score": 3,
        "comment": "De monteur kwam niet opdagen.",
        "permalink": "",
        "created_at": now,
        "updated_at": now,
        "person_properties": None,
        "notes": [],
        "tags": [],
        "additional_answers": [],
    }


def register() -> None:
    """Make the old manner known to the webhooks."""
    dialects.register(DIALECT, dialects.Dialect(write, sign))
