"""Options that several verbs share."""

from typing import Annotated

import typer

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)]
Parent = Annotated[int, typer.Option(hidden=True)]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

HOST = "127.0.0.1"
PORT = 8000
