"""`gloed serve`: everything in one process tree."""

import os
import subprocess
import time
from typing import Annotated

import typer

from gloed.project import configuration
from gloed.project.commands.options import HOST, PORT, Host, Port
from gloed.project.listening import answers, refuse_taken_port
from gloed.project.processes import Child, Family, gloed_command, say

PATIENCE = 60.0
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
NOT_SET = f"http://{HOST}:{PORT}"
"""The default of GLOED_BASE_URL, which is true on the default port only."""


def serve(
    host: Host = HOST,
    port: Port = PORT,
    demo: Annotated[
        bool, typer.Option("--demo", help="Load the sample organisation if nobody is here yet.")
    ] = False,
) -> None:
    """Prepare the database, then run web and worker together until Ctrl-C."""
    values = configuration.load()
    os.environ["GLOED_DATA"] = str(values["GLOED_DATA"])
    refuse_taken_port(host, port)
    if values["GLOED_BASE_URL"] == NOT_SET:
        os.environ["GLOED_BASE_URL"] = f"http://{HOST}:{port}"
    prepared = subprocess.run(  # noqa: S603 - our own command
        gloed_command("prepare", *(["--demo"] if demo else [])), check=False
    )
    if prepared.returncode:
        raise typer.Exit(prepared.returncode)
    family = Family(_children(host, port, workers=values["GLOED_WORKERS"]))
    family.stop_on_signals()
    for child in family.children:
        child.start()
    _wait_for_pages(family, host, port)
    if not family.stopping.is_set():
        say(f"Gloed is at http://{_shown(host)}:{port} (Ctrl-C stops it)")
        say(f"Everything it writes is in {values['GLOED_DATA']}")
        if host not in LOCAL and values["GLOED_BASE_URL"] == NOT_SET:
            say("Set GLOED_BASE_URL to the address that people use; no other is answered.")
    family.keep()
    say("Gloed has stopped.")


def _children(host: str, port: int, *, workers: int) -> list[Child]:
    parent = ["--parent", str(os.getpid())]
    web = gloed_command("web", "--host", host, "--port", str(port), *parent)
    worker = gloed_command("worker", *parent)
    return [
        Child("The web process", web),
        *(Child(f"Worker {number}", worker) for number in range(1, workers + 1)),
    ]


def _wait_for_pages(family: Family, host: str, port: int) -> None:
    """Wait until the web process answers; a web process that cannot start ends it all."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not family.stopping.is_set():
        if answers(host, port):
            return
        if not family.children[0].alive():
            family.end()
            say("The web process could not start; the lines above say why.")
            raise typer.Exit(1)
        time.sleep(0.05)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
