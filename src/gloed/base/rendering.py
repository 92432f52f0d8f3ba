"""One way to answer with a page: whole, or only the region that htmx asks for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    region: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or its partial `region` when htmx targets the element of that id.

    The target is compared, not "is htmx": boosted links and history restores get the whole page.
    """
    htmx = getattr(request, "htmx", None)
    name = template
    if region and htmx and htmx.target == region and not htmx.history_restore_request:
        name = f"{template}#{region}"
    response = render(request, name, context or {}, status=status)
    if region:
        patch_vary_headers(response, ["HX-Request", "HX-Target", "HX-History-Restore-Request"])
    return response
