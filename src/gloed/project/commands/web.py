"""`gloed web`: the pages, for installations that run web and worker apart."""

import typer

from gloed.project import configuration
from gloed.project.commands.options import HOST, PORT, Host, Parent, Port
from gloed.project.listening import refuse_taken_port
from gloed.project.processes import end_with_parent

LONGEST = 600  # seconds; the server takes no more


def web(host: Host = HOST, port: Port = PORT, parent: Parent = 0) -> None:
    """Serve the pages only. Run `gloed prepare` first and `gloed worker` beside it."""
    values = configuration.load()
    refuse_taken_port(host, port)
    from granian import Granian  # noqa: PLC0415 - only this verb needs the server
    from granian.constants import Interfaces, RuntimeModes  # noqa: PLC0415 - likewise
    from granian.log import LogLevels  # noqa: PLC0415 - likewise

    if parent:
        end_with_parent(parent)
    else:
        typer.echo(f"Gloed's pages are at http://{host}:{port}")
    Granian(
        "gloed.project.serving:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=values["GLOED_WEB_PROCESSES"],
        blocking_threads=values["GLOED_WEB_THREADS"],
        # Threads that come and go, and a runtime on threads of its own, end now and then in a
        # crash while Python takes a thread down. Ours stay longest, and there is one runtime.
        blocking_threads_idle_timeout=LONGEST,
        runtime_mode=RuntimeModes.st,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        log_level=LogLevels.error,
        websockets=False,
    ).serve()
