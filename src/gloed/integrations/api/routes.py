"""Everything the API can do, in one object that checks what comes in and describes itself."""

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from gloed.integrations.api.keys import Bearer
from gloed.integrations.api.problems import FieldProblem, Problem, not_found
from gloed.integrations.api.resources import (
    accounts,
    answers,
    cases,
    events,
    exports,
    goals,
    hooks,
    improvements,
    invitations,
    me,
    persons,
    scores,
    surveys,
    themes,
)

logger = logging.getLogger(__name__)
TITLE = "Gloed API"
api = NinjaAPI(
    title=TITLE,
    version="1.0.0",
    docs_url=None,
    openapi_url=None,
    urls_namespace="gloed-api-1",
    auth=Bearer(),
)
for prefix, room in (
    ("me", me),
    ("persons", persons),
    ("accounts", accounts),
    ("events", events),
    ("surveys", surveys),
    ("invitations", invitations),
    ("answers", answers),
    ("scores", scores),
    ("themes", themes),
    ("cases", cases),
    ("improvements", improvements),
    ("goals", goals),
    ("exports", exports),
    ("hooks", hooks),
):
    api.add_router(prefix, room.router, tags=[prefix])


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem.response(request)


@api.exception_handler(Http404)
def _nowhere(request: HttpRequest, _problem: Http404) -> HttpResponse:
    return not_found().response(request)


@api.exception_handler(ValidationError)
def _fields(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    fields = [FieldProblem(_pointer(one["loc"]), str(one["msg"])) for one in problem.errors]
    return Problem("invalid-fields", "See “errors” for each field.", fields).response(request)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, problem: HttpError) -> HttpResponse:
    kind = "malformed-body" if problem.status_code == 400 else "unauthenticated"
    return Problem(kind, str(problem)).response(request)


@api.exception_handler(Exception)
def _broken(request: HttpRequest, problem: Exception) -> HttpResponse:
    logger.error("an API request broke", exc_info=problem)
    return Problem("our-fault", "It is in the log under this number.").response(request)


def _pointer(place: Any) -> str:
    """A JSON pointer from the place of a field: ("body", "data", "email") becomes "/email"."""
    parts = [str(part) for part in place]
    inner = parts[2:] if parts[0] == "body" and len(parts) > 1 else parts[1:]
    return "/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in inner)
