"""Drawing outside the web process, which must stay small: the converter needs 200 MB.

Run as a process of its own: `python -m gloed.analysis.drawing bundle` writes Vega for the browser,
`… svgs` reads specifications and writes their drawings, `… png` writes a picture in base64.
"""

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Final

LIMIT_SECONDS: Final = 60
LOCALES: Final = {"nl": "nl-NL"}
"""By language; English is what the converter writes by itself."""


class CannotDraw(Exception):
    """The drawing process failed; its words are the text."""


def vega_bundle() -> bytes:
    """Vega, Vega-Lite and their embedding as one script for the browser."""
    return _drawn("bundle", b"")


def svg(spec: dict[str, Any], *, language: str = "en", width: int = 640) -> bytes:
    """A figure as SVG; numbers and dates on its axes are written as in `language`."""
    return svgs([{"width": width, **spec}], language=language)[0].encode()


def png(spec: dict[str, Any], *, language: str = "en", width: int = 640) -> bytes:
    """A figure as PNG on white paper, twice as fine as its size says; in `language` likewise."""
    fine = {"width": width, **spec}
    fine["config"] = {**fine.get("config", {}), "background": "white"}
    return base64.b64decode(_drawn("png", _given([fine], language)))


def svgs(specs: Sequence[dict[str, Any]], *, language: str = "en") -> list[str]:
    """Many figures as SVG, drawn by one process; each says its own width.

    Numbers and dates on the axes are written as in `language`.
    """
    drawn: list[str] = json.loads(_drawn("svgs", _given(specs, language)))
    return drawn


def _given(specs: Sequence[dict[str, Any]], language: str) -> bytes:
    """What the drawing process reads."""
    locale = LOCALES.get(language.partition("-")[0])
    return json.dumps({"specs": list(specs), "locale": locale}).encode()


def _drawn(what: str, given: bytes) -> bytes:
    done = subprocess.run(  # noqa: S603 - our own module, no words of a user among the arguments
        [sys.executable, "-m", "gloed.analysis.drawing", what],
        input=given,
        capture_output=True,
        check=False,
        timeout=LIMIT_SECONDS,
    )
    if done.returncode:
        raise CannotDraw(done.stderr.decode(errors="replace")[-500:])
    return done.stdout


def main() -> None:
    """The drawing process itself."""
    # 120 MB and a JavaScript engine: only in this process
    import vl_convert  # noqa: PLC0415

    if sys.argv[1] == "bundle":
        bundle: Any = vl_convert.javascript_bundle  # its stub asks for an argument too many
        drawn = bundle()
    else:
        given = json.load(sys.stdin.buffer)
        named = dict.fromkeys(("format_locale", "time_format_locale"), given["locale"])
        if sys.argv[1] == "png":
            made = vl_convert.vegalite_to_png(given["specs"][0], scale=2, **named)
            drawn = base64.b64encode(made).decode()
        else:
            drawn = json.dumps([vl_convert.vegalite_to_svg(s, **named) for s in given["specs"]])
    sys.stdout.buffer.write(drawn.encode())


if __name__ == "__main__":
    main()
