"""`gloed import FILE`: answers from another tool's file into the record."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gloed.project.commands import file_options
from gloed.project.commands.options import Json
from gloed.project.refusals import Refused

if TYPE_CHECKING:
    from gloed.channels.file_import.reading import Options


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file, as the tool wrote it.")],
    survey: Annotated[
        str,
        typer.Option(
            metavar="S",
            help="The survey by title or id; a new one is made for a new title. "
            "By default named after the file.",
        ),
    ] = "",
    organisation: Annotated[
        str, typer.Option(metavar="O", help="By name; may be left out where there is one.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be imported; change nothing.")
    ] = False,
    as_json: Json = False,
    options: Annotated[
        str, typer.Option(metavar="JSON", help="What you decide about the file, as an object.")
    ] = "",
    score_column: Annotated[str, typer.Option(metavar="C", help="The column with the score.")] = "",
    time_column: Annotated[str, typer.Option(metavar="C", help="The column with the time.")] = "",
    metric: Annotated[
        str, typer.Option(metavar="M", help="What the score measures: nps, csat, ces, enps ...")
    ] = "",
    timezone: Annotated[
        str, typer.Option(metavar="Z", help="The zone of times that name none.")
    ] = "",
) -> None:
    """Put the answers of a file into the record: CSV, Excel, JSON, SPSS, Parquet of any tool."""
    wishes = wishes_from(
        options,
        score_column=score_column,
        time_column=time_column,
        metric=metric,
        timezone=timezone,
    )
    from gloed.channels.file_import.reading import (  # noqa: PLC0415 - numpy stays out of --help
        open_source,
        options_from,
    )

    folder = file.resolve().parent
    chosen = options_from(wishes, folder=folder)
    if dry_run:
        _say_what_would_come(file, chosen, as_json=as_json)
        return
    source = open_source(file, chosen)  # refuses before anything is made
    if not source.is_readable:
        with file_options.score_wanted():
            source.records()
    _bring_in(file, wishes, survey=survey, organisation=organisation, as_json=as_json)


def wishes_from(
    options: str, *, score_column: str, time_column: str, metric: str, timezone: str
) -> dict[str, Any]:
    """The options as one object; what has an option of its own on the line wins."""
    try:
        wishes = json.loads(options) if options else {}
    except ValueError as problem:
        raise Refused(f"--options is not JSON: {problem}. Write an object in quotes.") from None
    if not isinstance(wishes, dict):
        raise Refused('--options is not an object. Write {"timezone": "Europe/Amsterdam"}.')
    mapping = dict(wishes.get("mapping") or {})
    if score_column:
        mapping[metric.strip().casefold() or "score"] = score_column
    if time_column:
        mapping["time"] = time_column
    if mapping:
        wishes["mapping"] = mapping
    if metric:
        wishes["metric"] = metric
    if timezone:
        wishes["timezone"] = timezone
    return wishes


def _say_what_would_come(file: Path, options: "Options", *, as_json: bool) -> None:
    from gloed.channels.file_import.reading import (  # noqa: PLC0415 - numpy stays out of --help
        open_source,
        tally,
    )

    with file_options.score_wanted():
        figures: Any = tally(open_source(file, options))
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    typer.echo(f"Recognised as {figures['format']}.")
    if "rows" not in figures:
        typer.echo("It holds the structure of a survey and no answers.")
        return
    typer.echo(f"{figures['imported']:,} of {figures['rows']:,} rows would be imported.")
    for line in _left_out(figures):
        typer.echo(line)
    for name, metric in figures["metrics"].items():
        typer.echo(f"  {name.upper()}: {metric['scored']:,} scores")
    typer.echo("Where they stand, with the interval: gloed score FILE")


def _bring_in(
    file: Path, wishes: dict[str, Any], *, survey: str, organisation: str, as_json: bool
) -> None:
    from gloed.project.ready import set_up  # noqa: PLC0415 - Django is set up when needed

    set_up()
    from gloed.channels.file_import import in_process  # noqa: PLC0415 - needs Django set up
    from gloed.project import preparing  # noqa: PLC0415 - likewise
    from gloed.project.progress import bar  # noqa: PLC0415 - likewise

    preparing.prepare()
    try:
        house = in_process.find_organisation(organisation)
        begun = in_process.make_ready(
            file,
            organisation=house,
            survey=survey,
            options=wishes,
            folder=file.resolve().parent,
            tell=lambda text: typer.echo(text, err=True),
        )
        with bar("Importing", total=int(begun.plan["rows"])) as advance:
            done = in_process.finish(begun, report=_advancing(advance))
    except in_process.NotImported as problem:
        raise Refused(str(problem)) from None
    counts = done.of_import.counts
    if as_json:
        surveys = [{"title": title, "id": public_id} for title, public_id in done.surveys]
        typer.echo(json.dumps({"import": str(begun.public_id), **counts, "surveys": surveys}))
        return
    typer.echo(_report(counts, [title for title, _id in done.surveys], house.name))


def _advancing(advance: Callable[[int], None]) -> Callable[[int, int | None], None]:
    at = 0

    def report(done: int, _total: int | None) -> None:
        nonlocal at
        advance(done - at)
        at = done

    return report


def _left_out(counts: dict[str, Any]) -> list[str]:
    """What was skipped, and what of the imported rows could not be read, in words."""
    from gloed.project.left_out import left_out  # noqa: PLC0415 - numpy stays out of --help

    lines = left_out(counts.get("skipped", {}), counts.get("warnings", {}))
    return [f"  {line}" for line in lines]


def _report(counts: dict[str, Any], surveys: list[str], organisation: str) -> str:
    """What became of the rows, in a few lines."""
    first = (
        f"{counts.get('imported', 0):,} of {counts.get('rows', 0):,} rows are in"
        f" {' and '.join(surveys)} of {organisation}:"
        f" {counts.get('new', 0):,} new, {counts.get('updated', 0):,} updated,"
        f" {counts.get('unchanged', 0):,} known already."
    )
    lines = [first, *_left_out(counts)]
    if counts.get("refused"):
        lines.append(f"  answers that fit no question: {counts['refused']:,}")
    return "\n".join(lines)
