"""`gloed prepare`: what `serve` does before it starts."""

from typing import Annotated

import typer


def prepare(
    demo: Annotated[
        bool, typer.Option("--demo", help="Load the sample organisation if nobody is here yet.")
    ] = False,
) -> None:
    """Make the data folder and bring the database up to date."""
    from gloed.project.ready import set_up  # noqa: PLC0415 - Django is set up when needed

    set_up()
    from gloed.project import preparing  # noqa: PLC0415 - needs Django set up

    count = preparing.prepare()
    if count:
        applied = "1 migration" if count == 1 else f"{count} migrations"
        typer.echo(f"The database is up to date: {applied} applied.")
    if demo and preparing.is_empty():
        typer.echo("Loading the sample organisation ...")
    if demo and (log_in := preparing.sample_log_in(load=True)):
        typer.echo(log_in)
