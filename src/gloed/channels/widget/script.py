"""The script of the widget as it is served: our own file, packed once."""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Packed:
    """A text ready to be sent, plain and packed, with what tells versions apart."""

    plain: bytes
    packed: bytes
    tag: str


@cache
def script() -> Packed:
    """The script, without indentation and without the lines that only explain."""
    text = (Path(__file__).parent / "widget.js").read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    plain = "\n".join(line for line in lines if line and not line.startswith("//")).encode()
    return Packed(plain, gzip.compress(plain, 9, mtime=0), sha256(plain).hexdigest()[:16])
