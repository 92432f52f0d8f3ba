"""`gloed backup DIR`."""

from pathlib import Path
from typing import Annotated

import typer


def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is made for it.")],
) -> None:
    """Copy everything to a folder, while Gloed runs: the record, uploads, the signing key."""
    from gloed.project.ready import set_up  # noqa: PLC0415 - Django is set up when needed

    set_up()
    from gloed.project.backups.making import count_rows, make_backup  # noqa: PLC0415 - likewise
    from gloed.project.progress import bar  # noqa: PLC0415 - likewise

    with bar("Copying", total=count_rows()) as report:
        manifest = make_backup(folder, report=report)
    typer.echo(
        f"{folder} holds {manifest.rows} rows of {len(manifest.tables)} tables and "
        f"{len(manifest.files)} files, with the signing key: keep it as safe as the original."
    )
