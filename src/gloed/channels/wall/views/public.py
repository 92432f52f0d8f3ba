"""The wall for everybody: a page, a feed, a page for a frame, and the script that embeds it."""

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_http_methods

from gloed.base.guests import is_too_fast
from gloed.base.policy import public_page
from gloed.channels.embedded import packed, served
from gloed.channels.link.private_page import LANGUAGES, language_of
from gloed.channels.wall import pages, queries, rules
from gloed.channels.wall.models import Wall

SCRIPT = Path(__file__).parents[1] / "embed.js"
PER_MINUTE = 3000
"""From one network address: behind one may stand every visitor of a busy site."""
KEPT = (
    "Access-Control-Allow-Origin",
    "Content-Security-Policy",
    "Cross-Origin-Resource-Policy",
)


@public_page("customers who agreed to be quoted; there only when it is switched on")
@require_http_methods(["GET", "HEAD"])
def wall(request: HttpRequest, slug: str) -> HttpResponse:
    """What customers agreed to say, as a page."""
    found = _wall(request, slug)
    return _tagged(request, _page(request, found, "public.html"))


@xframe_options_exempt
@public_page("the same in a frame of any website")
@require_http_methods(["GET", "HEAD"])
def frame(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for a frame: without a heading of its own, and any site may frame it."""
    found = _wall(request, slug)
    response = _page(request, found, "frame.html", ancestors="*")
    response.headers["X-Robots-Tag"] = "noindex"
    return _tagged(request, response)


@public_page("the same for programs and for the script that embeds it")
@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as JSON. Every copy asks again before it is shown: what is withdrawn is gone."""
    found = _wall(request, slug)
    language = language_of(request, found.organisation.language)
    only = request.GET.get("only", "")
    quotes = [
        rules.quote_in_feed(
            one.quote.id, one.quote.words, one.name, one.quote.language, one.quote.agreed_at
        )
        for one in queries.shown_on(found, language=only if only in LANGUAGES else "")
    ]
    with translation.override(language):
        statement = _("These customers of %(organisation)s agreed to be quoted.") % {
            "organisation": found.organisation.name
        }
    body = rules.as_bytes(rules.feed_of(found.organisation.name, statement, quotes))
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Language"] = language
    return _tagged(request, response)


@public_page("websites load the script that embeds a wall")
@require_http_methods(["GET", "HEAD"])
def embed(request: HttpRequest) -> HttpResponse:
    """The script, kept by browsers for an hour and asked for again by its tag."""
    return served(request, packed(SCRIPT))


def _page(
    request: HttpRequest, found: Wall, template: str, *, ancestors: str = "'none'"
) -> HttpResponse:
    language = language_of(request)
    only = request.GET.get("only", "")
    context: dict[str, Any] = {
        "wall": found,
        "intro": found.intros.get(language, ""),
        "shown": queries.shown_on(found, language=only if only in LANGUAGES else ""),
    }
    return pages.public(template, context, found.organisation, language, ancestors=ancestors)


def _wall(request: HttpRequest, slug: str) -> Wall:
    """The wall of an address. Raises Http404, and PermissionDenied for far too many at once."""
    if is_too_fast(request, "wall", per_minute=PER_MINUTE):
        raise PermissionDenied
    found = queries.find_public(slug)
    if found is None:
        raise Http404
    return found


def _tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """With a tag of what it says. It may be kept, never shown again without asking."""
    tag = rules.tag_of(response.content)
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        kept = {name: response.headers[name] for name in KEPT if name in response.headers}
        response = HttpResponse(status=304, headers=kept)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Vary"] = "Accept-Language"
    return response
