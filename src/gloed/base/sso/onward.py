"""The step from our log-in page to a service elsewhere.

A browser follows no redirect to another site after a form of ours was sent: the page's policy says
that forms stay here. So a page in between goes on by itself, and has a link where that is off.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

from gloed.base.rendering import render_page


def onward(request: HttpRequest, response: HttpResponseBase, name: str) -> HttpResponseBase:
    """The page in between where a response leads elsewhere; any other response as it is."""
    there = response.headers.get("Location", "")
    if not there or url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()}):
        return response
    return go_on(request, there, name)


def go_on(request: HttpRequest, there: str, name: str) -> HttpResponse:
    """Go on to an address elsewhere."""
    page = render_page(request, "sso/onward.html", {"there": there, "name": name})
    page.headers["Cache-Control"] = "no-store"
    return page
