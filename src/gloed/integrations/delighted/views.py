"""The door of the old API: a key selects a project, every answer is JSON, nothing redirects."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from gloed.base import operations as base
from gloed.base.keys import KeyKind
from gloed.base.limits import Limiter
from gloed.base.policy import public_page
from gloed.base.queries import find_key
from gloed.integrations.delighted import endpoints
from gloed.integrations.delighted.endpoints.asked import Asked, Reply
from gloed.integrations.delighted.models import Caller, Project, ProjectKey
from gloed.integrations.delighted.requests import Refused, key_texts, parameters_of, wants_json

logger = logging.getLogger(__name__)
LIMITER = Limiter(per_minute=600, burst=60)
REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    413: "Payload Too Large",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
}
SEEN_AGAIN = timedelta(minutes=10)


@csrf_exempt  # the key is in a header, which a browser does not send on its own
@public_page("a key in the header opens it; without one it answers 401 and tells nothing")
def enter(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer one request of an old client."""
    try:
        return _answer(request, rest)
    except Refused as refused:
        return _refusal(refused)
    except Exception:
        logger.exception("a request to the old API broke")
        return _refusal(Refused(500))


def _answer(request: HttpRequest, rest: str) -> HttpResponse:
    key = next(
        (found for text in key_texts(request) if (found := find_key(text, KeyKind.DELIGHTED))), None
    )
    link = ProjectKey.objects.select_related("project__survey", "project__organisation")
    selected = link.filter(key=key).first() if key else None
    if key is None or selected is None:
        raise Refused(401, headers={"WWW-Authenticate": 'Basic realm="gloed"'})
    allowance = LIMITER.take(key.pk)
    if not allowance.is_allowed:
        raise Refused(429, headers={"Retry-After": str(min(60, allowance.retry_after))})
    path, has_suffix = rest.strip("/"), rest.rstrip("/").endswith(".json")
    path = path.removesuffix(".json")
    if not wants_json(request, has_suffix=has_suffix):
        raise Refused(406)
    act = endpoints.find(request.method or "", path)
    now = timezone.now()
    base.note_use(key, request.headers.get("User-Agent", ""), at=now)
    _note_caller(selected.project, request, path.partition("/")[0])
    asked = Asked(selected.project, path, parameters_of(request), now)
    return _json(act(asked), request)


def _json(reply: Reply, request: HttpRequest) -> HttpResponse:
    answer = JsonResponse(reply.body, status=reply.status, safe=False)
    if reply.next_page is not None:
        answer["Link"] = f'<{_address(request, reply.next_page)}>; rel="next"'
    return answer


def _address(request: HttpRequest, parameters: Mapping[str, Any]) -> str:
    """The address the client used, with other parameters; https where the public address has it."""
    here = request.build_absolute_uri(request.path)
    public = settings.BASE_URL
    if public.startswith("https://") and here.startswith(public.replace("https://", "http://", 1)):
        here = here.replace("http://", "https://", 1)
    return f"{here}?{urlencode(parameters)}".replace(",", "%2C").replace(">", "%3E")


def _refusal(refused: Refused) -> HttpResponse:
    body: dict[str, Any] = {"status": refused.status, "message": REASONS[refused.status]}
    if refused.errors:
        body["errors"] = refused.errors
    answer = JsonResponse(body, status=refused.status)
    for name, value in refused.headers.items():
        answer[name] = value
    return answer


def _note_caller(project: Project, request: HttpRequest, what: str) -> None:
    """Remember which program calls, for the page that shows who still does."""
    now = timezone.now()
    told = request.headers.get("User-Agent", "") or "?"
    client = "".join(sign for sign in told if sign.isprintable())[:120]
    known = Caller.objects.filter(project=project, client=client, what=what[:40])
    last = known.values_list("last_at", flat=True).first()
    if last is None:
        try:
            Caller.objects.create(
                project=project, client=client, what=what[:40], first_at=now, last_at=now
            )
        except IntegrityError:
            return
    elif now - last > SEEN_AGAIN:
        known.update(last_at=now)
