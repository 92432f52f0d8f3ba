"""`gloed restore DIR`."""

from pathlib import Path
from typing import Annotated

import typer


def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder made by `backup`.")],
) -> None:
    """Bring a backup into an empty data folder and database."""
    from gloed.project.ready import set_up  # noqa: PLC0415 - Django is set up when needed

    set_up()
    from gloed.project.backups import manifest as contents  # noqa: PLC0415 - likewise
    from gloed.project.backups.restoring import restore_backup  # noqa: PLC0415 - likewise
    from gloed.project.progress import bar  # noqa: PLC0415 - likewise

    manifest = contents.read(folder)
    with bar("Restoring", total=manifest.rows) as report:
        restore_backup(folder, report=report, manifest=manifest)
    typer.echo(
        f"Restored {manifest.rows} rows and {len(manifest.files)} files "
        f"of the backup made on {manifest.made_at[:10]}. `gloed serve` starts it."
    )
