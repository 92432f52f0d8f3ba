"""One request to the API from the key to the reply."""

from hashlib import sha256
from typing import Any, cast
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RegexPattern
from django.utils import timezone

from gloed.base import operations
from gloed.base.keys import KeyKind
from gloed.base.limits import LIMITER, Allowance
from gloed.base.models import ApiKey, Organisation
from gloed.base.queries import find_key
from gloed.integrations.api.problems import Problem, not_found
from gloed.integrations.api.repeats import once
from gloed.integrations.api.routes import api

LARGEST = 5_000_000  # bytes of a body
WRITES = {"POST", "PUT", "PATCH"}
BEHIND = URLResolver(RegexPattern(r"^"), api.urls[0])


class KeyRequest(HttpRequest):
    """A request that came with a key."""

    api_key: ApiKey
    organisation: Organisation
    request_id: str


def answer(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Carry a request out, or tell the problem; every reply has a number and says what is left."""
    keyed = cast("KeyRequest", request)
    keyed.request_id = str(uuid4())
    allowance: Allowance | None = None
    try:
        key = _key(request)
        keyed.api_key, keyed.organisation = key, key.organisation
        allowance = LIMITER.take(key.pk)
        _check_limit(allowance)
        operations.note_use(key, request.headers.get("User-Agent", ""), at=timezone.now())
        reply = _carry_out(keyed, rest)
    except Problem as problem:
        reply = problem.response(request)
    reply["X-Request-Id"] = keyed.request_id
    reply["Cache-Control"] = "private, no-cache"
    for name, value in (allowance.headers if allowance else {}).items():
        reply[name] = value
    return reply


def _key(request: HttpRequest) -> ApiKey:
    kind, _blank, text = request.headers.get("Authorization", "").partition(" ")
    key = None
    if kind.lower() == "bearer" and 0 < len(text) < 200:
        key = find_key(text.strip(), KeyKind.API)
    if key is None:
        raise Problem(
            "unauthenticated",
            "Send a living key of your organisation: Authorization: Bearer gloed_…",
            headers={"WWW-Authenticate": 'Bearer realm="gloed"'},
        )
    return key


def _check_limit(allowance: Allowance) -> None:
    if not allowance.is_allowed:
        raise Problem("rate-limited", f"Try again in {allowance.retry_after} s.")


def _carry_out(request: KeyRequest, rest: str) -> HttpResponseBase:
    if request.method in WRITES:
        _check_body(request)
    try:
        found = BEHIND.resolve(rest)
    except Resolver404:
        raise not_found() from None

    def act() -> HttpResponseBase:
        return _act(request, found)

    if request.headers.get("If-Match"):
        _check_unchanged(request, found)
    return once(request.api_key, request, act, now=timezone.now())


def _act(request: HttpRequest, found: Any) -> HttpResponseBase:
    reply = cast("HttpResponseBase", found.func(request, *found.args, **found.kwargs))
    if reply.status_code == 405:
        raise Problem(
            "method-not-allowed",
            f"Here you can: {reply['Allow']}.",
            headers={"Allow": reply["Allow"]},
        )
    if request.method == "GET" and reply.status_code == 200 and isinstance(reply, HttpResponse):
        reply["ETag"] = _tag(reply)
        if _tag(reply) in _tags(request.headers.get("If-None-Match", "")):
            unchanged = HttpResponse(status=304)
            unchanged["ETag"] = reply["ETag"]
            return unchanged
    return reply


def _check_body(request: HttpRequest) -> None:
    length = request.headers.get("Content-Length", "0")
    if not length.isdigit() or int(length) > LARGEST:
        raise Problem("too-large", f"A body has at most {LARGEST // 1_000_000} MB.")
    if int(length) and request.content_type != "application/json":
        raise Problem("unsupported-media", "Send JSON, with Content-Type: application/json.")


def _check_unchanged(request: KeyRequest, found: Any) -> None:
    """If-Match: carry it out only on what the program has seen."""
    wanted, method = _tags(request.headers["If-Match"]), request.method
    request.method = "GET"
    try:
        present = found.func(request, *found.args, **found.kwargs)
    finally:
        request.method = method
    is_there = present.status_code == 200
    if not is_there or ("*" not in wanted and _tag(present) not in wanted):
        raise Problem("changed-meanwhile", "Read it again: it is not what it was.")


def _tag(reply: HttpResponse) -> str:
    return f'"{sha256(reply.content).hexdigest()[:32]}"'


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",") if tag.strip()}
