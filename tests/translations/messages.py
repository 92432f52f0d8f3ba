"""Which sentences each room translates, read from its Python and its templates."""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file, extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).parents[2] / "src" / "gloed"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def rooms() -> list[Path]:
    """The folders that hold translations of their own: every Django app of ours."""
    return sorted(path.parent for path in SOURCE.rglob("apps.py"))


def sentences_of(room: Path) -> set[str]:
    """Every message of a room's own files, rooms inside it left out."""
    inner = [other for other in rooms() if other != room and other.is_relative_to(room)]
    found: set[str] = set()
    for path in sorted(path for folder in _folders_of(room) for path in folder.rglob("*")):
        if any(path.is_relative_to(other) for other in inner):
            continue
        if path.suffix == ".py":
            found |= {_first(message) for message in _from_python(path)}
        elif path.suffix in (".html", ".txt", ".svg") and "templates" in path.parts:
            found |= {_first(message) for message in _from_template(path)}
    return found


def _folders_of(room: Path) -> list[Path]:
    """The room, and for `connectors` the folders of outside systems, which are no rooms."""
    if room.name != "connectors":
        return [room]
    beside = (path for path in room.parent.iterdir() if path.is_dir())
    return [room, *(path for path in beside if path not in rooms() and path.name[0] != "_")]


def catalogue_of(room: Path, language: str) -> Catalog:
    """The translations of a room; empty where it has none."""
    path = room / "locale" / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as handle:
        return read_po(handle, locale=language)


def _first(message: str | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]


def _from_python(path: Path) -> Iterator[str | tuple[str, ...]]:
    for _line, message, _comments, _context in extract_from_file("python", path, KEYWORDS):
        yield message


def _from_template(path: Path) -> Iterator[str | tuple[str, ...]]:
    found = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    code = "\n".join(line.strip() for line in found.splitlines())  # its indentation is no Python's
    stream = io.BytesIO(code.encode())
    for _line, name, messages, _comments in extract_python(stream, KEYWORDS, [], {}):
        texts = messages if isinstance(messages, tuple) else (messages,)
        if name in ("pgettext", "npgettext"):
            texts = texts[1:]
        if texts and texts[0]:
            yield texts[0]
