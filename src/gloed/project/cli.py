"""The `gloed` command. Each verb is a function in `commands`; it imports Django only when it runs.

To add a verb, write `commands/<verb>.py` with one function and add it to VERBS.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from gloed.project.commands import (
    admin,
    backup,
    demo,
    doctor,
    export,
    import_,
    key,
    mcp,
    report,
    restore,
    score,
    serve,
    themes,
    version,
    web,
    worker,
)
from gloed.project.commands import prepare as preparing
from gloed.project.refusals import is_refusal, sentence

VERBS = (
    serve.serve,
    web.web,
    worker.worker,
    preparing.prepare,
    demo.demo,
    score.score,
    report.report,
    themes.themes,
    import_.import_,
    export.export,
    export.import_archive,
    doctor.doctor,
    backup.backup,
    restore.restore,
    mcp.mcp,
    version.version,
)

app = typer.Typer(
    name="gloed",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def gloed(
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The folder that holds all that Gloed writes (or GLOED_DATA; else ./gloed-data). "
            "May stand anywhere on the line.",
        ),
    ] = None,
) -> None:
    """Ask customers, score honestly, find out why, improve, and keep at it."""


for verb in VERBS:
    app.command(verb.__name__.rstrip("_").replace("_", "-"))(verb)
app.add_typer(admin.app, name="admin")
app.add_typer(key.app, name="key")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one verb; the entry point of the installed command."""
    words = take_data_option(list(sys.argv[1:] if arguments is None else arguments))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gloed.project.settings")
    try:
        sys.exit(app(words, prog_name="gloed", standalone_mode=False))
    except typer.Abort:
        typer.echo("Stopped at the question; nothing was changed.", err=True)
        sys.exit(1)
    except Exception as problem:
        if hasattr(problem, "format_message"):
            typer.echo(_misunderstood(problem), err=True)
        elif is_refusal(problem):
            typer.echo(sentence(problem), err=True)
        else:
            raise
        sys.exit(2)


def _misunderstood(problem: Any) -> str:
    """What to say of a line that cannot be read: what is wrong with it, and where help stands."""
    said, context = problem.format_message(), getattr(problem, "ctx", None)
    if context is None or said.startswith("Usage:"):  # the help itself
        return str(said)
    return f"{said}\n{context.get_usage()}\nMore: {context.command_path} -h"


def take_data_option(words: list[str]) -> list[str]:
    """Move `--data DIR` from anywhere on the line into the environment, before settings load."""
    rest: list[str] = []
    given = iter(words)
    for word in given:
        if word == "--":
            return [*rest, word, *given]
        name, sign, value = word.partition("=")
        if name != "--data":
            rest.append(word)
            continue
        folder = value if sign else next(given, "")
        if not folder:
            return [*rest, word]  # the parser says what is missing
        os.environ["GLOED_DATA"] = folder
    return rest


if __name__ == "__main__":
    main()
