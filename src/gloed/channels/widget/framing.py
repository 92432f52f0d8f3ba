"""The respondent's page inside a frame of a website."""

import re

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from gloed.channels.link.views import answer_page
from gloed.channels.widget.models import Widget

_FRAMES = re.compile(r"frame-ancestors [^;]*")
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_KEY_FIELD = re.compile(r'(name="key" value=")[^"]*(")')


def framed_page(request: HttpRequest, widget: Widget) -> HttpResponse:
    """The same page as behind the link, with its forms and frames bound to this widget.

    `?key=` goes on with an answer that was begun outside the frame.
    """
    token = request.GET.get("token", "")
    token = token if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", token) else ""
    page = answer_page(request, widget.survey.slug, token)
    response = HttpResponse(page.getvalue(), status=page.status_code)
    for name, value in page.headers.items():
        response.headers[name] = value
    ancestors = "frame-ancestors " + " ".join(["'self'", *widget.sites])
    policy = response.headers.get("Content-Security-Policy", "")
    response.headers["Content-Security-Policy"] = _FRAMES.sub(ancestors, policy)
    if response.headers.get("Content-Type", "").startswith("text/html"):
        response.content = _bound(request, widget, token, response.content.decode()).encode()
    return response


def _bound(request: HttpRequest, widget: Widget, token: str, text: str) -> str:
    """Let forms stay inside the frame, and carry on under the key of the page around it."""
    plain = reverse("link:answer", args=[widget.survey.slug])
    own = reverse("widget:frame", args=[widget.key])
    if token:
        plain = reverse("link:personal", args=[widget.survey.slug, token])
        own = f"{own}?token={token}"
    text = text.replace(f'action="{plain}"', f'action="{own}"')
    key = request.GET.get("key", "")
    if request.method != "POST" and _KEY.fullmatch(key):
        text = _KEY_FIELD.sub(rf"\g<1>{key}\g<2>", text, count=1)
    return text
