"""`gloed themes FILE`: what the open answers of a file say; nothing is imported, nothing kept."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gloed.project.commands.options import Json
from gloed.project.refusals import Refused

if TYPE_CHECKING:
    from gloed.text.coding import Answer

_TABLE = 25


def themes(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file, as the tool wrote it.")],
    text_column: Annotated[
        str, typer.Option(metavar="C", help="The column with the answers in words.")
    ] = "",
    score_column: Annotated[str, typer.Option(metavar="C", help="The column with the score.")] = "",
    language: Annotated[
        str,
        typer.Option(
            metavar="L",
            help="The language of all answers, such as nl; auto looks at each.",
        ),
    ] = "auto",
    pack: Annotated[
        list[str] | None,
        typer.Option(
            "--pack", metavar="P", help="An industry's themes as well; may be said several times."
        ),
    ] = None,
    codebook: Annotated[
        Path | None,
        typer.Option(metavar="TOML", help="A codebook of your own in place of Gloed's."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what open answers are about, how it sounds, what it costs or brings, and what is new."""
    _check_language(language)
    from gloed.project.progress import bar  # noqa: PLC0415 - rich stays out of --help
    from gloed.text.coding import code  # noqa: PLC0415 - numpy and dictionaries likewise
    from gloed.text.matcher import Matcher  # noqa: PLC0415 - likewise
    from gloed.text.summary import summarise  # noqa: PLC0415 - likewise

    book = _codebook(codebook, pack or [])
    answers = _answers(file, text_column, score_column)
    start = time.perf_counter()
    with bar("Reading answers", total=len(answers)) as advance:
        coding = code(answers, Matcher(book), language=language, advance=advance)
        found = summarise(coding, book)
    taken = max(time.perf_counter() - start, 1e-9)
    typer.echo(
        f"{len(answers):,} answers in {taken:.1f} s: {len(answers) / taken:,.0f} a second.",
        err=True,
    )
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, allow_nan=False))
    else:
        _print(found)


def _check_language(language: str) -> None:
    from gloed.text.languages import CANDIDATES  # noqa: PLC0415 - numpy stays out of --help

    if language != "auto" and language not in CANDIDATES:
        known = ", ".join(CANDIDATES)
        raise Refused(f"{language} is not a language that is known. Say auto, or one of {known}.")


def _codebook(file: Path | None, packs: list[str]) -> Any:
    from gloed.text.codebook_files import (  # noqa: PLC0415 - only when the verb runs
        BadCodebook,
        read_codebook,
        shipped_codebook,
    )

    try:
        if file is None:
            return shipped_codebook(*packs)
        if packs:
            raise Refused("Say --pack or --codebook, not both: a codebook of your own is whole.")
        return read_codebook(file.read_text(encoding="utf-8"))
    except BadCodebook as problem:
        raise Refused(str(problem)) from None
    except (OSError, UnicodeDecodeError) as problem:
        why = getattr(problem, "strerror", None) or "it is not text in UTF-8"
        raise Refused(f"{file} cannot be read: {why}.") from None


def _answers(file: Path, text_column: str, score_column: str) -> list["Answer"]:
    """The answers in words of a file, with the score of its main metric where it has one."""
    from gloed.channels.file_import.reading import (  # noqa: PLC0415 - numpy stays out of --help
        Record,
        open_source,
        options_from,
    )
    from gloed.project.progress import bar  # noqa: PLC0415 - likewise
    from gloed.text.coding import Answer  # noqa: PLC0415 - likewise

    said = {"comment": text_column, "score": score_column}
    mapping = {target: column for target, column in said.items() if column}
    source = open_source(file, options_from({"mapping": mapping}, folder=file.resolve().parent))
    answers = []
    with bar("Opening", total=None) as advance:
        for item in source.records():
            advance(1)
            if not isinstance(item, Record) or not (item.comment or "").strip():
                continue
            scored = next((a for a in item.answers if a.score is not None), None)
            answers.append(
                Answer(
                    row=item.row,
                    text=item.comment or "",
                    score=scored.score if scored else None,
                    scale=scored.scale if scored else (0, 10),
                    language=_language_of(item.language),
                )
            )
    if not answers:
        raise Refused(
            f"{file.name} holds no answers in words. Name their column with --text-column C."
        )
    return answers


def _language_of(said: str | None) -> str | None:
    """The language that a file names, as two letters; None where it is none that is known."""
    from gloed.text.languages import CANDIDATES  # noqa: PLC0415 - numpy stays out of --help

    short = (said or "").strip().lower().replace("_", "-").split("-")[0]
    return short if short in CANDIDATES else None


def _print(found: dict[str, Any]) -> None:
    """The themes as a table, and what may be a theme."""
    from rich.console import Console  # noqa: PLC0415 - only when a person reads
    from rich.table import Table  # noqa: PLC0415 - likewise

    console = Console()
    spoken = ", ".join(f"{count:,} {name}" for name, count in found["languages"].items())
    console.print(f"{found['answers']:,} answers in words ({spoken}).")
    table = Table("theme", box=None, pad_edge=False)
    for head in ("answers", "share", "bad", "good", "points"):
        table.add_column(head, justify="right")
    for theme in found["themes"][:_TABLE]:
        sounds, impact = theme["polarity_text"], theme["impact"]
        points = (
            f"{impact['value']:+.1f} ({impact['low']:+.1f} to {impact['high']:+.1f})"
            if impact
            else ""
        )
        table.add_row(
            theme["name"],
            f"{theme['count']:,}",
            f"{theme['share']:.0%}",
            f"{sounds['neg']:,}",
            f"{sounds['pos']:,}",
            points,
        )
    console.print(table)
    for suggestion in found["suggestions"][:5]:
        console.print(f"Perhaps a theme: {suggestion['name']} ({suggestion['count']:,} answers)")
