"""What every answer carries: strict headers, and the language its reader chose."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

Handler = Callable[[HttpRequest], HttpResponseBase]

CONTENT_SECURITY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def security_headers(get_response: Handler) -> Handler:
    """No foreign script, frame or form anywhere; a view may set a narrower policy itself."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        return response

    return middleware


def staff_language(get_response: Handler) -> Handler:
    """A colleague's own language wins over the browser's."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        language = getattr(request.user, "language", "")
        if not language:
            return get_response(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            response.headers["Content-Language"] = language
        return response

    return middleware
