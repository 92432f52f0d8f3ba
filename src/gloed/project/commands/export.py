"""`gloed export` and `gloed import-archive`: one organisation as one file."""

from pathlib import Path
from typing import Annotated

import typer

from gloed.project.refusals import Refused


def export(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file to make; it ends in .zip.")
    ],
    organisation: Annotated[
        str, typer.Option(help="The organisation; may be left out where there is only one.")
    ] = "",
) -> None:
    """Write everything of one organisation to a file, while Gloed runs."""
    from gloed.project.ready import set_up  # noqa: PLC0415 - Django is set up when needed

    set_up()
    from gloed.project import archives, preparing  # noqa: PLC0415 - needs Django set up

    if output.exists():
        raise Refused(f"{output} exists already; name another file.")
    preparing.prepare()
    typer.echo(archives.export(organisation, output))


def import_archive(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Made by `gloed export`.")],
    name: Annotated[str, typer.Option(help="What the organisation is called here.")] = "",
) -> None:
    """Bring the archive of an organisation in as a new one, whole or not at all."""
    from gloed.project.ready import set_up  # noqa: PLC0415 - Django is set up when needed

    set_up()
    from gloed.project import archives, preparing  # noqa: PLC0415 - needs Django set up

    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    preparing.prepare()
    typer.echo(archives.bring_in(file, name))
