"""`gloed mcp`: assistants ask our numbers."""

import importlib.util
import os
from pathlib import Path
from typing import Annotated

import typer

from gloed.project.refusals import Refused

KEY = "GLOED_API_KEY"


def mcp(
    http: Annotated[
        bool, typer.Option("--http", help="Listen on this machine instead of standard input.")
    ] = False,
    port: Annotated[int, typer.Option(help="Where to listen with --http.", min=1, max=65535)] = (
        8787
    ),
    key_file: Annotated[
        Path | None,
        typer.Option(help=f"A file that holds the key alone (or {KEY}); without --http only."),
    ] = None,
) -> None:
    """Let an assistant read scores, changes, themes and cases, as far as its key goes."""
    key = _key(key_file)
    if importlib.util.find_spec("mcp") is None:
        raise Refused("This needs one thing more: pip install 'gloed[mcp]'.")
    from gloed.project.ready import set_up  # noqa: PLC0415 - Django is set up when needed

    set_up()
    from gloed.integrations.mcp import running  # noqa: PLC0415 - the SDK is heavy
    from gloed.project.preparing import pending_migrations  # noqa: PLC0415 - needs Django set up

    if pending_migrations():
        raise Refused("The tables are not up to date; run `gloed prepare` first.")
    if http:
        typer.echo(f"Assistants reach Gloed at http://127.0.0.1:{port}/mcp", err=True)
        running.over_http("127.0.0.1", port)
        return
    from gloed.integrations.mcp.access import is_living  # noqa: PLC0415 - needs Django set up

    if not is_living(key):
        raise Refused(f"Give a living key in {KEY} or --key-file; `gloed key create` prints one.")
    running.over_stdio(key)


def _key(file: Path | None) -> str:
    """The key; it is taken out of the environment, so that nothing started here inherits it."""
    given = os.environ.pop(KEY, "").strip()
    if file is None:
        return given
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Refused(f"The file {file} cannot be read.") from None
