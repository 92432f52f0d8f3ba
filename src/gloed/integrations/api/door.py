"""The door of the API. What stands behind it is loaded when somebody knocks.

Most installations never see an API request in most of their processes; the schemas of the API and
the library that checks them cost a tenth of a web process's memory.
"""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from gloed.base.policy import public_page


@csrf_exempt  # a key in a header is not sent by a browser on its own
@public_page("a key in the header opens it; without one it answers 401 and tells nothing")
def enter(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Answer one request to the API."""
    from gloed.integrations.api import service  # noqa: PLC0415 - loaded when somebody knocks

    return service.answer(request, rest)


@require_GET
@public_page("what the API can do is no secret; it is the same for everybody")
def openapi(request: HttpRequest) -> HttpResponseBase:
    """The description of the API in OpenAPI 3.1."""
    from gloed.integrations.api import describing  # noqa: PLC0415 - loaded when asked

    return describing.as_json(request)


@require_GET
@public_page("how to use the API is read before one has a key")
def manual(request: HttpRequest) -> HttpResponseBase:
    """The description as a page."""
    from gloed.integrations.api import describing  # noqa: PLC0415 - loaded when asked

    return describing.as_page(request)


@require_GET
@public_page("a problem's address opens a page about it")
def problems(request: HttpRequest) -> HttpResponseBase:
    """What each type of problem means."""
    from gloed.integrations.api import describing  # noqa: PLC0415 - loaded when asked

    return describing.problems_page(request)
