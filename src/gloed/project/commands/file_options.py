"""Options of the verbs that read a file without importing it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from gloed.project.refusals import Refused

Metric = Annotated[
    str,
    typer.Option(
        "--metric",
        metavar="M",
        help="What the score measures: nps, csat, ces, enps, stars or thumbs. "
        "By default the file's own words and numbers say it.",
    ),
]
ScoreColumn = Annotated[
    str, typer.Option("--score-column", metavar="C", help="The column with the score.")
]
TimeColumn = Annotated[
    str, typer.Option("--time-column", metavar="C", help="The column with the time.")
]
Timezone = Annotated[
    str,
    typer.Option(
        "--timezone", metavar="Z", help="The zone of times that name none, and of the days."
    ),
]
Sheet = Annotated[str, typer.Option("--sheet", metavar="S", help="The sheet of a workbook.")]
Wishes = Annotated[
    str,
    typer.Option(
        "--options", metavar="JSON", help="What else you decide about the file, as an object."
    ),
]


def read_file(file: Any, wishes: Any, *, by: Any = None, with_voices: bool = True) -> Any:
    """Open and gather a file with a progress bar; what cannot be read is refused in a sentence."""
    from gloed.channels.file_report.gathering import gather  # noqa: PLC0415 - numpy, only here
    from gloed.channels.file_report.wishes import (  # noqa: PLC0415 - likewise
        NoScore,
        open_as_wished,
    )
    from gloed.project.progress import bar  # noqa: PLC0415 - rich likewise

    try:
        with score_wanted():
            source, options = open_as_wished(file, wishes)
            with bar("Reading", total=None) as advance:
                return gather(source, options, by=by, with_voices=with_voices, advance=advance)
    except NoScore as problem:
        raise Refused(str(problem)) from None


@contextmanager
def score_wanted() -> Iterator[None]:
    """Name the option for a file in which no score was recognised."""
    from gloed.channels.file_import.reading import (  # noqa: PLC0415 - numpy stays out of --help
        Reason,
        UnreadableFile,
    )

    try:
        yield
    except UnreadableFile as problem:
        if problem.reason is Reason.NO_SCORE_COLUMN:
            raise Refused(f"{problem.message} Use --score-column C.") from None
        raise
