"""The API described: OpenAPI 3.1 for programs, a page of the house for people."""

import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from gloed.base import wording
from gloed.base.keys import Scope
from gloed.integrations.api import headers, news
from gloed.integrations.api.examples import EXAMPLES
from gloed.integrations.api.problems import TITLES
from gloed.integrations.api.routes import api

PREFIX = "/api/v1/"
JSON = "application/json"


def as_json(_request: HttpRequest) -> HttpResponse:
    """The description; other origins may read it, it tells nothing of anybody."""
    reply = JsonResponse(description(), json_dumps_params={"indent": 1})
    reply["Access-Control-Allow-Origin"] = "*"
    return reply


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """The OpenAPI document. Enumerations may grow, fields may be added; nothing else changes."""
    written = api.get_openapi_schema(path_prefix=PREFIX)
    found: dict[str, Any] = json.loads(json.dumps(written, cls=DjangoJSONEncoder))
    found["info"] = {
        "title": api.title,
        "version": api.version,
        "description": (
            "Persons, events, invitations, answers, scores, themes, cases and improvements of one "
            "organisation. Lists come in "
            "pages; ids are opaque text; enumerations may grow; times are RFC 3339 in UTC."
        ),
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }
    found["servers"] = [{"url": settings.BASE_URL.rstrip("/")}]
    found["webhooks"] = news.described()
    found["tags"] = [{"name": name} for name in dict.fromkeys(_tags(found))]
    for methods in found["paths"].values():
        for method, operation in methods.items():
            _tell_problems(operation)
            _tell_example(operation)
            headers.describe(method, operation)
    return found


def as_page(request: HttpRequest) -> HttpResponse:
    """How to begin, and every operation with its fields."""
    found = description()
    rooms: dict[str, list[dict[str, Any]]] = {}
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            rooms.setdefault(operation["tags"][0], []).append(
                {
                    "id": operation["operationId"],
                    "method": method.upper(),
                    "path": path,
                    "text": operation.get("description") or operation.get("summary", ""),
                    "parameters": [
                        one for one in operation.get("parameters", []) if one["in"] != "header"
                    ],
                    "fields": _fields(found, operation),
                    "sent": _shown(EXAMPLES[operation["operationId"]].body),
                    "reply": _shown(EXAMPLES[operation["operationId"]].reply),
                }
            )
    context = {
        "rooms": rooms,
        "base": settings.BASE_URL.rstrip("/"),
        "scopes": [(scope.value, wording.SCOPES[scope]) for scope in Scope],
    }
    return HttpResponse(render_to_string("api/manual.html", context, request))


def problems_page(request: HttpRequest) -> HttpResponse:
    """Every type of problem: what it means and what a program does about it."""
    advice = {
        "malformed-body": _("Send valid JSON in UTF-8."),
        "unauthenticated": _("Send a key that lives; keys are made by an owner or manager."),
        "forbidden": _("Make a key with the right that is named."),
        "not-found": _("Look at the id: it is gone, or of another organisation."),
        "method-not-allowed": _("Use one of the methods in the header Allow."),
        "conflict": _("Read the thing again; its state is another than you think."),
        "changed-meanwhile": _("Read it again, look what changed, and try with the new ETag."),
        "too-large": _("Send it in several pieces."),
        "unsupported-media": _("Send JSON, and say so in Content-Type."),
        "invalid-fields": _("“errors” tells each field and what is the matter with it."),
        "rate-limited": _("Wait as many seconds as Retry-After says."),
        "our-fault": _("Try again later; tell the number in “instance” to who runs the server."),
    }
    rows = [
        {"type": kind, "status": status, "title": title, "advice": advice[kind]}
        for kind, (status, title) in TITLES.items()
    ]
    return HttpResponse(render_to_string("api/problems.html", {"rows": rows}, request))


def _tags(found: dict[str, Any]) -> list[str]:
    return [
        tag
        for methods in found["paths"].values()
        for operation in methods.values()
        for tag in operation.get("tags", [])
    ]


def _tell_problems(operation: dict[str, Any]) -> None:
    """Problems have a media type of their own."""
    for code, reply in operation["responses"].items():
        content = reply.get("content", {})
        if int(code) >= 400 and JSON in content:
            reply["content"] = {"application/problem+json": content.pop(JSON)}
            reply["description"] = next(
                title for status, title in TITLES.values() if status == int(code)
            )
        elif int(code) < 300:
            reply["description"] = {200: "Done", 201: "Made", 202: "Begun", 204: "Gone"}[int(code)]


def _tell_example(operation: dict[str, Any]) -> None:
    """One request and its reply."""
    example = EXAMPLES[operation["operationId"]]
    values = {**example.path, **example.query}
    for parameter in operation.get("parameters", []):
        if parameter["name"] in values:
            parameter["example"] = values[parameter["name"]]
    if example.body is not None:
        operation["requestBody"]["content"][JSON]["example"] = example.body
    for code, reply in operation["responses"].items():
        if int(code) < 300 and JSON in reply.get("content", {}):
            reply["content"][JSON]["example"] = example.reply


def _shown(example: Any) -> str:
    """An example as people read it; nothing where there is none."""
    return "" if example is None else json.dumps(example, indent=2, ensure_ascii=False)


def _fields(found: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
    body = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
    name = body.get("schema", {}).get("$ref", "").rpartition("/")[2]
    if not name:
        return []
    schema = found["components"]["schemas"][name]
    needed = schema.get("required", [])
    return [
        {"name": field, "kind": _kind(told), "is_needed": field in needed}
        for field, told in schema["properties"].items()
    ]


def _kind(told: dict[str, Any]) -> str:
    if "$ref" in told:
        return str(told["$ref"].rpartition("/")[2])
    if "anyOf" in told:
        return " / ".join(dict.fromkeys(_kind(one) for one in told["anyOf"]))
    kind = str(told.get("type", "any"))
    return f"{kind} ({told['format']})" if "format" in told else kind
