"""What we post to webhooks, for the description: one entry for each kind of news."""

from datetime import UTC, datetime
from typing import Any

from gloed.integrations.webhooks.rules import News
from gloed.integrations.webhooks.samples import moment_of, sample

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
HEADERS = {
    "webhook-id": "the same for every try: carry it out once",
    "webhook-timestamp": "Unix seconds of this try; refuse what is older than five minutes",
    "webhook-signature": "v1, and base64 of HMAC-SHA256 over id.timestamp.body",
}


def described() -> dict[str, Any]:
    """The section `webhooks` of the document, by Standard Webhooks."""
    return {news.value: {"post": _operation(news.value)} for news in News}


def _operation(news: str) -> dict[str, Any]:
    example = {
        "type": news,
        "timestamp": moment_of(AT),
        "data": sample(news, 0, at=AT, with_person=True).data,
    }
    schema = _shape_of(example)
    schema["properties"]["type"] = {"const": news}
    name = "".join(part.title() for part in news.replace("_", ".").split("."))
    return {
        "operationId": f"hear{name}",
        "summary": f"We post {news} to endpoints that hear it",
        "parameters": [
            {
                "name": header,
                "in": "header",
                "required": True,
                "description": text,
                "schema": {"type": "string"},
            }
            for header, text in HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": example}},
        },
        "responses": {
            "200": {"description": "Any 2xx: taken. Everything else is tried again."},
            "410": {"description": "The endpoint is switched off."},
        },
    }


def _shape_of(value: Any) -> dict[str, Any]:
    """The schema of an example. What may be missing cannot be seen from one, so nothing is required
    but the three of the envelope; fields may be added.
    """
    if isinstance(value, dict):
        shape: dict[str, Any] = {
            "type": "object",
            "properties": {name: _shape_of(one) for name, one in value.items()},
        }
        return shape | ({"required": ["type", "timestamp", "data"]} if "data" in value else {})
    if isinstance(value, list | tuple):
        return {"type": "array", "items": _shape_of(value[0]) if value else {}}
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string"}
    return {"type": [kinds[type(value)], "null"]} if value is not None else {}
