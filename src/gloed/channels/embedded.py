"""Scripts of ours that other websites load: packed once, kept by browsers for an hour."""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Packed:
    """A text ready to be sent, plain and packed, with what tells versions apart."""

    plain: bytes
    packed: bytes
    tag: str


@cache
def packed(file: Path) -> Packed:
    """A script of ours, without indentation and without the lines that only explain."""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    plain = "\n".join(line for line in lines if line and not line.startswith("//")).encode()
    return Packed(plain, gzip.compress(plain, 9, mtime=0), sha256(plain).hexdigest()[:16])


def served(request: HttpRequest, script: Packed) -> HttpResponse:
    """The script for any website: asked for again by its tag after an hour."""
    tag = f'"{script.tag}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        response = HttpResponse(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(script.packed, content_type="text/javascript; charset=utf-8")
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(script.plain, content_type="text/javascript; charset=utf-8")
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
