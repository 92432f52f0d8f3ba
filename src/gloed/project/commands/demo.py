"""`gloed demo`: the sample organisation in an installation of its own."""

import typer

from gloed.project.refusals import Refused


def demo() -> None:
    """Load the sample organisation if nobody is here yet, and print its log-in."""
    from gloed.project.ready import set_up  # noqa: PLC0415 - Django is set up when needed

    set_up()
    from gloed.project import preparing  # noqa: PLC0415 - needs Django set up

    preparing.prepare()
    if preparing.is_empty():
        typer.echo("Loading the sample organisation ...")
    log_in = preparing.sample_log_in(load=True)
    if not log_in:
        raise Refused(
            "Somebody uses this installation already. Load the sample from its own pages "
            "(Organisation, Sample), or name another folder with --data."
        )
    typer.echo(log_in)
    typer.echo("Start it with: gloed serve")
