"""`gloed version`."""

from importlib.metadata import version as installed_version

import typer


def version() -> None:
    """Print the version of Gloed."""
    typer.echo(installed_version("gloed"))
