"""The script that draws figures, served by ourselves: made once, kept in the data folder."""

import gzip
import threading
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from gloed.analysis import drawing
from gloed.base.policy import public_page

DAY = 24 * 60 * 60
MAKING = threading.Lock()


@require_GET
@public_page("a script without any data; pages without a log-in may hold figures too")
def vega_bundle(request: HttpRequest) -> HttpResponse:
    """Vega, Vega-Lite and their embedding."""
    tag = f'"{_version()}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(_packed().read_bytes(), content_type="text/javascript")
        response["Content-Encoding"] = "gzip"
    else:
        script = gzip.decompress(_packed().read_bytes())
        response = HttpResponse(script, content_type="text/javascript")
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={DAY}"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _packed() -> Path:
    """The packed script in the data folder; made at the first request, in a process of its own."""
    path = Path(settings.DATA) / "figures" / f"vega-{_version()}.js.gz"
    if not path.exists():
        with MAKING:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                fresh = path.with_suffix(f".{threading.get_ident()}")
                fresh.write_bytes(gzip.compress(drawing.vega_bundle(), 9, mtime=0))
                fresh.replace(path)
    return path


def _version() -> str:
    return version("vl-convert-python")
