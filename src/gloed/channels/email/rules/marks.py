"""The few marks in the text of a mail: **bold**, [words](https://address), lines and paragraphs."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

_MARK = re.compile(
    r"\*\*(?P<bold>[^*\n]+)\*\*"
    r"|\[(?P<words>[^\[\]\n]{1,120})\]\((?P<address>(?:https?://|mailto:|tel:)[^\s()<>\"']{1,500})\)"
)
_GAP = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Run:
    """Words that look the same; with an address they are a link."""

    text: str
    is_bold: bool = False
    address: str = ""


Line = tuple[Run, ...]
Paragraph = tuple[Line, ...]


def paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text, each as lines of runs; an empty line parts two paragraphs."""
    whole = text.replace("\r\n", "\n").strip()
    if not whole:
        return ()
    return tuple(tuple(map(runs_of, part.split("\n"))) for part in _GAP.split(whole))


def runs_of(line: str) -> Line:
    """One line in runs; what is no whole mark stays as it was written.

    >>> [run.text for run in runs_of("See **this** [page](https://a.nl)!")]
    ['See ', 'this', ' ', 'page', '!']
    """
    found, end = [], 0
    for match in _MARK.finditer(line):
        if match.start() > end:
            found.append(Run(line[end : match.start()]))
        if match["bold"]:
            found.append(Run(match["bold"], is_bold=True))
        else:
            found.append(Run(match["words"], address=match["address"]))
        end = match.end()
    if end < len(line):
        found.append(Run(line[end:]))
    return tuple(found)


def as_plain(paragraphs: Iterable[Paragraph]) -> str:
    """Paragraphs as plain text; a link says where it leads.

    >>> as_plain(paragraphs_of("Read **all** of [it](https://a.nl)"))
    'Read all of it (https://a.nl)'
    """
    return "\n\n".join(
        "\n".join("".join(map(_plain, line)) for line in paragraph) for paragraph in paragraphs
    )


def changed(paragraphs: Iterable[Paragraph], change: Callable[[str], str]) -> tuple[Paragraph, ...]:
    """The same paragraphs with the words of every run changed; addresses stay as they are."""
    return tuple(
        tuple(tuple(replace(run, text=change(run.text)) for run in line) for line in paragraph)
        for paragraph in paragraphs
    )


def _plain(run: Run) -> str:
    if not run.address or run.address == run.text:
        return run.text
    return f"{run.text} ({run.address.removeprefix('mailto:').removeprefix('tel:')})"
