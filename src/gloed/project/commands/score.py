"""`gloed score FILE`: the score of a file as it is; nothing is imported, nothing is kept."""

import json
from pathlib import Path
from typing import Annotated

import typer

from gloed.project.commands import file_options
from gloed.project.commands.options import Json
from gloed.project.refusals import Refused


def score(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file, as the tool wrote it.")],
    metric: file_options.Metric = "",
    score_column: file_options.ScoreColumn = "",
    time_column: file_options.TimeColumn = "",
    by: Annotated[
        list[str] | None,
        typer.Option("--by", metavar="C", help="Split by this column; may be said several times."),
    ] = None,
    timezone: file_options.Timezone = "",
    sheet: file_options.Sheet = "",
    options: file_options.Wishes = "",
    as_json: Json = False,
) -> None:
    """Say where a file stands: its score with interval, base, and what was left out and why."""
    from gloed.project.detached import use_no_installation  # noqa: PLC0415 - heavy, see below

    use_no_installation()
    from gloed.channels.file_report import scoring, wishes  # noqa: PLC0415 - scipy, 0.6 s
    from gloed.channels.file_report.as_json import as_object  # noqa: PLC0415 - likewise
    from gloed.project.score_table import print_score  # noqa: PLC0415 - only when a person reads

    said = wishes.Wishes(
        metric=metric,
        score_column=score_column,
        time_column=time_column,
        by=tuple(by or ()),
        timezone=timezone,
        sheet=sheet,
        options=options,
    )
    gathered = file_options.read_file(file, said, by=said.by, with_voices=False)
    try:
        found = scoring.score_file(gathered, wanted=metric.strip().casefold())
    except wishes.NoScore as problem:
        raise Refused(str(problem)) from None
    if as_json:
        typer.echo(json.dumps(as_object(found), ensure_ascii=False, allow_nan=False))
    else:
        print_score(found)
