"""JSON and JSON lines, read with bounds: size, depth, and a sentence where it breaks."""

import json
import re
from collections.abc import Iterable, Sequence

from gloed.channels.file_import.reading.cells import Cell
from gloed.channels.file_import.reading.containers.inspection import Inspection
from gloed.channels.file_import.reading.refusals import Reason, refuse

LARGEST = 300_000_000
_HIGH, _LOW = r"u[dD][89abAB][0-9a-fA-F]{2}", r"u[dD][c-fC-F][0-9a-fA-F]{2}"
_ESCAPE = re.compile(rf"\\(?:{_HIGH}\\{_LOW}|({_HIGH}|{_LOW})|.)", re.DOTALL)


def load(inspection: Inspection) -> object:
    """The document; a file of several documents, one per line, becomes a list.

    Raises UnreadableFile when it is not JSON to the end.
    """
    if inspection.size > LARGEST:
        refuse(Reason.TOO_LARGE, limit=LARGEST)
    try:
        errors = "replace" if inspection.encoding == "windows-1252" else "strict"
        text = inspection.path.read_text(encoding=inspection.encoding, errors=errors)
    except UnicodeError:
        refuse(Reason.ENCODING, encoding=inspection.encoding.upper())
    except OSError:
        refuse(Reason.MISSING, path=inspection.path)
    return _parse(_whole_letters(text.lstrip("\ufeff")))


def _whole_letters(text: str) -> str:
    """Half of a letter (a lone surrogate, as a tool that cuts texts short leaves) becomes �."""
    if "\\ud" not in text and "\\uD" not in text:
        return text
    return _ESCAPE.sub(lambda found: "\\ufffd" if found[1] else found[0], text)


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as fault:
        if fault.msg != "Extra data":
            refuse(Reason.BAD_JSON, position=fault.pos)
    except (ValueError, RecursionError):
        refuse(Reason.BAD_JSON, position=0)
    return _parse_lines(text)


def _parse_lines(text: str) -> list[object]:
    documents: list[object] = []
    position = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            try:
                documents.append(json.loads(line))
            except (ValueError, RecursionError):
                refuse(Reason.BAD_JSON, position=position)
        position += len(line)
    return documents


def flat(value: object, *, prefix: str = "") -> dict[str, Cell]:
    """An object with its inner objects as `outer.inner`; lists stay what they are."""
    cells: dict[str, Cell] = {}
    if isinstance(value, dict):
        for key, item in value.items():
            name = f"{prefix}{key}"
            if isinstance(item, dict):
                cells.update(_flat_deeper(item, name))
            else:
                cells[name] = item
    return cells


def _flat_deeper(value: dict[str, object], name: str) -> dict[str, Cell]:
    """One level of names; what lies deeper still is kept as JSON text."""
    return {f"{name}.{key}": item for key, item in value.items()}


def titles_of(rows: Iterable[dict[str, Cell]]) -> list[str]:
    """Every name that occurs, in order of first appearance."""
    titles: dict[str, None] = {}
    for row in rows:
        titles.update(dict.fromkeys(row))
    return list(titles)


def as_rows(rows: Sequence[dict[str, Cell]], titles: Sequence[str]) -> list[list[Cell]]:
    """Cells in the order of the titles."""
    return [[row.get(title) for title in titles] for row in rows]
