"""The script that embeds a wall as it is served: our own file, packed once."""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path

from gloed.channels.widget.script import Packed


@cache
def script() -> Packed:
    """The script, without indentation and without the lines that only explain."""
    text = (Path(__file__).parent / "embed.js").read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    plain = "\n".join(line for line in lines if line and not line.startswith("//")).encode()
    return Packed(plain, gzip.compress(plain, 9, mtime=0), sha256(plain).hexdigest()[:16])
