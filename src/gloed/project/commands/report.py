"""`gloed report FILE -o report.html`: the scores of a file as one page that loads nothing."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from gloed.project.commands import file_options
from gloed.project.refusals import Refused

LANGUAGES = ("en", "nl")


def report(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file, as the tool wrote it.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="HTML", help="The file to write.")
    ],
    metric: file_options.Metric = "",
    score_column: file_options.ScoreColumn = "",
    time_column: file_options.TimeColumn = "",
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="C",
            help="Split by this column; may be said several times. "
            "By default every column that makes sense.",
        ),
    ] = None,
    timezone: file_options.Timezone = "",
    sheet: file_options.Sheet = "",
    options: file_options.Wishes = "",
    language: Annotated[
        str, typer.Option("--language", metavar="L", help="nl or en; by default the system's.")
    ] = "",
    title: Annotated[str, typer.Option("--title", metavar="T", help="The headline.")] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite the file if it is there.")
    ] = False,
) -> None:
    """Make a report of a file to send on: score, course, groups, words and what is not known."""
    chosen = language_of(language)
    _refuse_output(output, file, force=force)
    from gloed.project.detached import set_up_without_installation  # noqa: PLC0415 - see below

    set_up_without_installation()
    from django.utils import translation  # noqa: PLC0415 - Django is set up when needed

    from gloed.channels.file_report import wishes  # noqa: PLC0415 - heavy: only when it runs
    from gloed.channels.file_report.rendering import render  # noqa: PLC0415 - likewise
    from gloed.channels.file_report.reports import report_of  # noqa: PLC0415 - likewise

    said = wishes.Wishes(
        metric=metric,
        score_column=score_column,
        time_column=time_column,
        by=tuple(by or ()),
        timezone=timezone,
        sheet=sheet,
        options=options,
    )
    gathered = file_options.read_file(file, said, by=said.by or None)
    with translation.override(chosen):
        try:
            made = report_of(
                gathered,
                wanted=metric.strip().casefold(),
                title=title,
                today=datetime.now().astimezone().date(),
                is_chosen=bool(said.by),
            )
        except wishes.NoScore as problem:
            raise Refused(str(problem)) from None
        page = render(made)
    write_whole(output, page, force=force)
    typer.echo(f"{output}: {made.main.measure.label} from {made.main.estimate.n:,.0f} answers.")


def language_of(said: str) -> str:
    """The language of a report: the one that was said, else the system's, else English."""
    if said and said not in LANGUAGES:
        raise Refused(f"{said} is not a language of reports. Choose from {', '.join(LANGUAGES)}.")
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    system = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return said or ("nl" if system.lower().startswith("nl") else "en")


def write_whole(path: Path, text: str, *, force: bool) -> None:
    """Write a file in one step: a reader sees the old one or the new one, never half of it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("x", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if force:
            beside.replace(path)
        else:
            _put_where_nothing_is(beside, path)
    except FileExistsError:
        raise Refused(_exists(path)) from None
    except OSError as problem:
        raise Refused(f"{path} cannot be written: {problem.strerror}.") from None
    finally:
        beside.unlink(missing_ok=True)


def _put_where_nothing_is(beside: Path, path: Path) -> None:
    try:
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        if path.exists():
            raise FileExistsError(path) from None
        beside.replace(path)


def _refuse_output(output: Path, file: Path, *, force: bool) -> None:
    """Say before the work what would go wrong after it."""
    if output.is_dir():
        raise Refused(f"{output} is a folder. Name a file in it, such as {output / 'report.html'}.")
    if not output.parent.is_dir():
        raise Refused(f"There is no folder {output.parent}. Make it first, or name another one.")
    if output.exists() and file.exists() and output.samefile(file):
        raise Refused("The report would overwrite the answers. Name another file with -o.")
    if output.exists() and not force:
        raise Refused(_exists(output))


def _exists(path: Path) -> str:
    return f"{path} is there already. Name another file, or say --force to overwrite it."
